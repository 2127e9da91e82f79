"""From evidence to scores: metric scores, months, years (rules §5 to §8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from .arithmetic import DAY, ZERO, instant_of, month_of, months_later, rounded_or_none, settled
from .evidence import Evidence, Sums, World, latest
from .people import EmployeeMonth
from .plan import Scorecard, ScorecardMetric

NO_EVIDENCE = "no_evidence"
BELOW_MINIMUM = "below_minimum_denominator"


def total(values) -> Fraction:
    return sum(values, ZERO)


@dataclass
class MetricScore:
    """One metric of a scorecard in one month."""

    metric: ScorecardMetric
    sums: Sums | None
    target: Fraction
    score: Fraction | None
    missing_reason: str | None
    nominal_weight: Fraction
    effective_weight: Fraction | None = None
    contribution: Fraction | None = None

    @property
    def is_scored(self) -> bool:
        return self.score is not None

    @property
    def has_evidence(self) -> bool:
        return self.missing_reason is None


@dataclass
class DimensionScore:
    """One dimension of a scorecard in one month."""

    weight: Fraction
    weight_covered: Fraction
    scored_weight: Fraction  # Σ w(M(d))
    effective_weight: Fraction | None = None
    score: Fraction | None = None
    contribution: Fraction | None = None


@dataclass
class Result:
    """Status, score and grade of a month or a year; no score without a result."""

    status: str
    reason: str | None
    score: Fraction | None = None
    published: Fraction | None = None
    grade_id: str | None = None

    @property
    def has_score(self) -> bool:
        return self.status in ("final", "provisional")


@dataclass
class MonthlyScorecard:
    person: str
    month: date
    scorecard: Scorecard
    days: EmployeeMonth
    is_appraised: bool
    metrics: dict[str, MetricScore]
    dimensions: dict[str, DimensionScore]
    weight_covered: Fraction
    result: Result

    def asks_for(self, metric: ScorecardMetric) -> bool:
        """Whether it has the metric, in the same dimension."""
        own = self.metrics.get(metric.metric_id)
        return own is not None and own.metric.dimension_id == metric.dimension_id

    def scored_in(self, dimension_id: str) -> list[MetricScore]:
        return [
            scored
            for scored in self.metrics.values()
            if scored.is_scored and scored.metric.dimension_id == dimension_id
        ]


class MonthScorer:
    def __init__(self, world: World, evidence: Evidence) -> None:
        self.world, self.plan, self.evidence = world, world.plan, evidence
        self.minimum_days = self.plan.number("minimum_eligible_days_month")
        self._goals: dict[tuple[str, int, str], list] = defaultdict(list)
        for goal in world.tables["goals"]:
            key = goal["employee_id"], goal["appraisal_year"], goal["metric_id"]
            self._goals[key].append(goal)

    def scorecard(
        self, person: str, month: date, scorecard_id: str, days: EmployeeMonth
    ) -> MonthlyScorecard:
        scorecard = self.plan.scorecards[scorecard_id]
        metrics = {
            metric.metric_id: self.metric(person, month, scorecard, metric)
            for metric in scorecard.metrics
        }
        dimensions = {
            dimension_id: self.dimension(weight, dimension_id, metrics)
            for dimension_id, weight in scorecard.dimensions.items()
        }
        covered = total(
            scorecard.dimensions[scored.metric.dimension_id] * scored.metric.weight
            for scored in metrics.values()
            if scored.has_evidence
        )
        card = MonthlyScorecard(
            person,
            month,
            scorecard,
            days,
            days.eligible_days >= self.minimum_days,
            metrics,
            dimensions,
            settled(covered, 6),
            Result("", None),
        )
        card.result = self.result(card)
        self.spread(card)
        if card.result.has_score:
            contributions = (scored.contribution for scored in metrics.values() if scored.is_scored)
            publish(card.result, total(contributions), self.world, month)
        return card

    # One metric (§5, §6)

    def metric(
        self, person: str, month: date, scorecard: Scorecard, metric: ScorecardMetric
    ) -> MetricScore:
        sums, missing_reason = self.windowed(person, month, metric.metric_id)
        target = self.personal_target(person, month, metric.metric_id) or metric.target_value
        score = None
        if missing_reason is None:
            score = self.read(scorecard, metric, sums.value * metric.target_value / target)
        elif metric.missing_policy == "neutral":
            score = self.read(scorecard, metric, metric.target_value)
        elif metric.missing_policy == "zero":
            score = ZERO
        nominal = settled(scorecard.dimensions[metric.dimension_id] * metric.weight, 6)
        return MetricScore(metric, sums, target, score, missing_reason, nominal)

    def windowed(self, person: str, month: date, metric_id: str) -> tuple[Sums | None, str | None]:
        """The evidence of the window, else of the fallback window, and why it is too little."""
        metric = self.plan.metrics[metric_id]
        lengths = [metric.window_months]
        if metric.fallback_window_months > metric.window_months:
            lengths.append(metric.fallback_window_months)
        for length in lengths:
            sums = self.evidence.trailing(metric_id, person, month, length)
            if sums and sums.denominator and sums.denominator >= metric.minimum_denominator:
                return sums, None
        return sums, BELOW_MINIMUM if sums and sums.denominator else NO_EVIDENCE

    def personal_target(self, person: str, month: date, metric_id: str) -> Fraction | None:
        agreed = [
            goal
            for goal in self._goals[person, month.year, metric_id]
            if goal["employee_agreed_on"]
            and goal["manager_agreed_on"]
            and month_of(max(goal["employee_agreed_on"], goal["manager_agreed_on"])) <= month
        ]
        proposed_last = max(agreed, key=lambda goal: goal["proposed_on"], default=None)
        return proposed_last and proposed_last["target_value"]

    def read(self, scorecard: Scorecard, metric: ScorecardMetric, x: Fraction) -> Fraction:
        return settled(min(self.plan.curves[metric.curve_id].score(x), scorecard.score_cap), 4)

    # Dimensions and the month (§7)

    def dimension(
        self, weight: Fraction, dimension_id: str, metrics: dict[str, MetricScore]
    ) -> DimensionScore:
        own = [scored for scored in metrics.values() if scored.metric.dimension_id == dimension_id]
        covered = total(scored.metric.weight for scored in own if scored.has_evidence)
        scored_weight = total(scored.metric.weight for scored in own if scored.is_scored)
        dimension = DimensionScore(weight, settled(covered, 6), scored_weight)
        if scored_weight:
            weighted = total(
                scored.score * scored.metric.weight for scored in own if scored.is_scored
            )
            dimension.score = settled(weighted / scored_weight, 4)
        return dimension

    def spread(self, card: MonthlyScorecard) -> None:
        """Effective weights and contributions of what is scored."""
        dimensions = {key: own for key, own in card.dimensions.items() if own.scored_weight}
        all_weight = total(dimension.weight for dimension in dimensions.values())
        if not all_weight:
            return
        for dimension_id, dimension in dimensions.items():
            dimension.effective_weight = settled(dimension.weight / all_weight, 6)
            for scored in card.scored_in(dimension_id):
                share = dimension.weight * scored.metric.weight
                share /= all_weight * dimension.scored_weight
                scored.effective_weight = settled(share, 6)
                if card.result.has_score:
                    scored.contribution = settled(scored.score * share, 6)
            if card.result.has_score:
                dimension.contribution = total(
                    scored.contribution for scored in card.scored_in(dimension_id)
                )

    def result(self, card: MonthlyScorecard) -> Result:
        if not card.is_appraised:
            return Result("not_eligible", "eligible_days_below_minimum")
        blocking = [
            metric_id
            for metric_id, scored in card.metrics.items()
            if scored.metric.missing_policy == "block" and not scored.has_evidence
        ]
        if blocking:
            return Result("insufficient_data", f"blocked_by_{min(blocking)}")
        if card.weight_covered < self.plan.number("minimum_weight_covered"):
            return Result("insufficient_data", "weight_covered_below_minimum")
        return open_or_final(self.world, months_later(card.month, 1))


def open_or_final(world: World, next_period: date) -> Result:
    closes_at = instant_of(next_period, "00:00", world.plan.calendar.zone) + world.plan.window
    if world.as_of < closes_at:
        return Result("provisional", "windows_still_open")
    return Result("final", None)


def publish(result: Result, score: Fraction, world: World, day: date) -> None:
    result.score = score
    result.published = settled(score, 2)
    result.grade_id = world.plan.grade(result.published, day)


# The year (§8)


@dataclass
class AnnualMetric:
    metric: ScorecardMetric
    sums: Sums | None
    mean_of_months: Fraction | None
    target: Fraction
    points: Fraction | None
    day_weight: Fraction  # Σ eligible days × inside weight of the scored months / E(d)
    mean_score: Fraction | None
    weight: Fraction | None = None
    contribution: Fraction | None = None


@dataclass
class AnnualDimension:
    weight: Fraction
    counted_days: int  # E(d)
    weight_covered: Fraction
    metrics: dict[str, AnnualMetric]
    eligible_days: int  # of the scorecard, in the year
    monthly_score: Fraction | None = None
    review_score: Fraction | None = None
    dimension_score: Fraction | None = None
    reading: Fraction = ZERO  # its part of the year's monthly score
    monthly_contribution: Fraction | None = None
    review_contribution: Fraction | None = None

    @property
    def contribution(self) -> Fraction | None:
        if self.monthly_contribution is None:
            return None
        return self.monthly_contribution + (self.review_contribution or 0)


@dataclass
class AnnualScorecard:
    person: str
    year: int
    role_id: str | None
    eligible_days: int
    weight_covered: Fraction | None
    dimensions: dict[tuple[str, str], AnnualDimension] = field(default_factory=dict)
    monthly_score: Fraction | None = None
    review_score: Fraction | None = None
    result: Result = field(default_factory=lambda: Result("", None))


class YearScorer:
    def __init__(self, world: World, evidence: Evidence) -> None:
        self.world, self.plan, self.evidence = world, world.plan, evidence
        self._reviews: dict[tuple[str, date, str], list] = defaultdict(list)
        for rating in world.tables["ratings"]:
            if rating["period_type"] == "year":
                key = rating["ratee_id"], rating["period_start"], rating["criterion_id"]
                self._reviews[key].append(rating)

    def scorecard(self, person: str, year: int, cards: list[MonthlyScorecard]) -> AnnualScorecard:
        """The year of a person from all the person's monthly scorecards of that year."""
        appraised = [card for card in cards if card.is_appraised]
        position = self.world.people.position_on(person, self.review_day(year))
        months_end = months_later(month_of(self.world.as_of_date), 1) - DAY
        last_day = min(date(year, 12, 31), months_end)
        last_position = position or self.world.people.last_position(person, last_day)
        annual = AnnualScorecard(
            person,
            year,
            last_position and last_position["role_id"],
            sum(card.days.eligible_days for card in cards),
            self.covered(appraised),
        )
        counting = {
            card.scorecard.scorecard_id: card.scorecard
            for card in appraised
            if any(scored.is_scored for scored in card.metrics.values())
        }
        annual.result = self.result(annual, appraised, bool(counting))
        all_days = sum(
            card.days.eligible_days for card in cards if card.scorecard.scorecard_id in counting
        )
        for scorecard_id, scorecard in counting.items():
            own = [card for card in cards if card.scorecard.scorecard_id == scorecard_id]
            share = Fraction(sum(card.days.eligible_days for card in own), all_days)
            self.add_scorecard(annual, scorecard, own, share)
        self.read_year(annual)
        return annual

    def add_scorecard(
        self,
        annual: AnnualScorecard,
        scorecard: Scorecard,
        cards: list[MonthlyScorecard],
        scorecard_share: Fraction,
    ) -> None:
        appraised = sorted(
            (card for card in cards if card.is_appraised), key=lambda card: card.month
        )
        eligible_days = sum(card.days.eligible_days for card in cards)
        # Closed months may hold what the plan has changed since: the last one names the weight.
        weights = {
            dimension_id: weight
            for card in appraised
            for dimension_id, weight in card.scorecard.dimensions.items()
        }
        dimensions = {
            dimension_id: self.dimension(weight, dimension_id, appraised, eligible_days)
            for dimension_id, weight in weights.items()
        }
        all_weight = total(own.weight for own in dimensions.values() if own.counted_days)
        is_reviewed = self.reviewed_role(annual) == scorecard.role_id
        for dimension_id, dimension in dimensions.items():
            annual.dimensions[scorecard.scorecard_id, dimension_id] = dimension
            if not dimension.counted_days:
                continue
            if is_reviewed:
                dimension.review_score = self.review_score(annual, dimension_id)
            self.spread(annual, dimension, scorecard_share * dimension.weight / all_weight)

    def dimension(
        self,
        weight: Fraction,
        dimension_id: str,
        appraised: list[MonthlyScorecard],
        eligible_days: int,
    ) -> AnnualDimension:
        counting = [card for card in appraised if card.scored_in(dimension_id)]
        counted_days = sum(card.days.eligible_days for card in counting)
        asked = {
            metric.metric_id: metric
            for card in appraised
            for metric in card.scorecard.metrics
            if metric.dimension_id == dimension_id
        }
        metrics = {
            metric_id: self.metric(metric, appraised, counting, counted_days)
            for metric_id, metric in asked.items()
        }
        covered = weighted_mean(
            (card.dimensions[dimension_id].weight_covered, card.days.eligible_days)
            for card in appraised
            if dimension_id in card.dimensions
        )
        return AnnualDimension(
            weight,
            counted_days,
            settled(covered, 6),
            metrics,
            eligible_days,
        )

    def metric(
        self,
        metric: ScorecardMetric,
        appraised: list[MonthlyScorecard],
        counting: list[MonthlyScorecard],
        counted_days: int,
    ) -> AnnualMetric:
        metric_id, last = metric.metric_id, appraised[-1]
        asked = [card for card in appraised if card.asks_for(metric)]
        months = [card.month for card in asked]
        own = [self.evidence.of_month(metric_id, last.person, month) for month in months]
        values = [settled(sums.value, 6) for sums in own if sums and sums.denominator]
        scored = [
            (
                card.days.eligible_days
                * settled(
                    card.metrics[metric_id].metric.weight
                    / card.dimensions[metric.dimension_id].scored_weight,
                    10,
                ),
                card.metrics[metric_id].score,
            )
            for card in counting
            if card.asks_for(metric) and card.metrics[metric_id].is_scored
        ]
        weighted_days = total(days for days, _ in scored)
        weighted = total(days * score for days, score in scored)
        return AnnualMetric(
            metric,
            self.evidence.over(metric_id, last.person, months, last.month),
            settled(total(values) / len(values), 6) if values else None,
            asked[-1].metrics[metric_id].target,
            settled(weighted / counted_days, 10) if scored else None,
            weighted_days / counted_days if scored else ZERO,
            settled(weighted / weighted_days, 4) if scored else None,
        )

    def spread(self, annual: AnnualScorecard, dimension: AnnualDimension, share: Fraction) -> None:
        """Readings of a dimension, and the contributions; `share` is S(s) × R(d)."""
        month_share, review_share = Fraction(1), ZERO
        if dimension.review_score is not None:
            month_share, review_share = self.plan.composition(date(annual.year, 1, 1))
        scored = [own for own in dimension.metrics.values() if own.points is not None]
        dimension.monthly_score = settled(total(own.points for own in scored), 6)
        review = dimension.review_score or ZERO
        dimension.dimension_score = settled(
            dimension.monthly_score * month_share + review * review_share, 6
        )
        dimension.reading = settled(share * dimension.monthly_score, 6)
        if not annual.result.has_score:
            return
        for own in scored:
            own.weight = settled(own.day_weight * share * month_share, 6)
            own.contribution = settled(own.points * share * month_share, 6)
        dimension.monthly_contribution = total(own.contribution for own in scored)
        if dimension.review_score is not None:
            dimension.review_contribution = settled(review * share * review_share, 6)

    # The year-end review

    def review_day(self, year: int) -> date:
        return min(date(year, 12, 31), self.world.as_of_date)

    def reviewed_role(self, annual: AnnualScorecard) -> str | None:
        position = self.world.people.position_on(annual.person, self.review_day(annual.year))
        return position and position["role_id"]

    def reviews(
        self, annual: AnnualScorecard, dimension_id: str
    ) -> dict[str, tuple[int, Fraction]]:
        """Of each relation that has reviewed, how many ratings, and their mean of the scale."""
        first_day = date(annual.year, 1, 1)
        ratings = latest(
            self._reviews[annual.person, first_day, dimension_id],
            of=lambda row: (row["rater_id"], row["relation"]),
            by=lambda row: (row["submitted_at"], row["rating_id"]),
        )
        found = {}
        for relation in self.plan.reviewer_shares(first_day):
            own = [
                settled(row["score"] / row["scale_max"], 10)
                for row in ratings
                if row["relation"] == relation
            ]
            if own:
                found[relation] = len(own), settled(total(own) / len(own), 10)
        return found

    def review_score(self, annual: AnnualScorecard, dimension_id: str) -> Fraction | None:
        shares = self.plan.reviewer_shares(date(annual.year, 1, 1))
        means = self.reviews(annual, dimension_id)
        present = total(shares[relation] for relation in means)
        weighted = total(shares[relation] * mean for relation, (_, mean) in means.items())
        return settled(100 * weighted / present, 6) if present else None

    def reviewed(self, annual: AnnualScorecard) -> Iterator[tuple[tuple, dict[str, Any]]]:
        """Who was asked to review the year, and what each said; as the mart `annual_reviews`."""
        shares = self.plan.reviewer_shares(date(annual.year, 1, 1))
        counted = defaultdict(list)
        for (scorecard_id, dimension_id), dimension in annual.dimensions.items():
            if self.plan.scorecards[scorecard_id].role_id == self.reviewed_role(annual):
                counted[dimension_id].append(dimension.review_score)
        for dimension_id, scores in counted.items():
            means = self.reviews(annual, dimension_id)
            present = total(shares[relation] for relation in means)
            standing = [score for score in scores if score is not None]
            for relation, share in shares.items():
                ratings, mean = means.get(relation, (0, None))
                yield (
                    (annual.person, annual.year, dimension_id, relation),
                    {
                        "share": rounded_or_none(share, 6),
                        "effective_share": rounded_or_none(share / present, 6) if ratings else None,
                        "ratings": ratings,
                        "review_score": rounded_or_none(100 * mean if ratings else None, 6),
                        "is_as_counted": max(standing) == self.review_score(annual, dimension_id)
                        if standing
                        else None,
                    },
                )

    # The whole year

    def covered(self, appraised: list[MonthlyScorecard]) -> Fraction | None:
        if not appraised:
            return None
        mean = weighted_mean((card.weight_covered, card.days.eligible_days) for card in appraised)
        return settled(mean, 6)

    def read_year(self, annual: AnnualScorecard) -> None:
        dimensions = annual.dimensions.values()
        if dimensions and annual.result.has_score:
            annual.monthly_score = total(own.reading for own in dimensions)
        reviewed = [own for own in dimensions if own.review_score is not None]
        if reviewed and annual.result.has_score:
            mean = weighted_mean((own.review_score, own.weight) for own in reviewed)
            annual.review_score = settled(mean, 6)
        if annual.result.has_score:
            score = total(own.contribution or 0 for own in dimensions)
            publish(annual.result, score, self.world, date(annual.year, 12, 31))

    def result(
        self, annual: AnnualScorecard, appraised: list[MonthlyScorecard], is_scored: bool
    ) -> Result:
        left_on = self.world.people.employees[annual.person]["termination_date"]
        if left_on is not None and left_on < min(
            date(annual.year, 12, 31), self.world.as_of_date + DAY
        ):
            return Result("not_eligible", "left_before_year_end")
        is_over = self.world.as_of_date > date(annual.year, 12, 31)
        is_short = annual.eligible_days < self.plan.number("minimum_eligible_days_year")
        if is_over and is_short:
            return Result("not_eligible", "eligible_days_below_minimum")
        if not is_scored:
            return Result("insufficient_data", "no_scored_month")
        if blocking := blocking_metrics(appraised):
            return Result("insufficient_data", f"blocked_by_{min(blocking)}")
        if annual.weight_covered < self.plan.number("minimum_weight_covered"):
            return Result("insufficient_data", "weight_covered_below_minimum")
        return open_or_final(self.world, date(annual.year + 1, 1, 1))


def blocking_metrics(appraised: list[MonthlyScorecard]) -> set[str]:
    """Metrics with policy block and no evidence in any appraised month of their scorecard."""
    has_evidence: dict[tuple[str, str], bool] = defaultdict(bool)
    for card in appraised:
        for metric_id, scored in card.metrics.items():
            if scored.metric.missing_policy == "block":
                key = card.scorecard.scorecard_id, metric_id
                has_evidence[key] |= scored.has_evidence
    return {metric_id for (_, metric_id), has_any in has_evidence.items() if not has_any}


def weighted_mean(pairs) -> Fraction:
    pairs = list(pairs)
    return total(value * weight for value, weight in pairs) / total(weight for _, weight in pairs)
