"""Every score equals that of the oracle, which states docs/rules.md a second time.

`oracle` shares no code with the models and computes with exact fractions: what both say is what
the rules say, to the last digit.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
from conftest import Computed, Warehouse
from helpers.exports import Exports
from helpers.objections import upheld
from helpers.plans import PlanFolder
from helpers.project import EXPORTS, PLAN, rows_of
from helpers.replay import Replay
from helpers.simulated import generate
from oracle import Results, compute

MONTH = ["employee_id", "month_start", "scorecard_id"]
YEAR = ["employee_id", "appraisal_year"]
STEP = ["period_type", "period_start", "step_id"]
KEYS = {
    "employee_months": MONTH,
    "monthly_metrics": ["employee_id", "month_start", "metric_id"],
    "monthly_metric_scores": [*MONTH, "dimension_id", "metric_id"],
    "monthly_dimension_scores": [*MONTH, "dimension_id"],
    "monthly_scorecards": MONTH,
    "annual_metric_scores": [*YEAR, "scorecard_id", "dimension_id", "metric_id"],
    "annual_dimension_scores": [*YEAR, "scorecard_id", "dimension_id"],
    "annual_scorecards": YEAR,
    "annual_reviews": [*YEAR, "dimension_id", "relation"],
    "objection_deadlines": ["employee_id", "period_type", "period_start"],
    "annual_strengths_and_gaps": [*YEAR, "scorecard_id", "dimension_id", "metric_id"],
    "annual_grades": YEAR,
    "annual_outcomes": YEAR,
    "grade_distribution_simulation": YEAR,
    "grade_distribution": ["appraisal_year", "unit_id", "grade_id"],
    "training_proposals": [*YEAR, "course_id"],
    "improvement_plan_steps": [*YEAR, "milestone_id", "metric_id"],
    "recognitions": [*YEAR, "recognition_id"],
    "uncoached_low_grades": [*YEAR, "metric_id"],
    "appraisal_progress": ["employee_id", *STEP],
    "team_appraisal_progress": ["supervisor_id", *STEP],
    "rating_submissions": ["rating_id"],
    "goal_progress": [*YEAR, "metric_id", "proposed_on", "month_start"],
    "coaching_effects": ["session_id"],
}
# An intermediate result that no mart shows.
UNSEEN = {"metric_points"}
SHOWN = 5
# What counts the records past the models, or once more from the records that they list.
RECOUNTS = ["assert_facts_lose_no_record", "assert_records_add_up_to_the_numerators"]


@dataclass
class Comparison:
    """What was compared, and what was not the same."""

    tables: dict[str, int] = field(default_factory=dict)
    values: int = 0
    culprits: list[str] = field(default_factory=list)

    def told(self) -> str:
        more = len(self.culprits) - 4 * SHOWN
        return "\n".join(self.culprits[: 4 * SHOWN] + ([f"… and {more} more"] if more > 0 else []))


def compared(results: Results, connection: duckdb.DuckDBPyConnection) -> Comparison:
    """Compare all tables of the oracle with those of the warehouse, key by key and cell by cell."""
    comparison = Comparison()
    for table, keys in KEYS.items():
        expected = getattr(results, table)
        found = {
            tuple(row[key] for key in keys): row
            for row in rows_of(connection, f"from marts.{table}")
        }
        comparison.tables[table] = len(expected)
        for owner, keys_of_one in (
            ("the oracle", expected.keys() - found.keys()),
            ("the warehouse", found.keys() - expected.keys()),
        ):
            comparison.culprits += [
                f"{table} {key}: only {owner} has it" for key in sorted(keys_of_one, key=str)
            ]
        for key in expected.keys() & found.keys():
            for column in expected[key].keys() - UNSEEN:
                comparison.values += 1
                if expected[key][column] != found[key][column]:
                    comparison.culprits.append(
                        f"{table} {key} {column}:"
                        f" oracle {expected[key][column]}, warehouse {found[key][column]}"
                    )
    return comparison


def assert_agreement(
    results: Results, connection: duckdb.DuckDBPyConnection, least: int
) -> Comparison:
    comparison = compared(results, connection)
    assert not comparison.culprits, (
        f"{len(comparison.culprits)} of {comparison.values:,} values differ:\n{comparison.told()}"
    )
    assert all(comparison.tables.values())
    assert comparison.values > least
    return comparison


def test_the_example_agrees_with_the_oracle(
    computed: Computed, connection: duckdb.DuckDBPyConnection, report: Callable[[str], None]
):
    results = computed.results
    comparison = assert_agreement(results, connection, least=150_000)
    rejected = connection.execute(
        "select table_name, row_number, source_file from marts.rejected_rows"
    ).fetchall()
    assert results.rejected == set(rejected)
    report(f"The oracle agrees with the example in {comparison.values:,} values.")


def test_another_department_agrees_with_the_oracle(
    warehouse: Warehouse, tmp_path: Path, report: Callable[[str], None]
):
    exports = tmp_path / "exports"
    generate("--seed", "7", "--out", str(exports))
    objected = object_to_records(exports)
    bring_oddities(Exports(exports))
    other = warehouse.copy(tmp_path / "build", exports)
    with other.connect(read_only=False) as connection:
        forget_what_was_published(connection)
    outcome = other.dbt("run")
    assert outcome.succeeded, outcome.told()
    with other.connect() as connection:
        comparison = assert_agreement(compute(exports, PLAN), connection, least=150_000)
        granted = connection.execute(
            "select count(*) from intermediate.int_remedies_granted where objection_id > 'X'"
        ).fetchone()
        assert granted == (objected,)
    recounted = other.dbt("test", "--select", *RECOUNTS)
    assert recounted.succeeded, recounted.told()
    report(f"The oracle agrees with another department in {comparison.values:,} values.")


def test_a_changed_plan_agrees_with_the_oracle(
    warehouse: Warehouse, tmp_path: Path, report: Callable[[str], None]
):
    plan = changed_plan(tmp_path / "plan")
    copy = warehouse.copy(tmp_path / "build")
    with copy.connect(read_only=False) as connection:
        forget_what_was_published(connection)
        plan.load(connection)
        Replay(warehouse.compiled, connection).build_downstream(*sorted(seeds_of(plan)))
        results = compute(EXPORTS, plan.folder)
        comparison = assert_agreement(results, connection, least=150_000)
        assert_every_policy_was_used(connection)
    report(f"The oracle agrees with a changed plan in {comparison.values:,} values.")


def object_to_records(exports: Path) -> int:
    """Add upheld objections with every kind of remedy; returns how many are granted."""

    def records(table: str, count: int) -> list[str]:
        """Ids, the first of the columns, from all over an export."""
        text = (exports / table / f"{table}.csv").read_text(encoding="utf-8", errors="replace")
        ids = sorted(set(re.findall(r"^([A-Z]\d+),", text, re.MULTILINE)))
        return ids[:: len(ids) // count][:count]

    surveys = records("survey_responses", 90)
    reviews = records("quality_review_items", 60)
    ratings = records("ratings", 60)
    tickets = records("tickets", 200)
    rows = list(upheld(date(2025, 10, 15), surveys, reviews, ratings, tickets))
    file = exports / "objections" / "objections.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        columns = next(csv.reader(opened))
    with file.open("a", encoding="utf-8", newline="") as opened:
        csv.DictWriter(opened, columns, restval="", lineterminator="\n").writerows(rows)
    return len({row["target_id"] for row in rows})


def bring_oddities(exports: Exports) -> None:
    """What the example lacks: records that count for nobody, or not as all of their rows say."""
    leave = exports.find("absences")
    absent = {"work_date": leave["start_date"], "late_minutes": "90", "is_unexcused": "1"}
    exports.append(
        "attendance",
        exports.find("attendance") | absent | {"employee_id": leave["employee_id"]},
    )
    statuses = iter(["", "Cancelled", "cancelled", "done"])
    exports.change("improvements", lambda row: row | {"status": next(statuses, row["status"])})

    # A survey of a ticket that is not exported, and surveys of calls whose last leg is nobody's,
    # or internal.
    answered = [row for row in exports.rows("survey_responses") if row["score"]]
    of_tickets = next(row for row in answered if row["contact_type"] == "ticket")
    assigned = next(row for row in exports.rows("ticket_events") if row["assignee_id"])
    exports.append(
        "survey_responses", of_tickets | {"response_id": "S_lost", "contact_id": "T_lost"}
    )
    exports.append(
        "ticket_events",
        assigned
        | {
            "event_id": "V_lost",
            "ticket_id": "T_lost",
            "occurred_at": "2024-09-01T09:00:00+08:00",
            "assignee_id": "E020",
        },
    )
    calls = {row["contact_id"] for row in answered if row["contact_type"] == "call"}
    legs = [row for row in exports.rows("call_legs") if row["outcome"] == "answered"]
    nobodys, internal = [leg for leg in legs if leg["call_id"] in calls][:2]
    exports.append(
        "call_legs",
        nobodys | {"leg_id": "L_nobodys", "agent_id": ""},
        internal | {"leg_id": "L_internal", "agent_id": "E020", "direction": "internal"},
    )

    # Of two reviews one item is voided: the newest, or another one.
    items = exports.rows("quality_review_items")
    final = sorted({row["review_id"] for row in items if row["status"] == "final"})
    odd = {
        (review_id, pick(row["item_id"] for row in items if row["review_id"] == review_id))
        for review_id, pick in zip(final[-2:], (max, min), strict=True)
    }
    exports.change(
        "quality_review_items",
        lambda row: (
            row | {"status": "voided"} if (row["review_id"], row["item_id"]) in odd else row
        ),
    )


def forget_what_was_published(connection: duckdb.DuckDBPyConnection) -> None:
    """Nothing is closed then, and all of it is what the oracle computes anew."""
    connection.execute("delete from published.versions")


def seeds_of(plan: PlanFolder) -> set[str]:
    return {file.stem for file in plan.folder.glob("*.csv")}


def changed_plan(folder: Path) -> PlanFolder:
    """Another plan for the same people: everything that a plan may change is changed."""
    plan = PlanFolder.copied(folder)
    plan.change("parameters", {"parameter_id": "business_time_zone"}, value="America/New_York")
    for parameter_id, value in {
        "first_contact_window_days": "5",
        "minimum_eligible_days_month": "12",
        "minimum_weight_covered": "0.45",
        "complaint_limit_business_hours": "9.5",
        "calibration_tolerance_points": "2.5",
        "csat_top_boxes": "1",
        "late_grace_minutes": "2",
        "suggestion_standard_points_per_year": "7",
        "member_year_days": "360",
        "strength_metric_score": "84.5",
        "gap_metric_score": "77.25",
        "promotion_years": "1",
        "improvement_plan_metrics": "5",
        "trend_months": "2",
        "coaching_effect_months": "4",
        "steady_change_share": "0.051",
    }.items():
        plan.change("parameters", {"parameter_id": parameter_id}, value=value)

    # What a month without evidence means: each policy somewhere.
    for metric_id, policy in {
        "csat": "neutral",
        "complaint_handling": "zero",
        "learning": "neutral",
        "handle_time": "block",
    }.items():
        plan.change(
            "metric_weights",
            {"scorecard_id": "agent", "metric_id": metric_id},
            missing_policy=policy,
        )
    plan.change(
        "metric_weights",
        {"scorecard_id": "supervisor", "metric_id": "bench_strength"},
        missing_policy="block",
    )

    # Steps, points above 100 up to a cap of 120, windows and minimums.
    plan.change("curves", {"curve_id": "share_to_95"}, shape="step")
    plan.add_copies(
        "curve_points", {"curve_id": "share_to_95", "value": "0.45"}, value="0.70", score="33.3333"
    )
    plan.change("curve_points", {"curve_id": "share_to_90", "value": "0.90"}, score="107.7777")
    plan.add_copies(
        "curve_points", {"curve_id": "proportional", "value": "1.20"}, value="2.00", score="120"
    )
    plan.change("scorecards", {"scorecard_id": "agent"}, score_cap="120")
    plan.change("scorecards", {"scorecard_id": "supervisor"}, score_cap="104.5")
    plan.change("metrics", {"metric_id": "csat"}, window_months="3", fallback_window_months="12")
    plan.change("metrics", {"metric_id": "communication"}, minimum_denominator="30")

    # Another scorecard for agents from July on, with other weights that do not divide evenly.
    for seed in ("dimension_weights", "metric_weights", "standard_targets", "daily_standards"):
        plan.add_copies(seed, {"scorecard_id": "agent"}, scorecard_id="agent_july")
    plan.add_copies(
        "scorecards",
        {"scorecard_id": "agent"},
        scorecard_id="agent_july",
        valid_from="2025-07-01",
        score_cap="100",
    )
    plan.change("scorecards", {"scorecard_id": "agent"}, valid_to="2025-07-01")
    july = {"scorecard_id": "agent_july"}
    for dimension_id, weight in {
        "work_performance": "0.333333",
        "service_quality": "0.333333",
        "professional_competence": "0.222223",
        "teamwork": "0.111111",
    }.items():
        plan.change("dimension_weights", {**july, "dimension_id": dimension_id}, weight=weight)
    plan.change("metric_weights", {**july, "metric_id": "csat"}, weight="0.314159")
    plan.change("metric_weights", {**july, "metric_id": "workload"}, weight="0.135841")
    plan.change("standard_targets", {**july, "metric_id": "csat"}, curve_id="share_to_85")

    # Bands, composition and reviewers that change with the year or in it.
    plan.add_copies("grade_bands", {"valid_from": "2020-01-01"}, valid_from="2025-10-01")
    plan.change("grade_bands", {"valid_from": "2020-01-01"}, valid_to="2025-10-01")
    plan.change("grade_bands", {"grade_id": "A", "valid_from": "2025-10-01"}, lower_bound="92.5")
    plan.change("grade_bands", {"grade_id": "B", "valid_from": "2025-10-01"}, upper_bound="92.5")
    plan.add_copies(
        "annual_composition",
        {},
        valid_from="2025-01-01",
        monthly_share="0.715",
        review_share="0.285",
    )
    plan.change("annual_composition", {"valid_from": "2020-01-01"}, valid_to="2025-01-01")
    plan.change("reviewer_shares", {"relation": "self"}, share="0.123457")
    plan.change("reviewer_shares", {"relation": "head"}, share="0.376543")

    # Other caps and outcomes, a distribution over all people, and everybody may be recognised.
    caps = {"grade_cap_id": "confidentiality"}
    late = {"category": "attendance", "minimum_violations": "", "minimum_points": "2"}
    plan.add_copies("grade_caps", caps, grade_cap_id="late", best_grade_id="C", **late)
    plan.add_copies("grade_caps", caps, grade_cap_id="any", category="", best_grade_id="B")
    plan.add_copies("grade_outcomes", {}, valid_from="2025-06-01", bonus_coefficient="1.0625")
    plan.change("grade_outcomes", {"valid_from": "2020-01-01"}, valid_to="2025-06-01")
    since = {"grade_id": "C", "valid_from": "2025-06-01"}
    plan.change("grade_outcomes", since, counts_for_promotion="true", needs_improvement_plan="true")
    plan.change(
        "distribution_rules", {}, unit_type="department", rounding="half_up", tie_rule="worse"
    )
    plan.change("distribution_quotas", {"grade_id": "A"}, cumulative_share="0.137")
    plan.change("recognition_rules", {}, minimum_people="1", minimum_value="1")

    # Other days for the steps of the year, from 2025 on, and a zone that ends at its target.
    plan.change("process_steps", {"step_id": "self_assessment"}, due_working_days="9")
    plan.add_copies(
        "process_steps", {"step_id": "interview"}, valid_from="2025-01-01", due_working_days="18"
    )
    plan.change(
        "process_steps", {"step_id": "interview", "valid_from": "2020-01-01"}, valid_to="2025-01-01"
    )
    plan.change(
        "standard_targets",
        {"scorecard_id": "agent", "metric_id": "handle_time"},
        target_value="533",
    )

    # A part-time Saturday, and the Friday closes early.
    plan.change("working_hours", {"weekday": "6"}, opens_at="10:30", closes_at="12:15")
    plan.change("working_hours", {"weekday": "5"}, closes_at="15:45")
    return plan


def assert_every_policy_was_used(connection: duckdb.DuckDBPyConnection) -> None:
    reached = connection.execute(
        """
        select
            count(*) filter (where missing_policy = 'neutral' and metric_score > 0),
            count(*) filter (where missing_policy = 'zero' and metric_score = 0),
            count(*) filter (where missing_policy = 'block'),
            count(*) filter (where missing_policy = 'redistribute' and metric_score is null)
        from marts.monthly_metric_scores
        inner join plan.metric_weights using (scorecard_id, dimension_id, metric_id)
        where missing_reason is not null
        """
    ).fetchone()
    assert all(reached), reached
    blocked = connection.execute(
        "select count(*) from marts.annual_scorecards where status_reason like 'blocked_by_%'"
    ).fetchone()
    above = connection.execute(
        "select max(metric_score) from marts.monthly_metric_scores"
    ).fetchone()
    assert blocked[0]
    assert 104.5 < above[0] <= 120
