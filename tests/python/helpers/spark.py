"""A Spark that is not there: it takes down what dbt asks, and answers as it is told."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

Answers = Callable[[str], list[dict[str, Any]]]


class PretendedSession:
    """As much of a Spark session as dbt-spark uses, which is this class's own builder, too."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.settings: dict[str, str] = {}

    def enableHiveSupport(self) -> PretendedSession:
        return self

    def config(self, setting: str, value: str) -> PretendedSession:
        self.settings[setting] = value
        return self

    def getOrCreate(self) -> PretendedSession:
        return self

    def sql(self, text: str) -> SimpleNamespace:
        asked = re.search(r"\bset (spark[\w.]+)\s*$", text)
        rows = (
            [{"key": asked[1], "value": self.settings[asked[1]]}] if asked else self.answers(text)
        )
        fields = [
            SimpleNamespace(
                name=name, dataType=SimpleNamespace(simpleString=lambda: "string"), nullable=True
            )
            for name in (rows[0] if rows else {})
        ]
        found = [tuple(row.values()) for row in rows]
        return SimpleNamespace(schema=SimpleNamespace(fields=fields), collect=lambda: found)


@contextlib.contextmanager
def pretended_spark(answers: Answers) -> Iterator[None]:
    """In its place, dbt-spark finds a pyspark of this name, whether or not one is installed."""
    session = PretendedSession(answers)
    pyspark, sql, utils = (ModuleType(f"pyspark{name}") for name in ("", ".sql", ".sql.utils"))
    sql.DataFrame = sql.Row = object
    sql.SparkSession = SimpleNamespace(builder=session)
    utils.AnalysisException = RuntimeError
    pretended = {"pyspark": pyspark, "pyspark.sql": sql, "pyspark.sql.utils": utils}
    # dbt's module of sessions keeps what it imported.
    ours = [*pretended, "dbt.adapters.spark.session"]
    before = {name: sys.modules.pop(name) for name in ours if name in sys.modules}
    sys.modules.update(pretended)
    try:
        yield
    finally:
        for name in ours:
            sys.modules.pop(name, None)
        sys.modules.update(before)
