"""The SQL that Spark gets is SQL that Spark understands; no Spark is needed to know.

Whether it gives the same results is what `make spark` finds out.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from dbt.cli.main import dbtRunner
from helpers.project import ROOT
from helpers.spark import pretended_spark
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

# Every function that Spark 4.3 lists (`show functions`).
FUNCTIONS = set((Path(__file__).parent / "spark_functions.txt").read_text("utf-8").split())
# Other words that stand before a parenthesis.
WORDS = {
    *("and", "as", "by", "else", "from", "group", "in", "join", "not", "on", "or", "over"),
    *("select", "then", "try_cast", "using", "values", "when", "where"),
}
# As sqlglot calls them: to it, most timestamps of Spark are instants.
TYPES = {
    "bigint",
    "boolean",
    "date",
    "decimal",
    "double",
    "int",
    "text",
    "timestamp",
    "timestamptz",
}


@cache
def problems(sql: str) -> list[str]:
    """What Spark would not understand, as far as a parser can know."""
    try:
        (statement,) = sqlglot.parse(sql, dialect="spark")
    except sqlglot.errors.SqlglotError as error:
        return [f"no Spark SQL: {str(error).splitlines()[0]}"]
    types = {cast.to.this.value.lower() for cast in statement.find_all(exp.Cast)}
    # The parser takes it for a text; Spark wants its length.
    types |= set(re.findall(r"\bvarchar\b", sql.lower()))
    return [
        *[f"no function of Spark: {name}" for name in sorted(called(sql) - FUNCTIONS)],
        *[f"no type that both engines have: {each}" for each in sorted(types - TYPES)],
    ]


def called(sql: str) -> set[str]:
    """Names that stand before a parenthesis: the parser takes other engines' for Spark's."""
    tokens: list[Token] = sqlglot.tokenize(sql, dialect="spark")
    names = {
        token.text.lower()
        for token, following in pairwise(tokens)
        if following.token_type == TokenType.L_PAREN and re.fullmatch(r"[A-Za-z_]\w*", token.text)
    }
    return names - WORDS


class Compiled:
    """The project as dbt compiles it for Spark: from nothing, or in a night."""

    def __init__(self, folder: Path, is_night: bool) -> None:
        self.is_night = is_night
        flags = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        folders = ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
        target = ["--target", "spark", "--target-path", str(folder), "--no-introspect"]
        # What a night builds as ever is compiled in full already.
        selection = ["--select", "config.materialized:incremental"] if is_night else []
        with pretended_spark(self.answer):
            result = dbtRunner().invoke([*flags, "compile", *folders, *target, *selection])
        assert result.success, result.exception
        self.nodes: dict[str, str] = {
            run.node.name: run.node.compiled_code
            for run in result.result
            if run.node.resource_type in ("model", "test")
        }

    def answer(self, sql: str) -> list[dict[str, Any]]:
        """What Spark would say of a warehouse that was built yesterday, or never."""
        if not self.is_night:
            return []
        if match := re.search(r"show table extended in (\w+)", sql):
            return [
                {"namespace": match[1], "name": file.stem, "is_temporary": False, "about": ""}
                for file in (ROOT / "models").rglob("*.sql")
            ]
        if "is_anew" in sql:
            return [{"is_anew": False}]
        if "load_date" in sql:
            return [{"load_date": "2025-11-24"}]
        if "period_start" in sql:
            return [{"period_start": dt.date(2025, 11, 1)}]
        return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for both, so that the second takes up what the first has parsed."""
    return tmp_path_factory.mktemp("spark")


@pytest.fixture(scope="module", params=["full", "night"])
def compiled(request: pytest.FixtureRequest, folder: Path) -> Compiled:
    return Compiled(folder, is_night=request.param == "night")


def test_everything_that_is_compiled_for_spark_is_spark_sql(compiled: Compiled):
    assert len(compiled.nodes) > (40 if compiled.is_night else 200)
    wrong = [f"{name}: {each}" for name, sql in compiled.nodes.items() for each in problems(sql)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "duckdb",
    [
        "select epoch_us(created_at) from tickets",
        "select cast(content as hugeint) from tickets",
        "select cast(topic as varchar) from tickets",
        "select score // 2 from tickets",
        "select struct_pack(a := score) from tickets",
        "select unnest(generate_series(1, 3))",
        "select list_transform(topics, lambda topic: lower(topic)) from tickets",
        "with tickets as not materialized (select 1) select * from tickets",
    ],
)
def test_words_that_only_duckdb_understands_are_found(duckdb: str):
    assert problems(duckdb)
