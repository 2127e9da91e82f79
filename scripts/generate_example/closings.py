"""Closings: when the results of a month or a year are published, and when they are closed."""

from datetime import date

from .clock import add_working_days, month_end, working_day_from


def month_published_on(month: date) -> date:
    """The fifth working day after the month."""
    return add_working_days(month_end(month), 5)


def month_closed_on(month: date) -> date:
    """The twelfth working day after the month."""
    return add_working_days(month_end(month), 12)


def year_published_on(year: int) -> date:
    """In January, once the reviews are in."""
    return working_day_from(date(year + 1, 1, 24))


def year_closed_on(year: int) -> date:
    """When the objections to the year are decided."""
    return working_day_from(date(year + 1, 2, 28))
