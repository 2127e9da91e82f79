"""Ways to break the plan or the exports: each is caught, by name, and the culprit is named.

A broken plan is a statement of SQL on the built seeds, and the test of the data that should catch
it runs as dbt compiled it. Broken exports are copies of the example's files, and dbt reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import Warehouse
from helpers.exports import Exports
from helpers.project import Outcome, Project, Rows, linked_project, rows_of
from helpers.replay import Replay


@dataclass(frozen=True)
class Spoilt:
    project: Project
    failures: Rows


# The plan


def of(*columns: str) -> str:
    """A condition: `of("agent", "csat")` is the metric of the scorecard."""
    names = ["scorecard_id", "metric_id"] if len(columns) == 2 else ["scorecard_id"]
    return " and ".join(f"{name} = '{value}'" for name, value in zip(names, columns, strict=True))


WORK = "scorecard_id = 'agent' and dimension_id = 'work_performance'"
DIMENSIONS_SUM = "dimension_weights_sum_to_1_in_every_scorecard"
METRICS_SUM = "metric_weights_sum_to_1_in_every_dimension"
CALENDAR = "assert_the_calendar_is_complete"
CURVES = "assert_curves_run_in_their_direction"
BANDS = "assert_grade_bands_leave_no_hole"
COMPLETE = "assert_scorecards_are_complete"
HOURS = "assert_working_hours_make_a_week"
KNOWN = "assert_every_parameter_is_known"
OUTCOMES = "assert_every_grade_has_its_outcome"
PROCESS = "assert_process_steps_fit_their_evidence"
REVIEWERS = "assert_reviewer_shares_sum_to_one_on_every_date"
TARGETS = "assert_targets_lie_in_the_metrics_range"

BROKEN_PLANS = {
    # Weights
    "weights of 0.69999 and 0.30": (
        f"update plan.dimension_weights set weight = 0.39999 where {WORK}",
        DIMENSIONS_SUM,
        "agent",
    ),
    "weights that sum to 0.999999": (
        f"update plan.dimension_weights set weight = 0.399999 where {WORK}",
        DIMENSIONS_SUM,
        "agent",
    ),
    "weights that sum to 0.9999995": (
        f"update plan.dimension_weights set weight = 0.3999995 where {WORK}",
        DIMENSIONS_SUM,
        "agent",
    ),
    "weights of 7 places that sum to 1": (
        "update plan.dimension_weights set weight = case dimension_id"
        " when 'teamwork' then 0.1000005 else 0.3999995 end"
        " where scorecard_id = 'agent' and dimension_id in ('teamwork', 'work_performance')",
        DIMENSIONS_SUM,
        "agent",
    ),
    "last year's weights with one of this year": (
        "update plan.dimension_weights set weight = 0.40"
        " where scorecard_id = 'agent_2024' and dimension_id = 'work_performance'",
        DIMENSIONS_SUM,
        "agent_2024",
    ),
    "weights in percent": (
        "update plan.dimension_weights set weight = 100 * weight where scorecard_id = 'agent'",
        DIMENSIONS_SUM,
        "agent",
    ),
    "a negative weight": (
        "update plan.dimension_weights set weight = case dimension_id"
        " when 'teamwork' then -0.1 else 0.6 end"
        " where scorecard_id = 'agent' and dimension_id in ('teamwork', 'work_performance')",
        DIMENSIONS_SUM,
        "agent",
    ),
    "weights that are all zero": (
        "update plan.dimension_weights set weight = 0 where scorecard_id = 'supervisor'",
        DIMENSIONS_SUM,
        "supervisor",
    ),
    "a dimension without a row": (
        f"delete from plan.dimension_weights where {WORK}",
        DIMENSIONS_SUM,
        "agent",
    ),
    "a scorecard without a dimension": (
        "delete from plan.dimension_weights where scorecard_id = 'qa_specialist'",
        DIMENSIONS_SUM,
        "qa_specialist",
    ),
    "a dimension that is not in the catalogue": (
        f"update plan.dimension_weights set dimension_id = 'work' where {WORK}",
        "dimension_weights_refer_to_what_exists",
        "work",
    ),
    "metric weights that sum to 0.999999": (
        f"update plan.metric_weights set weight = 0.349999 where {of('agent', 'csat')}",
        METRICS_SUM,
        "work_performance",
    ),
    "an empty metric weight": (
        f"update plan.metric_weights set weight = null where {of('agent', 'csat')}",
        METRICS_SUM,
        "work_performance",
    ),
    "a dimension without a metric": (
        f"delete from plan.metric_weights where {WORK}",
        METRICS_SUM,
        "work_performance",
    ),
    "metrics of a dimension without weight": (
        f"update plan.metric_weights set dimension_id = 'work' where {WORK}",
        "metric_weights_refer_to_what_exists",
        "agent|work",
    ),
    "a metric twice in a dimension": (
        "insert into plan.metric_weights"
        f" select * from plan.metric_weights where {of('agent', 'csat')}",
        "is_unique_by(metric_weights)",
        "csat",
    ),
    "an unknown metric with a weight": (
        f"update plan.metric_weights set metric_id = 'cast' where {of('agent', 'csat')}",
        "metric_weights_refer_to_what_exists",
        "cast",
    ),
    "an unknown policy": (
        f"update plan.metric_weights set missing_policy = 'ignore' where {of('agent', 'csat')}",
        "metric_weights_hold_only_known_words",
        "ignore",
    ),
    # Targets and standards
    "a metric without a target": (
        f"delete from plan.standard_targets where {of('agent', 'csat')}",
        COMPLETE,
        "csat",
    ),
    "a target without a metric": (
        f"delete from plan.metric_weights where {of('agent', 'csat')}",
        COMPLETE,
        "csat",
    ),
    "a target of zero": (
        f"update plan.standard_targets set target_value = 0 where {of('agent', 'csat')}",
        "standard_targets_stay_within_their_range",
        "csat",
    ),
    "a target in percent": (
        f"update plan.standard_targets set target_value = 90 where {of('agent', 'csat')}",
        TARGETS,
        "csat",
    ),
    "an unknown curve": (
        "update plan.standard_targets set curve_id = 'share_to_9' where curve_id = 'share_to_90'",
        "standard_targets_refer_to_what_exists",
        "share_to_9",
    ),
    "a curve that runs against the metric": (
        f"update plan.standard_targets set curve_id = 'overturn_share' where {of('agent', 'csat')}",
        COMPLETE,
        "csat",
    ),
    "a standard of zero": (
        "update plan.daily_standards set standard_per_working_day = 0",
        "daily_standards_stay_within_their_range",
        "workload",
    ),
    "no standard for one of the scorecards": (
        "delete from plan.metric_weights where metric_id = 'reviews_completed';"
        " update plan.metric_weights set metric_id = 'reviews_completed' where"
        f" {of('agent', 'csat')}",
        COMPLETE,
        "reviews_completed",
    ),
    # Curves
    "a curve without points": (
        "delete from plan.curve_points where curve_id = 'bench_steps'",
        CURVES,
        "bench_steps",
    ),
    "a curve of one point": (
        "delete from plan.curve_points where curve_id = 'attrition' and score = 0",
        CURVES,
        "attrition",
    ),
    "a curve with a hole": (
        "update plan.curve_points set score = null where curve_id = 'rating' and score = 70",
        "assert_the_plan_has_no_empty_cells",
        "score",
    ),
    "a value twice in a curve": (
        "update plan.curve_points set value = 0.80 where curve_id = 'rating' and score = 70",
        "is_unique_by(curve_points)",
        "rating",
    ),
    "a curve that falls on its way up": (
        "update plan.curve_points set score = 95 where curve_id = 'rating' and score = 70",
        CURVES,
        "rating",
    ),
    "a zone that opens twice": (
        "insert into plan.curve_points values ('handle_seconds', 1500, 10, 'default')",
        CURVES,
        "handle_seconds",
    ),
    "a score above 120": (
        "update plan.curve_points set score = 121 where curve_id = 'proportional' and score = 110",
        "curve_points_stay_within_their_range",
        "proportional",
    ),
    "a score below 0": (
        "update plan.curve_points set score = -1 where curve_id = 'rating' and score = 0",
        "curve_points_stay_within_their_range",
        "rating",
    ),
    "points of an unknown curve": (
        "insert into plan.curve_points values ('share_to_99', 0.99, 100, 'default')",
        "curve_points_refer_to_what_exists",
        "share_to_99",
    ),
    "a curve in percent": (
        "update plan.curve_points set value = 100 * value where curve_id = 'share_to_90'",
        TARGETS,
        "share_to_90",
    ),
    "an unknown shape": (
        "update plan.curves set shape = 'spline' where curve_id = 'rating'",
        "curves_hold_only_known_words",
        "spline",
    ),
    # Grades
    "bands with a hole at 89.5": (
        "update plan.grade_bands set upper_bound = 89 where grade_id = 'B'",
        BANDS,
        "leaves a hole below",
    ),
    "bands that overlap": (
        "update plan.grade_bands set upper_bound = 90.01 where grade_id = 'B'",
        BANDS,
        "overlaps the band below",
    ),
    "bands that end at 100": (
        "update plan.grade_bands set upper_bound = 100 where grade_id = 'A'",
        BANDS,
        "leaves the scores above without a grade",
    ),
    "bands that start at 10": (
        "update plan.grade_bands set lower_bound = 10 where grade_id = 'E'",
        BANDS,
        "starts off 0",
    ),
    "bands that end in June": (
        "update plan.grade_bands set valid_to = '2025-07-01'",
        BANDS,
        "no band holds on this date",
    ),
    "a grade twice": (
        "insert into plan.grade_bands select * from plan.grade_bands where grade_id = 'C'",
        "is_unique_by(grade_bands)",
        "C",
    ),
    # Scorecards
    "scorecards that overlap": (
        "update plan.scorecards set valid_to = '2025-07-01' where scorecard_id = 'agent';"
        " insert into plan.scorecards select * replace ("
        "'agent_2' as scorecard_id, date '2025-06-01' as valid_from, null as valid_to)"
        " from plan.scorecards where scorecard_id = 'agent'",
        "leaves_no_gap(scorecards)",
        "overlaps the next",
    ),
    "scorecards with a gap": (
        "update plan.scorecards set valid_to = '2025-07-01' where scorecard_id = 'agent';"
        " insert into plan.scorecards select * replace ("
        "'agent_2' as scorecard_id, date '2025-08-01' as valid_from, null as valid_to)"
        " from plan.scorecards where scorecard_id = 'agent'",
        "leaves_no_gap(scorecards)",
        "leaves a gap before the next",
    ),
    "last year's scorecard that ends a month early": (
        "update plan.scorecards set valid_to = '2024-12-01' where scorecard_id = 'agent_2024'",
        "leaves_no_gap(scorecards)",
        "leaves a gap before the next",
    ),
    "a scorecard that ends with the first half of the year": (
        "update plan.scorecards set valid_to = '2025-07-01' where scorecard_id = 'supervisor'",
        "assert_a_scored_role_stays_scored_all_year",
        "supervisor",
    ),
    "a scorecard that starts on the 15th": (
        "update plan.scorecards set valid_from = '2025-01-15' where scorecard_id = 'agent'",
        "assert_scorecards_start_on_the_first_of_a_month",
        "agent",
    ),
    "a scorecard of an unknown role": (
        "update plan.scorecards set role_id = 'agnet' where scorecard_id = 'agent'",
        "scorecards_refer_to_what_exists",
        "agnet",
    ),
    "a role that the exports have and the plan has not": (
        "delete from plan.roles where role_id = 'head'",
        "assert_exports_speak_the_plans_words",
        "head",
    ),
    "a cap above 120": (
        "update plan.scorecards set score_cap = 130 where scorecard_id = 'agent'",
        "scorecards_stay_within_their_range",
        "agent",
    ),
    # Metrics
    "a window of no month": (
        "update plan.metrics set window_months = 0 where metric_id = 'csat'",
        "metrics_stay_within_their_range",
        "csat",
    ),
    "a metric that nothing measures": (
        "insert into plan.metrics select * replace ('smiles' as metric_id)"
        " from plan.metrics where metric_id = 'csat'",
        "assert_every_metric_is_measured",
        "smiles",
    ),
    "a metric that the catalogue lacks": (
        "delete from plan.metrics where metric_id = 'nps'",
        "all_evidence_is_of_a_metric_in_the_catalogue",
        "nps",
    ),
    "an unknown section of the review form": (
        "update plan.quality_sections set section = 'Attitude' where section = 'attitude'",
        "assert_exports_speak_the_plans_words",
        "attitude",
    ),
    # Year
    "shares of months and review that sum to 1.1": (
        "update plan.annual_composition set review_share = 0.5",
        "assert_annual_shares_sum_to_one",
        "2020",
    ),
    "a composition that ends": (
        "update plan.annual_composition set valid_to = '2026-01-01'",
        "leaves_no_gap(annual_composition)",
        "ends and nothing follows",
    ),
    "a composition that starts too late": (
        "update plan.annual_composition set valid_from = '2025-02-01'",
        "assert_no_month_is_lost_on_the_way_to_the_year",
        "E020",
    ),
    "reviewer shares that sum to 0.9": (
        "update plan.reviewer_shares set share = 0.1 where relation = 'self'",
        REVIEWERS,
        "0.9",
    ),
    "reviewer shares from March on": (
        "update plan.reviewer_shares set valid_from = '2025-03-01'",
        REVIEWERS,
        "2025, 1, 1",
    ),
    "a reviewer that no rating knows": (
        "update plan.reviewer_shares set relation = 'manager' where relation = 'supervisor'",
        "assert_the_plan_speaks_the_exports_words",
        "manager",
    ),
    # Parameters
    "a parameter that is missing": (
        "delete from plan.parameters where parameter_id = 'csat_top_boxes'",
        "every_parameter_is_set",
        "csat_top_boxes",
    ),
    "a parameter that is misspelt": (
        "insert into plan.parameters by name"
        " select * replace ('csat_top_box' as parameter_id) from plan.parameters limit 1",
        KNOWN,
        "csat_top_box",
    ),
    "a parameter out of range": (
        "update plan.parameters set value = '1.5' where parameter_id = 'minimum_weight_covered'",
        "parameters_stay_within_their_range",
        "minimum_weight_covered",
    ),
    "no limit of rejected rows": (
        "delete from plan.parameters where parameter_id = 'maximum_rejected_share'",
        KNOWN,
        "maximum_rejected_share",
    ),
    "a limit that lets every row be rejected": (
        "update plan.parameters set value = '10' where parameter_id = 'maximum_rejected_share'",
        KNOWN,
        "rejects nothing",
    ),
    # Calendar
    "a weekday that closes before it opens": (
        "update plan.working_hours set closes_at = '08:00' where weekday = 3",
        HOURS,
        "closes before it opens",
    ),
    "a weekday that is missing": (
        "delete from plan.working_hours where weekday = 3",
        HOURS,
        "is missing",
    ),
    "an opening without a leading zero": (
        "update plan.working_hours set opens_at = '9:00' where weekday = 1",
        HOURS,
        "has an hour that is not HH:MM",
    ),
    "a calendar that ends before the evidence": (
        "update plan.parameters set value = '2025-12-31' where parameter_id = 'calendar_last_day';"
        " delete from plan.calendar_days where calendar_date > '2025-12-31'",
        "assert_the_calendar_covers_the_evidence",
        "as-of",
    ),
    "a year without a public holiday": (
        "delete from plan.calendar_days where extract(year from calendar_date) = 2026",
        CALENDAR,
        "begins a year without a public holiday",
    ),
    "a make-up day without hours": (
        "update plan.calendar_days set hours_as_weekday = 7 where calendar_date = '2025-09-28'",
        CALENDAR,
        "2025, 9, 28",
    ),
    # Steps of the process
    "a step without a due day": (
        "update plan.process_steps set due_working_days = null where step_id = 'interview'",
        PROCESS,
        "has no due day",
    ),
    "a step with two due days": (
        "update plan.process_steps set due_months = 1 where step_id = 'objection_filing'",
        PROCESS,
        "has two due days",
    ),
    "an interview every month": (
        "update plan.process_steps set period_type = 'month' where step_id = 'interview'",
        PROCESS,
        "has its evidence once a year",
    ),
    "a publication that is due after it happened": (
        "update plan.process_steps set due_from = 'publication', due_months = null,"
        " due_working_days = null where step_id = 'publication'",
        PROCESS,
        "counts its due day from what does not happen",
    ),
    "two deadlines for goals": (
        "insert into plan.process_steps select * replace ('goal_review' as step_id)"
        " from plan.process_steps where step_id = 'goal_agreement'",
        PROCESS,
        "is one of two steps for goals",
    ),
    "a step that stops and starts again": (
        "update plan.process_steps set valid_to = '2024-07-01' where valid_to = '2025-01-01'",
        "leaves_no_gap(process_steps)",
        "leaves a gap before the next",
    ),
    "a step that somebody else is responsible for": (
        "update plan.process_steps set responsible = 'manager' where step_id = 'head_review'",
        "process_steps_hold_only_known_words",
        "manager",
    ),
    "a step due on the 90th working day": (
        "update plan.process_steps set due_working_days = 90 where step_id = 'head_review'",
        "process_steps_stay_within_their_range",
        "head_review",
    ),
    "a step without a Chinese name": (
        "update plan.process_steps set name_zh = null where step_id = 'interview'",
        "assert_the_plan_has_no_empty_cells",
        "name_zh",
    ),
    "a holiday twice": (
        "insert into plan.calendar_days"
        " select * from plan.calendar_days where calendar_date = '2025-10-01'",
        "is_unique_by(calendar_days)",
        "2025, 10, 1",
    ),
    # Grades and outcomes
    "a grade without a bonus coefficient": (
        "delete from plan.grade_outcomes where grade_id = 'D'",
        OUTCOMES,
        "D",
    ),
    "a bonus coefficient that is empty": (
        "update plan.grade_outcomes set bonus_coefficient = null where grade_id = 'B'",
        OUTCOMES,
        "B",
    ),
    "a second bonus coefficient that overlaps": (
        "insert into plan.grade_outcomes by name"
        " select * replace (date '2024-06-01' as valid_from)"
        " from plan.grade_outcomes where grade_id = 'A'",
        OUTCOMES,
        "A",
    ),
    "a negative bonus coefficient": (
        "update plan.grade_outcomes set bonus_coefficient = -1 where grade_id = 'E'",
        OUTCOMES,
        "E",
    ),
    "outcomes of an unknown grade": (
        "update plan.grade_outcomes set grade_id = 'a' where grade_id = 'A'",
        "grade_outcomes_refer_to_what_exists",
        "a",
    ),
    "a cap at an unknown grade": (
        "update plan.grade_caps set best_grade_id = 'Z' where grade_cap_id = 'conduct'",
        "grade_caps_refer_to_what_exists",
        "Z",
    ),
    "a cap for a category that HR does not export": (
        "update plan.grade_caps set category = 'secrecy' where grade_cap_id = 'confidentiality'",
        "grade_caps_hold_only_known_words",
        "secrecy",
    ),
    "a quota for A and B below that for A": (
        "update plan.distribution_quotas set cumulative_share = 0.05 where grade_id = 'B'",
        "assert_distribution_quotas_rise",
        "B",
    ),
    "a quota in percent": (
        "update plan.distribution_quotas set cumulative_share = 10 where grade_id = 'A'",
        "assert_distribution_quotas_rise",
        "A",
    ),
    "a quota for A that overtakes that for B later on": (
        "update plan.distribution_quotas set valid_to = date '2026-01-01' where grade_id = 'A';"
        "insert into plan.distribution_quotas by name"
        " select * replace (date '2026-01-01' as valid_from, null as valid_to, 0.5 as"
        " cumulative_share) from plan.distribution_quotas where grade_id = 'A'",
        "assert_distribution_quotas_rise",
        "B",
    ),
    "a cap at a grade that is given no more": (
        "update plan.grade_bands set valid_to = date '2025-07-01' where grade_id = 'B'",
        "assert_grades_are_those_of_their_year",
        "conduct",
    ),
    "a scorecard renamed after its months were published": (
        "update plan.scorecards set scorecard_id = 'agent_first_half' where scorecard_id = 'agent'",
        "assert_published_scorecards_stay_in_the_plan",
        "agent",
    ),
    "a tie rule that nobody knows": (
        "update plan.distribution_rules set tie_rule = 'toss a coin'",
        "distribution_rules_hold_only_known_words",
        "toss a coin",
    ),
    "a course for an unknown metric": (
        "update plan.training_courses set metric_id = 'cast' where metric_id = 'csat'",
        "training_courses_refer_to_what_exists",
        "cast",
    ),
    "a recognition of an unknown kind": (
        "update plan.recognition_rules set kind = 'worst_score' where kind = 'best_score'",
        "recognition_rules_hold_only_known_words",
        "worst_score",
    ),
}

EMPTY_SEEDS = {
    "annual_composition": "leaves_no_gap(annual_composition)",
    "curve_points": CURVES,
    "curves": "curve_points_refer_to_what_exists",
    "daily_standards": COMPLETE,
    "dimension_weights": DIMENSIONS_SUM,
    "dimensions": "dimension_weights_refer_to_what_exists",
    "distribution_quotas": "leaves_no_gap(distribution_quotas)",
    "distribution_rules": "leaves_no_gap(distribution_rules)",
    "grade_bands": BANDS,
    "grade_caps": "leaves_no_gap(grade_caps)",
    "grade_outcomes": OUTCOMES,
    "improvement_plan_milestones": "assert_improvement_plans_have_steps",
    "metric_weights": METRICS_SUM,
    "metrics": "metric_weights_refer_to_what_exists",
    "parameters": "every_parameter_is_set",
    "process_steps": "leaves_no_gap(process_steps)",
    "quality_sections": "assert_exports_speak_the_plans_words",
    "reviewer_shares": REVIEWERS,
    "roles": "scorecards_refer_to_what_exists",
    "scorecards": "leaves_no_gap(scorecards)",
    "standard_targets": COMPLETE,
    "working_hours": HOURS,
}


@pytest.fixture(scope="module")
def plan(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """A copy of the built example whose plan may be broken; each test rolls back."""
    copy = warehouse.copy(tmp_path_factory.mktemp("plan"))
    with copy.connect(read_only=False) as connection:
        yield Replay(warehouse.compiled, connection)


@pytest.mark.parametrize(
    ("statements", "catcher", "culprit"),
    [pytest.param(*broken, id=name) for name, broken in BROKEN_PLANS.items()],
)
def test_a_broken_plan_is_caught(plan: Replay, statements: str, catcher: str, culprit: str):
    with plan.undone():
        plan.connection.execute(statements)
        rows = plan.failing_rows(catcher, changed=seeds_changed_by(statements))
        assert names(rows, culprit), rows[:3]


@pytest.mark.parametrize(("seed", "catcher"), EMPTY_SEEDS.items(), ids=str)
def test_an_empty_seed_is_caught(plan: Replay, seed: str, catcher: str):
    with plan.undone():
        plan.connection.execute(f"delete from plan.{seed}")
        assert plan.failing_rows(catcher, changed=[seed])


def test_only_a_few_seeds_may_be_empty(warehouse: Warehouse):
    """Of who works on every holiday, and of who offers no courses and recognises nobody."""
    seeds = [n for n in warehouse.compiled.nodes.values() if n["resource_type"] == "seed"]
    optional = {"calendar_days", "recognition_rules", "training_courses"}
    assert {seed["name"] for seed in seeds} - set(EMPTY_SEEDS) == optional


def test_the_plan_as_it_is_breaks_no_test(plan: Replay):
    catchers = {catcher for _, catcher, _ in BROKEN_PLANS.values()} | set(EMPTY_SEEDS.values())
    assert [catcher for catcher in catchers if plan.failing_rows(catcher)] == []


NOBODY_LEFT_OUT = "assert_nobody_is_left_out_of_the_process"
UNAGREED = "employee_id = 'E017' and appraisal_year = 2025"


@pytest.mark.parametrize(
    ("statement", "culprit"),
    [
        pytest.param(
            "insert into intermediate.int_personal_targets by name"
            " select *, date '2025-01-01' as agreed_month"
            f" from (select * exclude (employee_agreed_on, manager_agreed_on, load_date)"
            f" from staging.stg_appraisal__goals where {UNAGREED})",
            "E017",
            id="one side has not agreed",
        ),
        pytest.param(
            "update intermediate.int_personal_targets set agreed_month = '2025-01-01'"
            " where employee_id = 'E026' and appraisal_year = 2025",
            "E026",
            id="before the second side has agreed",
        ),
        pytest.param(
            "delete from intermediate.int_personal_targets"
            " where employee_id = 'E016' and proposed_on = '2025-06-02'",
            "E016",
            id="an earlier goal than the last one agreed",
        ),
        pytest.param(
            "update intermediate.int_personal_targets set target_value = 0.5"
            " where employee_id = 'E015' and appraisal_year = 2025",
            "E015",
            id="another target than the one agreed",
        ),
    ],
)
def test_a_target_that_nobody_agreed_to_is_caught(plan: Replay, statement: str, culprit: str):
    """The models are wrong then, and the test reads the goals themselves."""
    catcher = "assert_only_agreed_goals_move_a_target"
    with plan.undone():
        plan.connection.execute(statement)
        rows = plan.failing_rows(catcher, changed=["int_personal_targets"])
        assert names(rows, culprit), rows[:3]


@pytest.mark.parametrize(
    ("statement", "catcher", "culprit"),
    [
        pytest.param(
            "update marts.goal_progress set state = 'agreed' where employee_id = 'E024'",
            "assert_goals_that_count_are_the_targets_scored",
            "E024",
            id="who has not agreed",
        ),
        pytest.param(
            "delete from marts.goal_progress where employee_id = 'E018' and state = 'agreed_late'",
            "assert_goals_that_count_are_the_targets_scored",
            "E018",
            id="a goal that is scored",
        ),
        pytest.param(
            "delete from marts.appraisal_progress"
            " where employee_id = 'E031' and step_id = 'interview'",
            NOBODY_LEFT_OUT,
            "E031",
            id="somebody's interviews",
        ),
        pytest.param(
            "update marts.appraisal_progress set not_required_reason = null"
            " where employee_id = 'E013' and period_start = '2025-04-01'",
            NOBODY_LEFT_OUT,
            "E013",
            id="a reason",
        ),
        pytest.param(
            "update marts.appraisal_progress set done_on = null where employee_id = 'E032'",
            NOBODY_LEFT_OUT,
            "E032",
            id="the days on which it was done",
        ),
        pytest.param(
            "update marts.team_appraisal_progress set overdue = 0 where supervisor_id = 'E005'",
            NOBODY_LEFT_OUT,
            "E005",
            id="what is overdue in a team",
        ),
    ],
)
def test_what_the_process_loses_is_caught(plan: Replay, statement: str, catcher: str, culprit: str):
    with plan.undone():
        plan.connection.execute(statement)
        assert names(plan.failing_rows(catcher), culprit)


@pytest.mark.parametrize(
    ("parameter_id", "value", "sentence"),
    [
        ("business_time_zone", "Asia/Shangai", "Unknown TimeZone 'Asia/Shangai'"),
        ("minimum_eligible_days_month", "ten", "Could not convert string 'ten' to INT32"),
        ("calendar_last_day", "31.12.2026", "31.12.2026"),
    ],
)
def test_a_parameter_that_cannot_be_read_stops_the_build(
    plan: Replay, parameter_id: str, value: str, sentence: str
):
    with plan.undone(), pytest.raises(duckdb.Error, match=re.escape(sentence)):
        plan.connection.execute(
            "update plan.parameters set value = ? where parameter_id = ?", [value, parameter_id]
        )
        plan.build_downstream("parameters")


def test_an_edited_seed_stops_the_build_before_the_scores(warehouse: Warehouse, tmp_path: Path):
    """The whole way once: from the edited CSV file to the exit code."""
    root = linked_project(tmp_path / "project")
    edited = root / "seeds" / "plan" / "dimension_weights.csv"
    text = edited.read_text(encoding="utf-8")
    edited.write_text(
        text.replace("agent,work_performance,0.40,", "agent,work_performance,0.3999995,"),
        encoding="utf-8",
    )
    built = warehouse.copy(tmp_path / "build")
    project = Project(folder=built.folder, root=root)
    outcome = project.dbt("build", "--select", "dimension_weights", "int_metrics_asked")
    assert not outcome.succeeded
    assert outcome.statuses[DIMENSIONS_SUM] == "fail"
    assert outcome.statuses["int_metrics_asked"] == "skipped"
    assert names(outcome.failures[DIMENSIONS_SUM], "0.9999995"), outcome.told()


# The exports: rows that are readable, and wrong beside the others

REMEDIES = "assert_remedies_find_what_they_change"
WORDS = "assert_exports_speak_the_plans_words"

# What to do to a copy of the example, the test that catches it, and whom it names. Done together:
# none of them hides another one.
STRAYS: dict[str, tuple[Callable[[Exports], None], str, str]] = {
    "positions that overlap": (
        lambda exports: add(exports, "positions", {"employee_id": "E030"}, start_date="2025-05-01"),
        "assert_positions_never_overlap",
        "E030",
    ),
    "a position of an unknown employee": (
        lambda exports: add(exports, "positions", {}, employee_id="E998"),
        WORDS,
        "E998",
    ),
    "a position under an unknown supervisor": (
        lambda exports: add(
            exports,
            "positions",
            {"employee_id": "E001"},
            start_date="2011-01-01",
            end_date="2012-01-01",
            supervisor_id="E999",
        ),
        WORDS,
        "E999",
    ),
    "a position of an unknown role": (
        lambda exports: add(
            exports,
            "positions",
            {"employee_id": "E001"},
            start_date="2012-01-01",
            end_date="2013-01-01",
            role_id="agnet",
        ),
        WORDS,
        "agnet",
    ),
    "a goal for an unknown metric": (
        lambda exports: add(exports, "goals", {"employee_id": "E015"}, metric_id="cast"),
        WORDS,
        "cast",
    ),
    "a goal in percent": (
        lambda exports: add(
            exports, "goals", {"employee_id": "E015"}, employee_id="E040", target_value="87"
        ),
        TARGETS,
        "E040",
    ),
    "a decision on an unknown grade": (
        lambda exports: add(
            exports, "grade_decisions", {"decision_id": "J01"}, decision_id="J9", grade_id="A+"
        ),
        WORDS,
        "A+",
    ),
    "interviews that spell the employees in another way": (
        lambda exports: exports.change(
            "interviews", lambda row: {**row, "employee_id": row["employee_id"].replace("E", "e-")}
        ),
        "assert_exports_know_each_other",
        "stg_appraisal__interviews",
    ),
    "a rating of an unknown criterion": (
        lambda exports: add(
            exports, "ratings", {"period_type": "month"}, rating_id="G9", criterion_id="humour"
        ),
        WORDS,
        "humour",
    ),
    "a section that no metric has": (
        lambda exports: add(
            exports, "quality_review_items", {}, item_id="ZZ9", section="smalltalk"
        ),
        WORDS,
        "smalltalk",
    ),
    "an event of next year": (
        lambda exports: add(
            exports, "ticket_events", {}, event_id="STRAY", occurred_at="2027-01-01T00:00:00Z"
        ),
        "assert_as_of_is_supported",
        "STRAY",
    ),
    "an event of next year that a later load corrected": (
        lambda exports: bring_and_correct(
            exports, "ticket_events", event_id="CORRECTED", occurred_at="2027-01-01T00:00:00Z"
        ),
        "assert_as_of_is_supported",
        "CORRECTED",
    ),
    "a month of calls that is missing": (
        lambda exports: exports.keep(
            "call_legs", lambda row: not row["ended_at"].startswith("2025-05")
        ),
        "assert_no_month_of_an_export_is_missing",
        "call_legs",
    ),
    "reviews that end with the first half of the year": (
        lambda exports: exports.keep(
            "quality_review_items", lambda row: row["reviewed_at"] < "2025-07"
        ),
        "assert_no_month_of_an_export_is_missing",
        "quality_review_items",
    ),
    "a telephone switch whose clock is UTC": (
        lambda exports: move_clock(exports, "call_legs", timedelta(hours=-8)),
        "assert_systems_agree_on_the_hours_of_work",
        "calls",
    ),
    "talk in milliseconds": (
        lambda exports: exports.change(
            "call_legs",
            lambda row: {
                **row,
                "talk_seconds": row["talk_seconds"] and row["talk_seconds"] + "000",
            },
        ),
        "assert_talk_fits_into_the_calls",
        "call_legs",
    ),
    "exams that spell the employees in another way": (
        lambda exports: exports.change(
            "exams", lambda row: {**row, "employee_id": row["employee_id"].replace("E", "e-")}
        ),
        "assert_exports_know_each_other",
        "stg_learning__exams",
    ),
    "surveys that spell the contacts in another way": (
        lambda exports: exports.change(
            "survey_responses", lambda row: {**row, "contact_id": f"#{row['contact_id']}"}
        ),
        "assert_exports_know_each_other",
        "stg_surveys__survey_responses",
    ),
    # It comes first by its hash, and thousands of times: no draw may consist of it.
    "reviews that do so, half of them of one and the same contact": (
        lambda exports: exports.change(
            "quality_review_items",
            lambda row: {
                **row,
                "contact_id": "X781573"
                if row["review_id"][-1] in "02468"
                else f"#{row['contact_id']}",
            },
        ),
        "assert_exports_know_each_other",
        "stg_quality__quality_review_items",
    ),
    "more rejected rows than a slip of the pen": (
        lambda exports: exports.change(
            "management_reports", lambda row: {**row, "due_on": row["due_on"].replace("-", "/")}
        ),
        "assert_few_rows_are_rejected",
        "management_reports",
    ),
    "a remedy of a review that is not there": (
        lambda exports: add(
            exports, "objections", {}, objection_id="O91", target_id="Q9999999", remedy="void"
        ),
        REMEDIES,
        "O91",
    ),
    "a remedy that credits a stranger": (
        lambda exports: add(
            exports,
            "objections",
            {},
            objection_id="O92",
            remedy="replace",
            replacement_employee_id="E997",
        ),
        REMEDIES,
        "E997 is not among the employees",
    ),
    "a remedy that excludes days of a stranger": (
        lambda exports: add(
            exports,
            "objections",
            {},
            objection_id="O93",
            employee_id="E996",
            remedy="exclude_days",
            excluded_from="2025-01-02",
            excluded_to="2025-01-03",
        ),
        REMEDIES,
        "E996 is not among the employees",
    ),
    "a remedy in percent on a scale of five": (
        lambda exports: add(
            exports,
            "objections",
            {},
            objection_id="O94",
            target_type="rating",
            target_id=exports.find("ratings", scale_max="5")["rating_id"],
            remedy="replace",
            replacement_score="80",
        ),
        REMEDIES,
        "off the scale",
    ),
    "a month that is reopened before it was published": (
        lambda exports: add(
            exports,
            "closings",
            {"step": "closed"},
            closing_id="P99",
            period_start="2026-01-01",
            step="reopened",
            stepped_on="2026-01-30",
            reason="Too early",
            approved_by="E001",
        ),
        "assert_steps_of_a_period_follow_each_other",
        "P99",
    ),
}


@pytest.fixture(scope="module")
def strays(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The outcome of the tests that should catch something, on exports with all strays."""
    folder = tmp_path_factory.mktemp("strays")
    exports = Exports.copied(folder / "exports")
    for edit, _, _ in STRAYS.values():
        edit(exports)
    catchers = sorted({catcher for _, catcher, _ in STRAYS.values()})
    project = warehouse.copy(folder / "build", exports.folder)
    models = project.dbt("run", "--select", *(f"+{catcher}" for catcher in catchers))
    assert models.succeeded, models.told()
    return project.dbt("test", "--select", *catchers)


