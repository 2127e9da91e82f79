"""The scores laid out as the tables that BI reads (DESIGN §5): key → column → value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .arithmetic import rounded_or_none
from .evidence import Evidence, Sums
from .people import EmployeeMonth
from .reading import Place
from .scoring import AnnualMetric, AnnualScorecard, MetricScore, MonthlyScorecard, Result

Value = Decimal | str | int | date | None
Rows = dict[tuple, dict[str, Value]]


@dataclass
class Results:
    as_of: datetime
    rejected: set[Place]
    employee_months: Rows = field(default_factory=dict)  # employee, month, scorecard
    monthly_metrics: Rows = field(default_factory=dict)  # employee, month, metric
    monthly_metric_scores: Rows = field(
        default_factory=dict
    )  # employee, month, scorecard, dimension, metric
    monthly_dimension_scores: Rows = field(
        default_factory=dict
    )  # employee, month, scorecard, dimension
    monthly_scorecards: Rows = field(default_factory=dict)  # employee, month, scorecard
    annual_metric_scores: Rows = field(
        default_factory=dict
    )  # employee, year, scorecard, dimension, metric
    annual_dimension_scores: Rows = field(
        default_factory=dict
    )  # employee, year, scorecard, dimension
    annual_scorecards: Rows = field(default_factory=dict)  # employee, year
    annual_reviews: Rows = field(default_factory=dict)  # employee, year, dimension, relation
    objection_deadlines: Rows = field(default_factory=dict)  # employee, type, start
    # What follows from the years, laid out as the marts of the same names.
    annual_strengths_and_gaps: Rows = field(default_factory=dict)
    annual_grades: Rows = field(default_factory=dict)
    annual_outcomes: Rows = field(default_factory=dict)
    grade_distribution_simulation: Rows = field(default_factory=dict)
    grade_distribution: Rows = field(default_factory=dict)
    training_proposals: Rows = field(default_factory=dict)
    improvement_plan_steps: Rows = field(default_factory=dict)
    recognitions: Rows = field(default_factory=dict)
    uncoached_low_grades: Rows = field(default_factory=dict)
    appraisal_progress: Rows = field(default_factory=dict)  # employee, type, start, step
    team_appraisal_progress: Rows = field(default_factory=dict)  # supervisor, type, start, step
    rating_submissions: Rows = field(default_factory=dict)  # rating
    goal_progress: Rows = field(default_factory=dict)  # employee, year, metric, proposal, month
    coaching_effects: Rows = field(default_factory=dict)  # session
    # Last day to file, last day to decide, state; by objection.
    objections: dict[str, tuple[date | None, date | None, str]] = field(default_factory=dict)

    def add_days(self, key: tuple[str, date, str], days: EmployeeMonth) -> None:
        self.employee_months[key] = {
            "eligible_days": days.eligible_days,
            "eligible_working_days": days.eligible_working_days,
        }

    def add_evidence(self, evidence: Evidence) -> None:
        """Evidence with a denominator; suggestions also in months that have points alone."""
        for metric_id, person, month, sums in evidence:
            if sums.denominator or (metric_id == "suggestions" and sums.numerator):
                self.monthly_metrics[person, month, metric_id] = sums_columns(sums)

    def add_month(self, card: MonthlyScorecard) -> None:
        key = card.person, card.month, card.scorecard.scorecard_id
        self.monthly_scorecards[key] = {
            "role_id": card.scorecard.role_id,
            "eligible_days": card.days.eligible_days,
            "monthly_score": rounded_or_none(card.result.score, 6),
            **result_columns(card.result),
            "weight_covered": rounded_or_none(card.weight_covered, 6),
        }
        for dimension_id, dimension in card.dimensions.items():
            self.monthly_dimension_scores[*key, dimension_id] = {
                "dimension_weight": rounded_or_none(dimension.weight, 6),
                "effective_weight": rounded_or_none(dimension.effective_weight, 6),
                "dimension_score": rounded_or_none(dimension.score, 4),
                "weight_covered": rounded_or_none(dimension.weight_covered, 6),
                "contribution": rounded_or_none(dimension.contribution, 6),
            }
        for metric_id, scored in card.metrics.items():
            self.monthly_metric_scores[*key, scored.metric.dimension_id, metric_id] = (
                monthly_metric_columns(scored)
            )

    def add_year(self, annual: AnnualScorecard) -> None:
        key = annual.person, annual.year
        self.annual_scorecards[key] = {
            "role_id": annual.role_id,
            "eligible_days": annual.eligible_days,
            "monthly_score": rounded_or_none(annual.monthly_score, 6),
            "review_score": rounded_or_none(annual.review_score, 6),
            "annual_score": rounded_or_none(annual.result.score, 6),
            **result_columns(annual.result),
            "weight_covered": rounded_or_none(annual.weight_covered, 6),
        }
        for (scorecard_id, dimension_id), dimension in annual.dimensions.items():
            dimension_key = *key, scorecard_id, dimension_id
            self.annual_dimension_scores[dimension_key] = {
                "eligible_days": dimension.eligible_days,
                "dimension_weight": rounded_or_none(dimension.weight, 6),
                "monthly_score": rounded_or_none(dimension.monthly_score, 6),
                "review_score": rounded_or_none(dimension.review_score, 6),
                "dimension_score": rounded_or_none(dimension.dimension_score, 6),
                "weight_covered": rounded_or_none(dimension.weight_covered, 6),
                "monthly_contribution": rounded_or_none(dimension.monthly_contribution, 6),
                "review_contribution": rounded_or_none(dimension.review_contribution, 6),
                "contribution": rounded_or_none(dimension.contribution, 6),
            }
            for metric_id, metric in dimension.metrics.items():
                self.annual_metric_scores[*dimension_key, metric_id] = annual_metric_columns(metric)


def sums_columns(sums: Sums | None) -> dict[str, Value]:
    return {
        "numerator": rounded_or_none(sums and sums.numerator, 6),
        "denominator": rounded_or_none(sums and sums.denominator, 6),
        "metric_value": rounded_or_none(sums and sums.value, 6),
    }


def result_columns(result: Result) -> dict[str, Value]:
    return {
        "published_score": rounded_or_none(result.published, 2),
        "grade_id": result.grade_id,
        "status": result.status,
        "status_reason": result.reason,
    }


def monthly_metric_columns(scored: MetricScore) -> dict[str, Value]:
    return {
        **sums_columns(scored.sums),
        "target_value": rounded_or_none(scored.target, 6),
        "metric_score": rounded_or_none(scored.score, 4),
        "nominal_weight": rounded_or_none(scored.nominal_weight, 6),
        "effective_weight": rounded_or_none(scored.effective_weight, 6),
        "contribution": rounded_or_none(scored.contribution, 6),
        "missing_reason": scored.missing_reason,
    }


def annual_metric_columns(metric: AnnualMetric) -> dict[str, Value]:
    return {
        **sums_columns(metric.sums),
        "mean_of_months_value": rounded_or_none(metric.mean_of_months, 6),
        "target_value": rounded_or_none(metric.target, 6),
        "metric_points": rounded_or_none(metric.points, 10),
        "contribution": rounded_or_none(metric.contribution, 6),
    }


def by_year(cards: Iterable[MonthlyScorecard]) -> dict[tuple[str, int], list[MonthlyScorecard]]:
    years: dict[tuple[str, int], list[MonthlyScorecard]] = {}
    for card in cards:
        years.setdefault((card.person, card.month.year), []).append(card)
    return years
