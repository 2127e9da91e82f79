"""The appraisal plan: the seeds of `seeds/plan`, typed."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from .arithmetic import Calendar, read_curve, settled


@dataclass(frozen=True)
class Validity:
    """A half-open span of days; an open end never ends."""

    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, row: dict[str, str]) -> Validity:
        return cls(date.fromisoformat(row["valid_from"]), _date_or_none(row["valid_to"]))

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Metric:
    window_months: int
    minimum_denominator: Fraction
    fallback_window_months: int


@dataclass(frozen=True)
class ScorecardMetric:
    dimension_id: str
    metric_id: str
    weight: Fraction
    missing_policy: str
    curve_id: str
    target_value: Fraction


@dataclass(frozen=True)
class Scorecard:
    scorecard_id: str
    role_id: str
    validity: Validity
    score_cap: Fraction
    dimensions: dict[str, Fraction] = field(default_factory=dict)
    metrics: list[ScorecardMetric] = field(default_factory=list)


@dataclass(frozen=True)
class Curve:
    shape: str
    points: list[tuple[Fraction, Fraction]]

    def score(self, x: Fraction) -> Fraction:
        return read_curve(self.shape, self.points, x)


@dataclass(frozen=True)
class Band:
    grade_id: str
    lower_bound: Fraction
    upper_bound: Fraction | None
    validity: Validity


class Plan:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.parameters = {row["parameter_id"]: row["value"] for row in self.rows("parameters")}
        self.calendar = self._calendar()
        self.window = self.days("first_contact_window_days")
        self.metrics = {
            row["metric_id"]: Metric(
                int(row["window_months"]),
                Fraction(row["minimum_denominator"]),
                int(row["fallback_window_months"] or row["window_months"]),
            )
            for row in self.rows("metrics")
        }
        self.curves = self._curves()
        self.scorecards = self._scorecards()
        self.daily_standards = {
            (row["metric_id"], row["scorecard_id"]): Fraction(row["standard_per_working_day"])
            for row in self.rows("daily_standards")
        }
        self.quality_sections = {
            row["section"]: row["metric_id"] for row in self.rows("quality_sections")
        }
        self.bands = [
            Band(
                row["grade_id"],
                Fraction(row["lower_bound"]),
                Fraction(row["upper_bound"]) if row["upper_bound"] else None,
                Validity.of(row),
            )
            for row in self.rows("grade_bands")
        ]
        self._reviewer_shares = [
            (Validity.of(row), row["relation"], Fraction(row["share"]))
            for row in self.rows("reviewer_shares")
        ]
        self._compositions = [
            (Validity.of(row), Fraction(row["monthly_share"]), Fraction(row["review_share"]))
            for row in self.rows("annual_composition")
        ]

    def number(self, parameter_id: str) -> Fraction:
        return Fraction(self.parameters[parameter_id])

    def days(self, parameter_id: str) -> timedelta:
        """So many times 24 hours."""
        return timedelta(seconds=int(self.number(parameter_id) * 86400))

    def scorecard_of(self, role_id: str, month: date) -> Scorecard | None:
        """The scorecard of a role valid on the first day of a month."""
        for scorecard in self.scorecards.values():
            if scorecard.role_id == role_id and scorecard.validity.holds(month):
                return scorecard
        return None

    def grade(self, published: Fraction, day: date) -> str | None:
        for band in self.bands:
            below_upper = band.upper_bound is None or published < band.upper_bound
            if band.validity.holds(day) and band.lower_bound <= published and below_upper:
                return band.grade_id
        return None

    def valid_rows(self, seed: str, day: date) -> list[dict[str, str]]:
        """The rows of a dated seed that hold on a day."""
        return [row for row in self.rows(seed) if Validity.of(row).holds(day)]

    def reviewer_shares(self, day: date) -> dict[str, Fraction]:
        return {
            name: share for validity, name, share in self._reviewer_shares if validity.holds(day)
        }

    def composition(self, day: date) -> tuple[Fraction, Fraction]:
        """The shares of the months and of the review in the annual score."""
        for validity, monthly_share, review_share in self._compositions:
            if validity.holds(day):
                return monthly_share, review_share
        raise ValueError(f"annual_composition has no row for {day}")

    def rows(self, seed: str) -> Iterable[dict[str, str]]:
        with (self._folder / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)

    def _calendar(self) -> Calendar:
        return Calendar.build(
            ZoneInfo(self.parameters["business_time_zone"]),
            date.fromisoformat(self.parameters["calendar_first_day"]),
            date.fromisoformat(self.parameters["calendar_last_day"]),
            {
                int(row["weekday"]): (row["opens_at"], row["closes_at"])
                if row["opens_at"]
                else None
                for row in self.rows("working_hours")
            },
            {
                date.fromisoformat(row["calendar_date"]): int(row["hours_as_weekday"])
                if row["is_working_day"].lower() == "true"
                else None
                for row in self.rows("calendar_days")
            },
        )

    def _curves(self) -> dict[str, Curve]:
        points = defaultdict(list)
        for row in self.rows("curve_points"):
            points[row["curve_id"]].append((Fraction(row["value"]), Fraction(row["score"])))
        return {
            row["curve_id"]: Curve(row["shape"], sorted(points[row["curve_id"]]))
            for row in self.rows("curves")
        }

    def _scorecards(self) -> dict[str, Scorecard]:
        scorecards = {
            row["scorecard_id"]: Scorecard(
                row["scorecard_id"], row["role_id"], Validity.of(row), Fraction(row["score_cap"])
            )
            for row in self.rows("scorecards")
        }
        for row in self.rows("dimension_weights"):
            weight = settled(Fraction(row["weight"]), 6)
            scorecards[row["scorecard_id"]].dimensions[row["dimension_id"]] = weight
        targets = {
            (row["scorecard_id"], row["metric_id"]): (row["curve_id"], row["target_value"])
            for row in self.rows("standard_targets")
        }
        for row in self.rows("metric_weights"):
            curve_id, target_value = targets[row["scorecard_id"], row["metric_id"]]
            scorecards[row["scorecard_id"]].metrics.append(
                ScorecardMetric(
                    row["dimension_id"],
                    row["metric_id"],
                    settled(Fraction(row["weight"]), 6),
                    row["missing_policy"],
                    curve_id,
                    Fraction(target_value),
                )
            )
        return scorecards


def _date_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
