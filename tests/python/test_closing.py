"""Closed is closed: late records, reopenings, objections and another plan, one after the other.

The oracle goes along, with a ledger of its own of what was published: each step agrees with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import Computed, Warehouse
from helpers.exports import Exports
from helpers.plans import PlanFolder
from helpers.project import PLAN, Project, linked_project, rows_of
from oracle import Published, compute
from test_oracle import compared

from scripts import kept
from scripts import warehouse as working
from scripts.content_hash import content_hash

ALL = ["--resource-type", "seed", "--resource-type", "model"]
KEPT = [f"published.{name}" for name in kept.TABLES]
CLOSED = {
    **dict.fromkeys(
        ["monthly_metric_scores", "monthly_dimension_scores", "monthly_scorecards"],
        "month_start between date '2025-01-01' and date '2025-12-01'",
    ),
    **dict.fromkeys(
        [
            *("annual_metric_scores", "annual_dimension_scores", "annual_scorecards"),
            *("annual_grades", "annual_outcomes", "annual_strengths_and_gaps"),
        ],
        "appraisal_year = 2024",
    ),
}


class Department:
    """A copy of the built example whose exports and plan change, and the oracle's ledger of it."""

    def __init__(self, built: Project, folder: Path, published: Published) -> None:
        self.exports = Exports.copied(folder / "exports", built.exports)
        self.project = built.copy(folder / "build", self.exports.folder)
        self.plan = PLAN
        self.ledger = Published([*published.versions])

    def own_plan(self) -> PlanFolder:
        """Give the department a plan of its own, which may be changed from now on."""
        root = linked_project(self.project.folder.with_name("project"))
        self.project = replace(self.project, root=root, manifest=None)
        self.plan = root / "seeds" / "plan"
        return PlanFolder(self.plan)

    def build(self, *arguments: str) -> None:
        outcome = self.project.dbt("build", *ALL, *arguments)
        assert outcome.succeeded, outcome.told()

    def rows(self, query: str) -> list[dict]:
        with self.project.connect() as connection:
            return rows_of(connection, query)

    def hashes(self) -> dict[str, tuple[int, str]]:
        """Rows and content of what was published, and of the marts' closed periods."""
        with self.project.connect(read_only=False) as connection:
            for mart, condition in CLOSED.items():
                connection.execute(
                    f"create temp view closed_{mart} as from marts.{mart} where {condition}"
                )
            relations = [*KEPT, *(f"closed_{mart}" for mart in CLOSED)]
            return {name: content_hash(connection, name) for name in relations}

    def differences(self) -> list[str]:
        """What the oracle says otherwise; it keeps its versions as the build does."""
        results = compute(self.exports.folder, self.plan, published=self.ledger)
        with self.project.connect() as connection:
            culprits = compared(results, connection).culprits
            judged = connection.execute(
                "select objection_id, filing_due_on, decision_due_on, state"
                " from marts.objection_outcomes"
            ).fetchall()
        assert results.objections == {row[0]: row[1:] for row in judged}
        return culprits


def credited_survey(department: Department, month: str, score: str) -> dict[str, str]:
    """A survey of the month that is credited to an agent who has a score in it."""
    found = department.rows(
        f"""
        select records.employee_id, records.record_id
        from marts.metric_records as records
        inner join marts.monthly_metric_scores as scores using (employee_id, month_start, metric_id)
        where records.metric_id = 'csat' and records.month_start = '{month}'
            and scores.pooled_from_month = scores.month_start and scores.contribution > 0
            and records.numerator = {score}
        order by all
        """
    )
    return found[0] | department.exports.find("survey_responses", response_id=found[0]["record_id"])


