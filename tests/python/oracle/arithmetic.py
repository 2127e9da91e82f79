"""Exact numbers, months, and the clock of the business (rules §1, §2)."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from zoneinfo import ZoneInfo

ZERO = Fraction(0)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def settled(value: Fraction | int, places: int) -> Fraction:
    """The value rounded to so many decimal places, half away from zero, still exact."""
    return Fraction(_last_places(value, places), 10**places)


def rounded(value: Fraction | int, places: int) -> Decimal:
    """The value rounded as in `settled`, written with exactly so many places."""
    return Decimal(_last_places(value, places)).scaleb(-places)


def _last_places(value: Fraction | int, places: int) -> int:
    """The rounded value, counted in units of its last place."""
    numerator, denominator = abs(value.numerator) * 10**places, value.denominator
    units = (2 * numerator + denominator) // (2 * denominator)
    return units if value >= 0 else -units


def rounded_or_none(value: Fraction | int | None, places: int) -> Decimal | None:
    return None if value is None else rounded(value, places)


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_later(month: date, count: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, index + 1, 1)


def days_between(first: date, after_last: date) -> list[date]:
    return [first + DAY * number for number in range((after_last - first).days)]


def whole_seconds(start: datetime, end: datetime) -> int:
    return (end - start) // SECOND


def instant_of(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The instant at which a local clock shows "HH:MM" on a day; "24:00" is the next midnight."""
    hour, minute = (int(part) for part in clock.split(":")[:2])
    day += DAY * (hour // 24)
    return datetime.combine(day, time(hour % 24, minute), zone).astimezone(UTC)


@dataclass(frozen=True)
class Calendar:
    """The working hours of every day of the calendar's years."""

    zone: ZoneInfo
    first_day: date
    opens: list[datetime]  # a day that does not work opens and closes at its midnight
    closes: list[datetime]
    worked_before: list[timedelta]  # working time of all days before this one

    @classmethod
    def build(
        cls,
        zone: ZoneInfo,
        first_day: date,
        last_day: date,
        hours: dict[int, tuple[str, str] | None],
        exceptions: dict[date, int | None],
    ) -> Calendar:
        """`hours` by ISO weekday; `exceptions` names the weekday whose hours a day works."""
        opens, closes = [], []
        for day in days_between(first_day, last_day + DAY):
            weekday = exceptions.get(day, day.isoweekday())
            span = None if weekday is None else hours.get(weekday)
            open_clock, close_clock = span or ("00:00", "00:00")
            opens.append(instant_of(day, open_clock, zone))
            closes.append(instant_of(day, close_clock, zone))
        spans = (close - start for start, close in zip(opens, closes, strict=True))
        return cls(zone, first_day, opens, closes, list(accumulate(spans, initial=timedelta())))

    def local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def covers(self, day: date) -> bool:
        return 0 <= (day - self.first_day).days < len(self.opens)

    def works(self, day: date) -> bool:
        index = (day - self.first_day).days
        return self.covers(day) and self.opens[index] < self.closes[index]

    def _worked_until(self, instant: datetime) -> timedelta:
        index = (self.local_date(instant) - self.first_day).days
        today = min(max(instant, self.opens[index]), self.closes[index]) - self.opens[index]
        return self.worked_before[index] + today

    def business_seconds(self, start: datetime, end: datetime) -> int | None:
        """Working seconds between two instants; None if a day between them has no schedule."""
        if not (self.covers(self.local_date(start)) and self.covers(self.local_date(end))):
            return None
        if end <= start:
            return 0
        return (self._worked_until(end) - self._worked_until(start)) // SECOND


def read_curve(shape: str, points: list[tuple[Fraction, Fraction]], x: Fraction) -> Fraction:
    """The score at x of a curve given by its points in order (rules §6)."""
    values = [value for value, _ in points]
    if x < values[0]:
        return points[0][1]
    if x >= values[-1]:
        return points[-1][1]
    right = bisect_left(values, x)
    if values[right] == x:
        return points[right][1]
    (left_value, left_score), (right_value, right_score) = points[right - 1 : right + 1]
    if shape == "step":
        return left_score
    share = (x - left_value) / (right_value - left_value)
    return left_score + share * (right_score - left_score)
