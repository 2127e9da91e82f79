"""The benchmark's hand-written reference gives the project's results; its report says the truth."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from helpers.project import TIME_ZONE, Project
from rich.console import Console

from scripts.bench.compare import compare
from scripts.bench.report import WIDTH, evaluate, show
from scripts.bench.staged import SCRIPTS, run

NIGHTS = ("2026-09-01", "2026-09-02", "2026-09-03")
# What an older version of a record says, which a later folder corrects; of the tables with
# `updated_at` the older version comes in a later folder than the newer one.
OLDER = {
    "absences": "end_date + 3 as end_date",
    "attendance": "60 as late_minutes",
    "call_legs": "ended_at - interval 40 day as ended_at, 'nobody' as agent_id",
    "coaching_sessions": "'nobody' as coach_id",
    "exams": "0 as score",
    "goals": "2 * target_value as target_value",
    "improvements": "'cancelled' as status",
    "management_reports": "due_on + 1 as submitted_on",
    "positions": "not is_probation as is_probation",
    "quality_review_items": "0 as score, true as is_fatal",
    "ratings": "scale_max as score",
    "succession_plans": "0 as ready_successors",
    "suggestions": "'rejected' as status",
    "survey_responses": "updated_at - interval 1 minute as updated_at, scale_max as score",
    "ticket_events": "occurred_at - interval 40 day as occurred_at, 'nobody' as actor_id",
    "tickets": "updated_at - interval 1 minute as updated_at, 'another' as topic",
    "trainings": "null::date as completed_on",
    "violations": "100 as points",
}
LATE = ("survey_responses", "tickets")


def write_parquet(connection: duckdb.DuckDBPyConnection, exports: Path) -> None:
    """The staged rows as exports, in folders of nights, with older versions of one row in five."""
    models = connection.execute(
        "select distinct table_name from duckdb_columns() where starts_with(table_name, 'stg_')"
    ).fetchall()
    for (model,) in models:
        folder = exports / model.split("__")[1]
        if folder.name not in OLDER:
            copy(connection, model, folder, "true")
            continue
        for number, night in enumerate(NIGHTS):
            condition = f"hash(staged) % {len(NIGHTS)} = {number}"
            copy(connection, model, folder / f"load_date={night}", condition)
        night = "2026-09-04" if folder.name in LATE else "2026-08-31"
        changed = f"replace ({OLDER[folder.name]})"
        copy(connection, model, folder / f"load_date={night}", "hash(staged) % 5 = 0", changed)


def copy(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    folder: Path,
    condition: str,
    changed: str = "",
) -> None:
    """Staged rows as one file. Most systems write an offset, the telephone system local times."""
    instant = "timezone('UTC', {0}) as {0}"
    if model == "stg_telephony__call_legs":
        instant = f"timezone('{TIME_ZONE}', timezone('UTC', {{0}})) as {{0}}"
    columns = connection.execute(f"describe staging.{model}").fetchall()
    instants = [instant.format(name) for name, kind, *_ in columns if kind == "TIMESTAMP"]
    replaced = f"replace ({', '.join(instants)})" if instants else ""
    folder.mkdir(parents=True)
    connection.execute(
        f"copy (select * {replaced} from (select * exclude (load_date) {changed}"
        f" from staging.{model} as staged where {condition}))"
        f" to '{folder / 'part.parquet'}' (format parquet)"
    )


@pytest.fixture(scope="module")
def reference(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_parquet(connection, folder / "exports")
    run(SCRIPTS / "reference.sql", folder / "exports", folder / "reference.duckdb")
    return folder / "reference.duckdb"


def test_the_reference_gives_the_results_of_the_project(
    warehouse: Project, reference: Path
) -> None:
    comparisons = compare(warehouse.database, reference)
    assert [str(one) for one in comparisons if not one.is_equal] == []
    assert {one.table for one in comparisons} > {
        "agent_monthly_calls",
        "agent_monthly_contacts",
        "agent_monthly_reviews",
        "agent_monthly_surveys",
        "agent_monthly_tickets",
        "annual_dimension_scores",
        "annual_metric_scores",
        "annual_scorecards",
        "monthly_dimension_scores",
        "monthly_metric_scores",
        "monthly_metrics",
        "monthly_scorecards",
        "reviewer_monthly_reviews",
        "supervisor_monthly_teams",
    }
    assert all(one.rows for one in comparisons)
    assert [one.table for one in comparisons if one.unread] == []


def test_a_difference_is_found(warehouse: Project, reference: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(reference.read_bytes())
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            "update annual_scorecards set annual_score = annual_score + 0.000001"
            " where employee_id = (select min(employee_id) from annual_scorecards)"
            " and annual_score is not null"
        )
        connection.execute("alter table employees add column shoe_size integer")
    differing = [one for one in compare(warehouse.database, changed) if not one.is_equal]
    assert [one.table for one in differing] == ["annual_scorecards", "employees"]
    assert differing[0].only_project == differing[0].only_reference > 0
    assert "shoe_size" in str(differing[1])


@pytest.fixture
def measured() -> Callable[[float, float], dict]:
    """A result of the benchmark whose commands take the named seconds."""

    def result(size: float, build: float) -> dict:
        seconds = {"floor": 4, "reference": 40, "parse": 3, "run": 60, "build": build}
        seconds |= {"night": build / 4, "empty_night": 5}
        nodes = [("model", "tickets", 60.0)]
        return {
            "size": size,
            "rows": {"tickets": 1000},
            "taken": {
                name: [{"seconds": taken, "cpu_seconds": taken, "peak": 6e9}] * 3
                for name, taken in seconds.items()
            },
            "reference_stages": [("tickets", 40.0)],
            "warehouse_bytes": 1_000_000,
            "differences": [],
            "run_nodes": nodes,
            "build_nodes": nodes,
            "night_nodes": nodes,
        }

    return result


def test_targets_are_met_or_missed(measured: Callable[[float, float], dict]) -> None:
    targets = evaluate([measured(0.1, 10), measured(1, 20), measured(10, 200)])
    assert {target.name: target.verdict for target in targets} == {
        "dbt run / reference": "met",
        "dbt build / reference": "missed",
        "peak memory of dbt": "missed",
        "one more night / dbt build": "met",
        "one more night, more than at size 0.1": "missed",
        "a night that brings nothing": "met",
        "exponent 1 → 10 of dbt build": "met",
        "exponent 1 → 10 of one more night": "missed",
        "reference / bare scan": "met",
    }


def test_a_single_size_says_nothing_about_growth(
    measured: Callable[[float, float], dict],
) -> None:
    unknown = [target.name for target in evaluate([measured(1, 20)]) if target.value is None]
    assert unknown == [
        "one more night, more than at size 0.1",
        "exponent 1 → 10 of dbt build",
        "exponent 1 → 10 of one more night",
    ]
    console = Console(width=WIDTH, file=io.StringIO())
    show([measured(1, 20)], console)
    assert "this is 1" in console.file.getvalue()
