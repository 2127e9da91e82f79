"""What the sheets of a year say, read from the marts: a query a table, whoever is asked for.

Nothing is computed here. A sheet is a dict: the person and the result, `dimensions` with their
`metrics` and `reviews`, and lists that the template shows as they are.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import duckdb

from scripts import publish, warehouse

Row = dict[str, Any]
Names = dict[tuple[str, str], tuple[str, str]]


class Problem(Exception):
    """There are no sheets to write; the message is a sentence that says why."""


RESULTS = """
    with last_months as (
        select
            employee_id,
            year(month_start) as appraisal_year,
            role_id,
            max_by(team_id, month_start) as team_id,
            max_by(supervisor_id, month_start) as supervisor_id
        from marts.employee_months
        group by all
    )
    select
        scorecards.*,
        employees.full_name,
        last_months.team_id,
        last_months.supervisor_id,
        supervisors.full_name as supervisor_name,
        annual_grades.final_grade_id,
        annual_grades.final_grade_basis,
        annual_grades.grade_cap_id,
        annual_grades.grade_cap_reason,
        annual_grades.committee_reason,
        annual_outcomes.has_improvement_plan,
        objection_deadlines.published_on,
        objection_deadlines.filing_due_on
    from marts.annual_scorecards as scorecards
    left join marts.employees on scorecards.employee_id = employees.employee_id
    left join last_months
        on
            scorecards.employee_id = last_months.employee_id
            and scorecards.appraisal_year = last_months.appraisal_year
            and scorecards.role_id = last_months.role_id
    left join marts.employees as supervisors
        on last_months.supervisor_id = supervisors.employee_id
    left join marts.annual_grades
        on
            scorecards.employee_id = annual_grades.employee_id
            and scorecards.appraisal_year = annual_grades.appraisal_year
    left join marts.annual_outcomes
        on
            scorecards.employee_id = annual_outcomes.employee_id
            and scorecards.appraisal_year = annual_outcomes.appraisal_year
    left join marts.objection_deadlines
        on
            scorecards.employee_id = objection_deadlines.employee_id
            and objection_deadlines.period_type = 'year'
            and year(objection_deadlines.period_start) = scorecards.appraisal_year
    where
        scorecards.appraisal_year = $year
        and coalesce(scorecards.employee_id = $employee_id, true)
    order by last_months.team_id, scorecards.employee_id
"""

DIMENSIONS = """
    with weighed as (
        select
            employee_id,
            scorecard_id,
            dimension_id,
            sum(effective_weight) as effective_weight
        from marts.score_explanations
        where
            period_type = 'year'
            and period_start = make_date($year, 1, 1)
            and coalesce(employee_id = $employee_id, true)
        group by all
    ),
    roles as (
        select distinct employee_id, scorecard_id, role_id
        from marts.monthly_scorecards
        where year(month_start) = $year
    )
    select * from marts.annual_dimension_scores
    left join weighed using (employee_id, scorecard_id, dimension_id)
    left join roles using (employee_id, scorecard_id)
    where appraisal_year = $year and coalesce(employee_id = $employee_id, true)
    order by employee_id, scorecard_id, dimension_weight desc, dimension_id
"""

METRICS = """
    with months as (
        select
            employee_id,
            scorecard_id,
            dimension_id,
            metric_id,
            max(nominal_weight) as nominal_weight,
            max_by(has_personal_target, month_start) filter (where status != 'not_eligible')
                as has_personal_target,
            map(list(month(month_start)), list(metric_score)) as monthly_scores
        from marts.monthly_metric_scores
        inner join marts.monthly_scorecards using (employee_id, month_start, scorecard_id)
        where year(month_start) = $year and coalesce(employee_id = $employee_id, true)
        group by all
    )
    select
        explained.employee_id,
        explained.scorecard_id,
        explained.dimension_id,
        explained.metric_id,
        explained.metric_value,
        explained.unit,
        explained.target_value,
        explained.denominator,
        explained.score,
        explained.effective_weight,
        explained.contribution,
        months.has_personal_target,
        months.monthly_scores
    from marts.score_explanations as explained
    left join months using (employee_id, scorecard_id, dimension_id, metric_id)
    where
        explained.component = 'metric'
        and explained.period_type = 'year'
        and explained.period_start = make_date($year, 1, 1)
        and coalesce(explained.employee_id = $employee_id, true)
    order by months.nominal_weight desc, explained.metric_id
"""

REVIEWS = """
    select * from marts.annual_reviews
    where appraisal_year = $year and coalesce(employee_id = $employee_id, true)
    order by share desc, relation
"""

REVIEW_WEIGHTS = """
    select employee_id, scorecard_id, dimension_id, effective_weight
    from marts.score_explanations
    where
        component = 'review'
        and period_type = 'year'
        and period_start = make_date($year, 1, 1)
        and coalesce(employee_id = $employee_id, true)
"""

# As many of each as one reads in an interview: the heaviest, the costliest, the latest.
ASSESSED = """
    select
        *,
        row_number() over (
            partition by employee_id, assessment
            order by
                case assessment when 'strength' then -maximum_contribution end,
                rank_by_points_lost
        ) as place
    from marts.annual_strengths_and_gaps
    where
        appraisal_year = $year
        and coalesce(employee_id = $employee_id, true)
        and assessment is not null
    qualify place <= $shown
    order by employee_id, place