@pytest.mark.parametrize(
    ("catcher", "culprit"),
    [pytest.param(*expected, id=name) for name, (_, *expected) in STRAYS.items()],
)
def test_a_stray_in_the_exports_is_caught(strays: Outcome, catcher: str, culprit: str):
    assert names(strays.failures.get(catcher, []), culprit), strays.told()


def add(exports: Exports, table: str, where: dict[str, str], **values: str) -> None:
    """Append a copy of a row with other values."""
    exports.append(table, {**exports.find(table, **where), **values})


def bring_and_correct(exports: Exports, table: str, **values: str) -> None:
    """Append a copy of a row with other values, the key first; a later load mends the others."""
    add(exports, table, {}, **values)
    key = next(iter(values))
    row = {**exports.find(table), key: values[key]}
    file = exports.folder / table / "load_date=2026-02-02" / "part.csv"
    file.parent.mkdir()
    file.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")


def move_clock(exports: Exports, table: str, shift: timedelta) -> None:
    """Move all timestamps without an offset."""

    def moved(value: str) -> str:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", value):
            return value
        return (datetime.fromisoformat(value) + shift).isoformat()

    exports.change(table, lambda row: {name: moved(value) for name, value in row.items()})


# The exports: files that are wrong as a whole


@pytest.fixture(scope="module")
def spoilt(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    folder = tmp_path_factory.mktemp("spoilt")
    exports = Exports.copied(folder / "exports")
    exports.rename_columns("call_legs", offered_at="ended_at", ended_at="offered_at")
    copy = exports.file("survey_responses").with_name("survey_responses (1).csv")
    copy.write_bytes(exports.file("survey_responses").read_bytes())
    exports.change("trainings", lambda row: {**row, "hours": row["hours"] + ",5"})
    project = warehouse.copy(folder / "build", exports.folder)
    catcher = "assert_few_rows_are_rejected"
    needed = [f"+{catcher}", "rejected_rows", "stg_surveys__survey_responses"]
    models = project.dbt("run", "--select", *needed)
    assert models.succeeded, models.told()
    return Spoilt(project, project.dbt("test", "--select", catcher).failures[catcher])


@pytest.mark.parametrize(
    ("table", "reason", "least"),
    [
        pytest.param("call_legs", "is before offered_at", 8_000, id="swapped columns"),
        pytest.param("survey_responses", "duplicate of another row", 9_000, id="a doubled file"),
        pytest.param("trainings", "the line has 8 fields", 700, id="decimal commas"),
    ],
)
def test_a_spoilt_file_is_caught(spoilt: Spoilt, table: str, reason: str, least: int):
    assert names(spoilt.failures, table)
    with spoilt.project.connect() as connection:
        count = connection.execute(
            "select count(*) from marts.rejected_rows where table_name = ? and contains(reason, ?)",
            [table, reason],
        ).fetchone()
    assert count[0] > least


def test_a_doubled_file_changes_no_staged_row(warehouse: Warehouse, spoilt: Spoilt):
    """And so no score."""
    staged = "from staging.stg_surveys__survey_responses order by response_id"
    with warehouse.connect() as one, spoilt.project.connect() as other:
        assert rows_of(one, staged) == rows_of(other, staged)


def seeds_changed_by(statements: str) -> set[str]:
    return set(re.findall(r"(?:update|insert into|delete from) plan\.(\w+)", statements))


def names(rows: Rows, culprit: str) -> bool:
    """Whether one of the rows shows the culprit."""
    return any(culprit in str(list(row.values())) for row in rows)