def test_what_was_published_stays(
    warehouse: Warehouse, computed: Computed, tmp_path: Path, report: Callable[[str], None]
):
    department = Department(warehouse, tmp_path, computed.published)
    exports, before = department.exports, department.hashes()
    assert all(rows for rows, _ in before.values())

    # A survey answer of March changes long after March was closed.
    survey = credited_survey(department, "2025-03-01", score="1")
    person = survey.pop("employee_id")
    survey.pop("record_id")
    changed = survey | {"score": "1", "updated_at": "2026-01-30T00:00:00Z"}
    exports.append("survey_responses", changed)
    department.build()
    assert department.hashes() == before
    restated = department.rows(
        f"from marts.restatements where employee_id = '{person}' and period_type = 'month'"
        " and period_start = date '2025-03-01'"
    )
    levels = {(row["level"], row["metric_id"]): row for row in restated}
    for key in (("metric", "csat"), ("scorecard", None)):
        row = levels[key]
        assert row["difference"] < 0
        assert row["record_id"] == survey["response_id"]
        assert row["cause"] == "records"
        assert f"survey_response {survey['response_id']} counts otherwise" in row["sentence"]
    assert department.differences() == []
    count = department.rows("select count(*) as rows from marts.restatements")[0]["rows"]
    report(f"A survey changed after closing: {count} rows restated, none of the published moved.")

    # A run that breaks off keeps nothing.
    voided = credited_survey(department, "2025-12-01", score="0")
    reopened = {"period_type": "month", "period_start": "2025-03-01", "employee_id": ""}
    step = reopened | {"reason": "", "approved_by": ""}
    exports.append(
        "closings",
        reopened
        | {
            "closing_id": "P91",
            "step": "reopened",
            "stepped_on": "2026-01-28",
            "reason": "A survey was corrected",
            "approved_by": "E001",
        },
        step | {"closing_id": "P92", "step": "closed", "stepped_on": "2026-01-29"},
    )
    empty = dict.fromkeys(exports.columns("objections"), "")
    objection = empty | {
        "employee_id": voided["employee_id"],
        "target_type": "survey_response",
        "target_id": voided["response_id"],
        "period_type": "month",
        "period_start": "2025-12-01",
        "decided_on": "2026-01-28",
        "outcome": "upheld",
        "remedy": "void",
    }
    exports.append(
        "objections",
        objection | {"objection_id": "O91", "filed_on": "2026-01-14"},
        objection | {"objection_id": "O92", "filed_on": "2026-01-19", "employee_id": "E030"},
    )
    department.build("--select", "+int_versions_due")
    due = department.rows("select step_id from intermediate.int_versions_due")
    assert {row["step_id"] for row in due} == {"P92", "O91"}
    assert {name: department.hashes()[name] for name in KEPT} == {
        name: before[name] for name in KEPT
    }

    # March is reopened and closed again; December is mended for the one who objected in time.
    department.build()
    versions = department.rows(
        "select version_number, step_id, employee_id, period_type from marts.published_versions"
        " where step_id in ('P92', 'O91', 'O92') order by step_id, period_type"
    )
    objector = voided["employee_id"]
    assert [tuple(row.values()) for row in versions] == [
        (3, "O91", objector, "month"),
        (2, "O91", objector, "year"),
        (3, "P92", None, "month"),
    ]
    of_march = {
        row["version_number"]: row["monthly_score"]
        for row in department.rows(
            "select version_number, monthly_score from marts.published_scores"
            f" where employee_id = '{person}' and level = 'scorecard'"
            " and period_type = 'month' and period_start = date '2025-03-01'"
        )
    }
    assert of_march[1] == of_march[2] > of_march[3]
    [march] = department.rows(
        f"from marts.monthly_scorecards where employee_id = '{person}'"
        " and month_start = date '2025-03-01'"
    )
    assert march["monthly_score"] == of_march[3]
    [mended] = department.rows("from marts.objection_outcomes where objection_id = 'O91'")
    assert (mended["state"], mended["version_before"], mended["version_after"]) == ("upheld", 2, 3)
    assert mended["score_before"] < mended["score_after"]
    [late] = department.rows("from marts.objection_outcomes where objection_id = 'O92'")
    assert (late["state"], late["version_after"]) == ("late", None)
    # Nobody else's December, and no other closed month, has moved.
    after = department.rows(
        "select distinct employee_id from marts.published_scores"
        " where version_number = 3 and period_start in (date '2025-12-01', date '2025-01-01')"
    )
    assert [row["employee_id"] for row in after] == [objector]
    assert department.differences() == []

    # Another weight, and everything built anew: not a row of what was published moves.
    published = department.hashes()
    plan = department.own_plan()
    for metric_id, weight in (("csat", "0.30"), ("handle_time", "0.20")):
        plan.change(
            "metric_weights", {"scorecard_id": "agent", "metric_id": metric_id}, weight=weight
        )
    department.build("--full-refresh")
    assert department.hashes() == published
    [plan_row] = department.rows(
        f"from marts.restatements where employee_id = '{person}' and metric_id = 'csat'"
        " and period_type = 'month' and period_start = date '2025-05-01'"
    )
    assert plan_row["cause"] == "plan"
    assert "metric_weights (scorecard_id agent" in plan_row["sentence"]
    assert department.differences() == []
    rows = sum(rows for rows, _ in published.values())
    report(f"After another weight and a full refresh, {rows:,} published rows are as they were.")

    # Half of the year is reopened, and its plan has other dimensions and one metric less.
    exports.append(
        "closings",
        *[
            reopened
            | {
                "closing_id": f"P8{month}",
                "period_start": f"2025-{month:02}-01",
                "step": "reopened",
                "stepped_on": "2026-01-30",
                "reason": "The plan of the second half was late",
                "approved_by": "E001",
            }
            for month in range(7, 13)
        ],
    )
    for dimension_id, weight in (("work_performance", "0.45"), ("service_quality", "0.25")):
        plan.change(
            "dimension_weights",
            {"scorecard_id": "agent", "dimension_id": dimension_id},
            weight=weight,
        )
    plan.change(
        "metric_weights", {"scorecard_id": "agent", "metric_id": "accountability"}, weight="0.20"
    )
    for seed in ("metric_weights", "standard_targets"):
        kept_rows = [
            row
            for row in plan.rows(seed)
            if (row["scorecard_id"], row["metric_id"]) != ("agent", "resilience")
        ]
        plan.write(seed, kept_rows)
    department.build()
    of_the_year = department.rows(
        "select metric_id, count(*) as people from marts.annual_metric_scores"
        " where appraisal_year = 2025 and scorecard_id = 'agent'"
        " and metric_id in ('resilience', 'accountability') group by all order by all"
    )
    assert [row["metric_id"] for row in of_the_year] == ["accountability", "resilience"]
    weights = department.rows(
        "select distinct dimension_weight from marts.annual_dimension_scores"
        " where appraisal_year = 2025 and scorecard_id = 'agent'"
        " and dimension_id = 'work_performance'"
    )
    assert Decimal("0.45") in [row["dimension_weight"] for row in weights]
    assert department.differences() == []
    tested = department.project.dbt("test", "--select", "test_type:data")
    assert tested.succeeded, tested.told()