"""

COACHING = """
    select
        coaching_effects.*,
        metrics.unit,
        count(*) over (partition by coaching_effects.employee_id) as sessions
    from marts.coaching_effects
    left join (select distinct metric_id, unit from marts.score_explanations) as metrics
        using (metric_id)
    where year(held_on) = $year and coalesce(employee_id = $employee_id, true)
    qualify
        row_number() over (
            partition by coaching_effects.employee_id order by held_on desc, session_id desc
        ) <= $shown
    order by employee_id, held_on desc, session_id desc
"""

TRAINING = """
    select * from marts.training_proposals
    where
        appraisal_year = $year
        and coalesce(employee_id = $employee_id, true)
        and course_rank <= $shown
    order by employee_id, course_rank
"""

SHOWN = 4


class Source:
    """The marts as they are published or, where nothing is, as the last build left them."""

    def __init__(self) -> None:
        folder = publish.current(warehouse.published())
        if folder:
            try:
                self.connection = warehouse.connected(folder / publish.DATABASE, read_only=True)
            except duckdb.Error as error:
                raise Problem(
                    f"The published build {folder.name} cannot be opened:"
                    f" {warehouse.first_line(error)}"
                ) from None
            self.described = f"the published build {folder.name}"
            self.remedy = "Publish anew (make nightly)."
            [about] = self.rows("select build_id, as_of_at from marts.build")
        else:
            try:
                self.connection = warehouse.opened()
            except warehouse.Unreadable as error:
                raise Problem(str(error)) from None
            self.described = f"{warehouse.path().name}, which is not published"
            self.remedy = "Build it anew (make build)."
            [about] = self.rows("select null as build_id, as_of_at from intermediate.int_as_of")
        self.build_id: str | None = about["build_id"]
        self.as_of_at: datetime | None = about["as_of_at"]

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, query: str, **values: object) -> list[Row]:
        try:
            return warehouse.rows(self.connection, query, values or None)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise Problem(
                f"What the sheets need is missing from {self.described}:"
                f" {warehouse.first_line(error)} {self.remedy}"
            ) from None


def grouped(rows: list[Row], *keys: str) -> dict[tuple, list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def names(source: Source) -> Names:
    """What the plan calls a thing, in English and Chinese, by kind and id."""
    return {
        (row["subject"], row["id"]): (row["name_en"], row["name_zh"])
        for row in source.rows("from marts.plan_names")
    }


def sheets(source: Source, year: int, employee_id: str | None) -> list[Row]:
    """All sheets of a year, by team, or the one that is asked for."""
    asked = {"year": year, "employee_id": employee_id}
    results = source.rows(RESULTS, **asked)
    if not results:
        raise Problem(without_scorecards(source, year, employee_id))
    of_dimension = ("employee_id", "scorecard_id", "dimension_id")
    dimensions = grouped(source.rows(DIMENSIONS, **asked), "employee_id")
    metrics = grouped(source.rows(METRICS, **asked), *of_dimension)
    reviews = grouped(source.rows(REVIEWS, **asked), "employee_id", "dimension_id")
    review_weights = grouped(source.rows(REVIEW_WEIGHTS, **asked), *of_dimension)
    few = asked | {"shown": SHOWN}
    assessed = grouped(source.rows(ASSESSED, **few), "employee_id", "assessment")
    coaching = grouped(source.rows(COACHING, **few), "employee_id")
    training = grouped(source.rows(TRAINING, **few), "employee_id")
    for result in results:
        result["strengths"] = assessed[result["employee_id"], "strength"]
        result["gaps"] = assessed[result["employee_id"], "gap"]
        result["coaching"] = coaching[result["employee_id"],]
        result["training"] = training[result["employee_id"],]
        result["dimensions"] = dimensions[result["employee_id"],]
        for dimension in result["dimensions"]:
            key = tuple(dimension[column] for column in of_dimension)
            dimension["metrics"] = metrics[key]
            # Of a role left during the year, the months alone count.
            is_reviewed = dimension["role_id"] == result["role_id"]
            dimension["reviews"] = reviews[key[0], key[2]] if is_reviewed else []
            weights = review_weights[key]
            dimension["review_weight"] = weights[0]["effective_weight"] if weights else None
    return results


def without_scorecards(source: Source, year: int, employee_id: str | None) -> str:
    """One sentence that says what there is instead."""
    years = [
        row["appraisal_year"]
        for row in source.rows(
            "select distinct appraisal_year from marts.annual_scorecards order by 1"
        )
    ]
    if not years:
        return "There are no annual scorecards yet. Build them first: make build"
    if year not in years:
        there_are = ", ".join(str(each) for each in years)
        return f"There are no scorecards of {year}; there are those of {there_are}."
    people = source.rows(
        "select employee_id from marts.annual_scorecards where appraisal_year = $year"
        " order by 1 limit 3",
        year=year,
    )
    there_are = ", ".join(row["employee_id"] for row in people)
    return f"{employee_id} has no scorecard of {year}; there are {there_are}, …"
