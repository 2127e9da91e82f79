"""Settings, business time, and the random draws that every part uses."""

import math
from datetime import date, datetime, time, timedelta
from random import Random

from scripts.generate_calendar import is_working_day

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
OPENS, CLOSES = 9, 18


class Settings:
    """What the department depends on; nothing else does."""

    def __init__(self, seed: int, year: int, agents: int) -> None:
        self.seed, self.year, self.agents = seed, year, agents
        # A short first year, long enough for a grade, and the appraisal year in full.
        self.first_day, self.last_day = date(year - 1, 9, 1), date(year + 1, 1, 31)
        # Later than any instant of the exports.
        self.end = datetime.combine(self.last_day, time(20, 45))
        count = (self.last_day - self.first_day).days + 1
        self.days = [self.first_day + number * DAY for number in range(count)]
        self.months = sorted({day.replace(day=1) for day in self.days})
        of_year = [self.on(month, 1) for month in (1, 4, 7, 10)]
        before = [date(year - 1, 7, 1), date(year - 1, 10, 1)]
        self.quarters = [*before, *of_year, date(year + 1, 1, 1)]

    def rng(self, section: str) -> Random:
        """A generator of its own per section: a change in one leaves the others alone."""
        return Random(f"{self.seed}/{section}")

    def on(self, month: int, day: int) -> date:
        """A date of the appraisal year."""
        return date(self.year, month, day)

    def at(self, month: int, day: int, clock: str) -> datetime:
        """A local instant of the appraisal year."""
        return datetime.combine(self.on(month, day), time.fromisoformat(clock))


def add_working_days(day: date, count: int) -> date:
    """The `count`th working day after `day`."""
    for _ in range(count):
        day = working_day_from(day + DAY)
    return day


def month_end(month: date) -> date:
    """The last day of the month of `month`."""
    return (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def working_day_from(day: date) -> date:
    """`day` itself if it works, else the next working day."""
    while not is_working_day(day):
        day += DAY
    return day


def next_open(moment: datetime) -> datetime:
    """`moment` if it is in business hours, else the next opening."""
    if is_working_day(moment.date()) and moment.hour < CLOSES:
        return max(moment, datetime.combine(moment, time(OPENS)))
    return datetime.combine(working_day_from(moment.date() + DAY), time(OPENS))


def add_business_minutes(moment: datetime, minutes: float) -> datetime:
    """The instant `minutes` of business time after `moment`, to the second."""
    moment, left = next_open(moment), int(minutes * 60) * SECOND
    while left > (rest := datetime.combine(moment, time(CLOSES)) - moment):
        moment, left = next_open(moment + rest), left - rest
    return moment + left


def seconds(rng: Random, low: int, high: int) -> timedelta:
    """A random span of whole seconds."""
    return rng.randint(low, high) * SECOND


def around(rng: Random, middle: float, spread: float) -> float:
    """A log-normal draw with median `middle`."""
    return math.exp(rng.gauss(math.log(middle), spread))


def between(value: float, low: float, high: float) -> float:
    """`value`, kept inside low and high."""
    return max(low, min(high, value))