def test_pay_of_a_closed_year_stays(
    warehouse: Warehouse, computed: Computed, tmp_path: Path, report: Callable[[str], None]
):
    department = Department(warehouse, tmp_path, computed.published)
    exports, before = department.exports, department.hashes()

    def of_2024(table: str) -> dict[str, dict]:
        rows = department.rows(f"from marts.{table} where appraisal_year = 2024")
        return {row["employee_id"]: row for row in rows}

    graded = of_2024("annual_grades")
    violator, objector, judged = sorted(
        name for name, row in graded.items() if row["final_grade_id"] == "A"
    )[:3]

    # A violation, two decisions and another bonus, all after the year was closed.
    exports.append(
        "violations",
        exports.find("violations", category="confidentiality")
        | {"violation_id": "B99", "employee_id": violator, "occurred_on": "2024-11-11"},
    )
    decision = exports.find("grade_decisions", employee_id="E012") | {
        "grade_id": "C",
        "reason": "Too late",
        "decided_on": "2025-12-01",
    }
    exports.append(
        "grade_decisions",
        decision | {"decision_id": "J98", "employee_id": objector},
        decision | {"decision_id": "J99", "employee_id": judged},
    )
    department.own_plan().change("grade_outcomes", {"grade_id": "A"}, bonus_coefficient="1.5")
    department.build()
    assert department.hashes() == before
    restated = of_2024("outcome_restatements")
    assert restated[violator]["recomputed_grade_id"] == "B"
    assert restated[judged]["recomputed_grade_id"] == "C"
    coefficients = {row["recomputed_bonus_coefficient"] for row in restated.values()}
    assert max(coefficients) == Decimal("1.5")
    assert department.differences() == []

    # A reopening takes it up for one person, an objection for another; for nobody else.
    reopened = dict.fromkeys(exports.columns("closings"), "") | {
        "period_type": "year",
        "period_start": "2024-01-01",
        "employee_id": violator,
    }
    exports.append(
        "closings",
        reopened
        | {
            "closing_id": "P91",
            "step": "reopened",
            "stepped_on": "2026-01-28",
            "reason": "A violation came to light",
            "approved_by": "E001",
        },
        reopened | {"closing_id": "P92", "step": "closed", "stepped_on": "2026-01-29"},
    )
    exports.append(
        "objections",
        dict.fromkeys(exports.columns("objections"), "")
        | {
            "objection_id": "O91",
            "employee_id": objector,
            "target_type": "annual_scorecard",
            "target_id": "2024",
            "filed_on": "2025-01-26",
            "decided_on": "2025-02-10",
            "outcome": "upheld",
            "period_type": "year",
            "period_start": "2024-01-01",
        },
    )
    department.build()
    now = of_2024("annual_grades")
    moved = {name for name, row in now.items() if row != graded[name]}
    assert moved == {violator, objector}
    assert (now[violator]["final_grade_id"], now[violator]["final_grade_basis"]) == (
        "B",
        "conduct_cap",
    )
    assert "B99" in now[violator]["grade_cap_reason"]
    assert (now[objector]["final_grade_id"], now[objector]["final_grade_basis"]) == (
        "C",
        "committee",
    )
    versions = department.rows(
        "select employee_id, version_number, final_grade_id from marts.published_outcomes"
        f" where employee_id in ('{violator}', '{objector}') and period_start = '2024-01-01'"
        " order by all"
    )
    of_each = {
        name: [row["final_grade_id"] for row in versions if row["employee_id"] == name]
        for name in (violator, objector)
    }
    assert of_each == {violator: ["A", "A", "B"], objector: ["A", "A", "C"]}
    assert department.differences() == []
    report(f"After closing, {len(restated)} outcomes would differ; two moved, by their steps.")


