"""The process stories of the example, as `truth.csv` tells them, are what the build finds."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest
from helpers.project import ROOT, rows_of
from helpers.simulated import generate

from scripts.generate_example.closings import month_closed_on

TRUTH = ROOT / "examples" / "truth.csv"
GRADES = "ABCDE"


def with_case(case: str) -> list[str]:
    """The ids of the people or records that show a case."""
    with TRUTH.open(encoding="utf-8", newline="") as file:
        found = [
            row["entity_id"] for row in csv.DictReader(file) if case in row["cases"].split(";")
        ]
    assert found, case
    return found


@pytest.fixture(scope="module")
def grades(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], str]:
    return {
        (row["employee_id"], row["appraisal_year"]): row["grade_id"]
        for row in rows_of(connection, "from marts.annual_scorecards where status = 'final'")
    }


def test_most_people_have_a_grade_of_both_years(grades: dict[tuple[str, int], str]):
    """And each year has the scorecards of its own plan."""
    both = [name for name, year in grades if year == 2024 and (name, 2025) in grades]
    assert len(both) > 45
    assert {year for _, year in grades} == {2024, 2025}


def test_each_year_is_scored_with_its_own_plan(connection: duckdb.DuckDBPyConnection):
    rows = connection.execute(
        "select distinct year(month_start), contains(scorecard_id, '_2024')"
        " from marts.monthly_scorecards order by all"
    ).fetchall()
    assert rows == [(2024, True), (2025, False), (2026, False)]


@pytest.mark.parametrize(("case", "sign"), [("better", 1), ("worse", -1)])
def test_who_changed_between_the_years_changed_the_grade(
    grades: dict[tuple[str, int], str], case: str, sign: int
):
    for name in with_case(f"{case}_than_last_year"):
        places = [GRADES.index(grades[name, year]) for year in (2024, 2025)]
        assert sign * (places[0] - places[1]) >= 1


def test_a_breach_of_confidence_is_of_somebody_with_an_a(
    grades: dict[tuple[str, int], str], connection: duckdb.DuckDBPyConnection
):
    rows = rows_of(connection, "from staging.stg_hr__violations where category = 'confidentiality'")
    assert [row["employee_id"] for row in rows] == with_case("confidentiality_violation")
    assert grades[rows[0]["employee_id"], 2025] == "A"


def test_violations_and_the_committee_decide_some_final_grades(
    connection: duckdb.DuckDBPyConnection,
):
    rows = {
        (row["employee_id"], row["appraisal_year"]): row
        for row in rows_of(
            connection, "from marts.annual_grades where final_grade_basis != 'score'"
        )
    }
    [violator], [careless] = with_case("confidentiality_violation"), with_case("many_violations")
    [few] = with_case("two_surveys_all_year")
    [promoted] = with_case("promoted_to_supervisor")
    assert {
        key: (row["score_grade_id"], row["final_grade_id"], row["final_grade_basis"])
        for key, row in rows.items()
    } == {
        (violator, 2025): ("A", "B", "conduct_cap"),
        (careless, 2025): ("A", "C", "committee"),
        (few, 2025): ("C", "B", "committee"),
        (promoted, 2024): ("C", "B", "committee"),
    }
    violated = rows_of(
        connection, "from staging.stg_hr__violations where category = 'confidentiality'"
    )
    assert violated[0]["violation_id"] in rows[violator, 2025]["grade_cap_reason"]
    assert rows[careless, 2025]["grade_cap_id"] == "conduct"
    assert {row["committee_reason"] is None for row in rows.values()} == {True, False}
    for case in ("grade_raised", "grade_lowered", "grade_decided_again"):
        assert with_case(case)


def test_an_improvement_plan_is_for_those_with_a_low_final_grade(
    connection: duckdb.DuckDBPyConnection,
):
    [name] = with_case("never_coached_on_weak_metrics")
    rows = rows_of(connection, f"from marts.uncoached_low_grades where employee_id = '{name}'")
    assert rows and all(row["other_sessions"] > 0 for row in rows)
    planned = connection.execute(
        "select count(distinct metric_id), count(distinct milestone_id), min(due_on)"
        " from marts.improvement_plan_steps where employee_id = ? and appraisal_year = 2025",
        [name],
    ).fetchone()
    assert planned == (3, 4, date(2026, 2, 2))


def test_one_with_a_bad_grade_was_never_coached_on_a_metric(
    grades: dict[tuple[str, int], str], connection: duckdb.DuckDBPyConnection
):
    [name] = with_case("never_coached_on_weak_metrics")
    assert grades[name, 2025] in "DE"
    sessions = connection.execute(
        "select count(*), count(metric_id) from staging.stg_learning__coaching_sessions"
        " where employee_id = ?",
        [name],
    ).fetchone()
    assert sessions[0] > 5 and sessions[1] == 0


def test_coaching_on_customer_satisfaction_helped_one_and_not_the_other(
    connection: duckdb.DuckDBPyConnection,
):
    def gain(case: str) -> float:
        """From the first half of the year to the second."""
        first, second = connection.execute(
            """
            select
                sum(numerator) filter (where month_start < '2025-07-01')
                    / sum(denominator) filter (where month_start < '2025-07-01'),
                sum(numerator) filter (where month_start >= '2025-07-01')
                    / sum(denominator) filter (where month_start >= '2025-07-01')
            from marts.monthly_metrics
            where metric_id = 'csat' and employee_id = ? and year(month_start) = 2025
            """,
            with_case(case),
        ).fetchone()
        return second - first

    assert gain("coached_and_improved") > 0.2 > gain("coached_in_vain")


def test_one_supervisor_rated_nobody_in_the_year(connection: duckdb.DuckDBPyConnection):
    [name] = with_case("supervisor_who_never_rates")
    rated = connection.execute(
        "select distinct year(period_start) from staging.stg_appraisal__ratings"
        " where rater_id = ? and relation = 'supervisor'",
        [name],
    ).fetchall()
    assert rated == [(2024,)]


# Goals, coaching and the steps of the year


def progress(connection: duckdb.DuckDBPyConnection, step_id: str, year: int = 2025) -> dict:
    """The rows of a step of the year, by person."""
    rows = rows_of(
        connection,
        f"from marts.appraisal_progress where step_id = '{step_id}'"
        f" and period_type = 'year' and year(period_start) = {year}",
    )
    return {row["employee_id"]: row for row in rows}


def test_the_supervisor_who_never_rates_shows_in_every_step(connection: duckdb.DuckDBPyConnection):
    [name] = with_case("supervisor_who_never_rates")
    rows = rows_of(
        connection,
        f"from marts.team_appraisal_progress where supervisor_id = '{name}' and required > 0"
        " and (step_id = 'monthly_review' and year(period_start) = 2025"
        " or step_id = 'supervisor_review' and year(period_start) in (2024, 2025))",
    )
    shares = {(row["step_id"], row["period_start"]): row for row in rows}
    assert len(shares) == 14
    assert shares.pop(("supervisor_review", date(2024, 1, 1)))["done_share"] == 1
    assert {row["done_share"] for row in shares.values()} == {0}
    assert shares["supervisor_review", date(2025, 1, 1)]["overdue"] == 7
    assert shares["monthly_review", date(2025, 1, 1)]["most_days_late"] > 300
    overdue = [row for row in progress(connection, "supervisor_review").values()]
    chased = {row["responsible_id"] for row in overdue if row["state"] == "overdue"}
    assert name in chased


def test_absent_and_late_reviewers_show_as_such(connection: duckdb.DuckDBPyConnection):
    for relation, step_id in (
        ("self", "self_assessment"),
        ("supervisor", "supervisor_review"),
        ("head", "head_review"),
    ):
        for name in with_case(f"no_{relation}_review") + with_case("no_year_end_review"):
            assert progress(connection, step_id)[name]["state"] == "overdue"
    for name in with_case("late_supervisor_review"):
        for year in (2024, 2025):
            assert progress(connection, "supervisor_review", year)[name]["state"] == "done_late"
    late = connection.execute(
        "select rating_id from marts.rating_submissions where is_late and period_type = 'month'"
    ).fetchall()
    assert set(with_case("rating_submitted_late")) <= {rating for (rating,) in late}
    # Two ratings of one rater tell the case; one of them counts.
    superseded = connection.execute(
        "select rating_id from marts.rating_submissions where is_superseded"
    ).fetchall()
    twice = set(with_case("rating_submitted_twice"))
    assert len({rating for (rating,) in superseded} & twice) * 2 == len(twice)


def test_interviews_are_held_late_or_forgotten(connection: duckdb.DuckDBPyConnection):
    interviews = progress(connection, "interview")
    forgotten = {name for name, row in interviews.items() if row["state"] == "overdue"}
    assert forgotten == set(with_case("no_interview"))
    late = rows_of(
        connection,
        "select interview_id, state from staging.stg_appraisal__interviews"
        " inner join marts.appraisal_progress using (employee_id)"
        " where step_id = 'interview' and year(period_start) = appraisal_year",
    )
    found = {row["interview_id"] for row in late if row["state"] == "done_late"}
    assert found == set(with_case("interview_held_late"))


def test_who_left_on_the_last_day_owes_no_self_assessment(connection: duckdb.DuckDBPyConnection):
    [name] = with_case("leaver_on_last_day_of_year")
    for step_id in ("self_assessment", "interview"):
        assert progress(connection, step_id)[name]["not_required_reason"] == "left_before_due"
    assert progress(connection, "supervisor_review")[name]["state"] != "not_required"


@pytest.mark.parametrize(
    ("case", "year", "states"),
    [
        ("goal_agreed", 2025, {"agreed"}),
        ("goal_agreed_by_employee_only", 2025, {"awaiting_manager"}),
        ("goal_agreed_by_manager_only", 2025, {"awaiting_employee"}),
        ("goal_agreed_by_nobody", 2025, {"awaiting_both"}),
        ("goal_agreed_in_march", 2025, {"awaiting_manager", "agreed_late"}),
        ("goal_replaced_in_june", 2025, {"agreed", "superseded", "agreed_late"}),
        ("goal_proposed_in_may", 2025, {"agreed_late"}),
        ("last_year_goal_agreed", 2024, {"agreed"}),
        ("last_year_goal_agreed_late", 2024, {"awaiting_manager", "agreed_late"}),
        ("last_year_goal_agreed_by_nobody", 2024, {"awaiting_both"}),
    ],
)
def test_goals_show_whether_they_count(
    connection: duckdb.DuckDBPyConnection, case: str, year: int, states: set[str]
):
    for name in with_case(case):
        rows = rows_of(
            connection,
            f"from marts.goal_progress where employee_id = '{name}' and appraisal_year = {year}",
        )
        assert {row["state"] for row in rows} == states
        # Three weeks into the year what is missing is overdue.
        assert all(row["is_agreement_overdue"] == ("await" in row["state"]) for row in rows)


def test_the_year_to_date_ends_at_the_figure_of_the_year(connection: duckdb.DuckDBPyConnection):
    """Of whoever had one scorecard in the year."""
    compared = connection.execute(
        """
        with annual as (
            from marts.annual_metric_scores
            qualify count(distinct scorecard_id) over (partition by employee_id, appraisal_year) = 1
        )

        select
            count(*),
            count(*) filter (
                where year_to_date_numerator = annual.numerator
                and year_to_date_denominator = annual.denominator
                and year_to_date_value = annual.metric_value
            )
        from marts.goal_progress
        inner join annual using (employee_id, appraisal_year, metric_id)
        where month(month_start) = 12
        """
    ).fetchone()
    assert compared[0] == compared[1] > 15


def test_coaching_moved_one_and_not_the_other(connection: duckdb.DuckDBPyConnection):
    def moved(case: str) -> dict[str, int]:
        return dict(
            connection.execute(
                "select moved, count(*) from marts.coaching_effects where employee_id = ?"
                " and metric_id = 'csat' and is_after_complete group by moved",
                with_case(case),
            ).fetchall()
        )

    helped, in_vain = moved("coached_and_improved"), moved("coached_in_vain")
    assert set(helped) == {"better", "too_little_evidence"}
    # Some sessions are followed by better months even so: before and after prove nothing.
    assert 0 < in_vain["better"] <= in_vain["worse"]
    most = connection.execute(
        "select max_by(held_on, change_to_better) from marts.coaching_effects"
        " where employee_id = ? and metric_id = 'csat' and is_after_complete",
        with_case("coached_and_improved"),
    ).fetchone()
    assert most[0].month == 6
    [never] = with_case("never_coached_on_weak_metrics")
    about_nothing = connection.execute(
        "select count(*), count(moved) from marts.coaching_effects where employee_id = ?", [never]
    ).fetchone()
    assert about_nothing[0] > 5 and about_nothing[1] == 0


def test_late_records_land_after_their_month_is_closed(tmp_path: Path):
    generate("--out", str(tmp_path / "exports"), "--split-by-load-date", "--no-dirty")

    def nights_of(table: str, column: str, key: str) -> list[date]:
        """The nights that brought a record, in order."""
        nights = set()
        for file in (tmp_path / "exports" / table).rglob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                if any(row[column] == key for row in csv.DictReader(lines)):
                    nights.add(date.fromisoformat(file.parent.name.removeprefix("load_date=")))
        return sorted(nights)

    early, late = with_case("leg_arrives_after_closing")
    assert min(nights_of("call_legs", "call_id", early)) > month_closed_on(date(2024, 12, 1))
    assert min(nights_of("call_legs", "call_id", late)) > month_closed_on(date(2025, 12, 1))
    [survey] = [key for key in with_case("survey_changed_after_closing") if key.startswith("S")]
    answered, changed = nights_of("survey_responses", "response_id", survey)
    assert answered < month_closed_on(date(2024, 11, 1)) < changed
    [review] = with_case("overturned_after_closing")
    reviewed, overturned = nights_of("quality_review_items", "review_id", review)
    assert reviewed < month_closed_on(date(2025, 8, 1)) < overturned
