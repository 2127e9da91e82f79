"""The example from its files to the scorecards, in one `dbt build`."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from conftest import Warehouse
from helpers.differences import differences
from helpers.exports import laid_out_anew
from helpers.project import EXPORTS, ROOT, rows_of
from helpers.simulated import generate

EXAMPLES = ROOT / "examples"
SCORED_ROLES = {"agent", "supervisor", "qa_specialist"}
# Where a row stood, and so its text, differs from layout to layout.
PLACES = {"rejected_rows": ["source_file", "row_number", "load_date", "row_text"]}


def test_the_example_builds_without_a_failure_or_a_warning(warehouse: Warehouse):
    assert warehouse.outcome.succeeded, warehouse.outcome.told()
    assert set(warehouse.outcome.statuses.values()) <= {"success", "pass", "no-op"}


def test_a_build_leaves_nothing_in_the_project(warehouse: Warehouse):
    assert not warehouse.left_behind


def test_a_second_build_changes_nothing(warehouse: Warehouse, tmp_path: Path):
    again = warehouse.copy(tmp_path)
    outcome = again.dbt("build", "--resource-type", "seed", "--resource-type", "model")
    assert outcome.succeeded, outcome.told()
    assert differences(warehouse, again) == {}


def test_neither_row_order_nor_file_split_nor_format_matters(warehouse: Warehouse, tmp_path: Path):
    anew = warehouse.copy(tmp_path / "build", laid_out_anew(tmp_path / "exports").folder)
    outcome = anew.dbt("run")
    assert outcome.succeeded, outcome.told()
    assert differences(warehouse, anew, leaving_out=PLACES) == {}


def test_all_scored_roles_have_annual_scorecards(connection: duckdb.DuckDBPyConnection):
    scored = connection.execute(
        "select role_id, count(*) from marts.annual_scorecards"
        " where appraisal_year = 2025 and annual_score is not null group by role_id"
    ).fetchall()
    assert {role for role, count in scored if count >= 3} == SCORED_ROLES


def test_every_line_of_the_exports_has_one_outcome(connection: duckdb.DuckDBPyConnection):
    counted = rows_of(connection, "from marts.export_row_counts")
    for row in counted:
        outcomes = row["rows_staged"] + row["rows_superseded"] + row["rows_rejected"]
        assert row["rows_read"] == outcomes, row["table_name"]
    assert {row["table_name"]: row["rows_read"] for row in counted} == {
        folder.name: lines_of_data(folder) for folder in EXPORTS.iterdir()
    }


def lines_of_data(folder: Path) -> int:
    """The lines that are not blank, without the headers."""
    return sum(
        sum(bool(line.strip()) for line in file.read_bytes().split(b"\n")) - 1
        for file in folder.rglob("*.csv")
    )


def test_exactly_the_broken_rows_are_rejected(connection: duckdb.DuckDBPyConnection):
    rejected = connection.execute(
        "select table_name, source_file, row_number from marts.rejected_rows"
    ).fetchall()
    with (EXAMPLES / "dirty_rows.csv").open(encoding="utf-8", newline="") as file:
        broken = [
            (row["table"], row["source_file"], int(row["row_number"]))
            for row in csv.DictReader(file)
        ]
    assert Counter(rejected) == Counter(broken)


# What the scores find is what was put into the data.


@pytest.mark.parametrize(
    ("metric_id", "trait"),
    [
        ("csat", "customer_skill"),
        ("csat", "skill"),
        ("ticket_first_reply", "speed"),
        ("first_contact_resolution", "knowledge"),
        ("product_knowledge", "knowledge"),
        ("standards_adherence", "reliability"),
        ("collaboration", "skill"),
    ],
)
def test_a_metric_of_the_year_finds_the_trait_behind_it(
    connection: duckdb.DuckDBPyConnection, metric_id: str, trait: str
):
    values = dict(
        connection.execute(
            """
            select employee_id, if(direction = 'up', 1, -1) * metric_value
            from marts.annual_metric_scores
            inner join plan.metrics using (metric_id)
            where metric_id = ? and scorecard_id = 'agent' and appraisal_year = 2025
            """,
            [metric_id],
        ).fetchall()
    )
    assert correlation_with_truth(values, trait) > 0.8


def test_the_annual_score_finds_the_skill(connection: duckdb.DuckDBPyConnection):
    scores = dict(
        connection.execute(
            "select employee_id, annual_score from marts.annual_scorecards"
            " where role_id = 'agent' and appraisal_year = 2025"
        ).fetchall()
    )
    assert correlation_with_truth(scores, "skill") > 0.9


def correlation_with_truth(values: dict[str, float], trait: str) -> float:
    """Spearman's rank correlation of the employees' values with their trait."""
    with (EXAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        traits = {row["entity_id"]: row[trait] for row in csv.DictReader(file) if row[trait]}
    known = [name for name in sorted(values) if values[name] is not None and name in traits]
    assert len(known) >= 30
    return pearson(
        ranks([float(values[name]) for name in known]),
        ranks([float(traits[name]) for name in known]),
    )


def ranks(numbers: list[float]) -> list[float]:
    """The mean rank of equal numbers is theirs."""
    ordered = sorted(numbers)
    return [ordered.index(number) + (ordered.count(number) - 1) / 2 for number in numbers]


def pearson(one: list[float], other: list[float]) -> float:
    one_mean, other_mean = sum(one) / len(one), sum(other) / len(other)
    together = sum((a - one_mean) * (b - other_mean) for a, b in zip(one, other, strict=True))
    one_spread = sum((a - one_mean) ** 2 for a in one)
    other_spread = sum((b - other_mean) ** 2 for b in other)
    return together / (one_spread * other_spread) ** 0.5


def test_the_example_is_what_its_generator_writes(tmp_path: Path):
    generate("--out", str(tmp_path / "exports"))
    written = {file.relative_to(tmp_path): file for file in tmp_path.rglob("*.csv")}
    assert set(written) == {
        file.relative_to(EXAMPLES)
        for file in [*EXPORTS.rglob("*"), EXAMPLES / "truth.csv", EXAMPLES / "dirty_rows.csv"]
        if file.is_file()
    }
    changed = [
        str(name)
        for name, file in written.items()
        if file.read_bytes() != (EXAMPLES / name).read_bytes()
    ]
    assert not changed