def test_versions_from_before_outcomes_were_kept_still_stand(warehouse: Warehouse, tmp_path: Path):
    department = Department(warehouse, tmp_path, Published())
    before = department.hashes()
    with department.project.connect(read_only=False) as connection:
        connection.execute("drop view if exists marts.published_outcomes")
        connection.execute("drop table published.outcomes")
    department.build()
    after = department.hashes()
    assert after.pop("published.outcomes")[0] == 0
    del before["published.outcomes"]
    assert after == before


def test_a_new_working_file_takes_over_what_was_published(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SCORECARD_DUCKDB", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("SCORECARD_PUBLISHED", str(tmp_path / "published"))
    assert kept.restore() == ""
    kept.copy(warehouse.database, working.path())
    counted = kept.versions(working.path())
    assert counted > 20

    # Saved by `make clean`, and set aside by the night.
    taken = f"{counted} versions of published results are taken over from"
    assert kept.main([]) == 0
    working.path().unlink()
    assert kept.restore() == f"{taken} warehouse.kept.duckdb."
    assert kept.save() == (counted, "warehouse.kept.duckdb", "")
    kept.saved().unlink()
    working.set_aside()
    assert kept.restore() == f"{taken} warehouse.duckdb.unreadable."
    with duckdb.connect(str(working.path())) as connection, warehouse.connect() as built:
        for relation in KEPT:
            assert content_hash(connection, relation) == content_hash(built, relation)

    # Nothing is left but the publication.
    working.path().with_name("warehouse.duckdb.unreadable").write_bytes(b"broken")
    working.path().unlink()
    publication = tmp_path / "published" / "builds" / "000001-x"
    publication.mkdir(parents=True)
    (tmp_path / "published" / "current").symlink_to(publication)
    with duckdb.connect(str(publication / "scorecards.duckdb")) as connection:
        connection.execute(f"attach '{warehouse.database}' as warehouse (read_only)")
        connection.execute("create schema marts")
        for name in ("published_versions", "published_scores", "published_outcomes"):
            connection.execute(f"create table marts.{name} as from warehouse.marts.{name}")
    assert kept.restore() == f"{taken} scorecards.duckdb."
    with duckdb.connect(str(working.path())) as connection, warehouse.connect() as built:
        for name in ("versions", "scores", "outcomes"):
            columns = ", ".join(
                row[0] for row in built.execute(f"describe published.{name}").fetchall()
            )
            for one, other in ((connection, built), (built, connection)):
                rows = set(one.execute(f"select {columns} from published.{name}").fetchall())
                assert rows == set(
                    other.execute(f"select {columns} from published.{name}").fetchall()
                )
