"""Closings: when the results of a month or a year are published, closed, and opened again."""

from collections.abc import Iterable
from datetime import date

from .clock import add_working_days, month_end, working_day_from
from .people import Department
from .quality import Review
from .tables import Exports, Record


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


def export_closings(department: Department, reviews: Iterable[Review], exports: Exports) -> None:
    """Every period; and a month that is opened for the agent whose review was overturned late."""
    settings, head = exports.settings, department.head.employee_id

    def step(kind: str, start: date, name: str, on: date, **about: str) -> Record | None:
        if on > settings.last_day:
            return None
        columns = {"period_type": kind, "period_start": start, "step": name, "stepped_on": on}
        return exports.add("closings", on, **columns, approved_by=head, **about)

    for month in settings.months:
        step("month", month, "published", month_published_on(month))
        step("month", month, "closed", month_closed_on(month))
    for year in (settings.year - 1, settings.year):
        step("year", date(year, 1, 1), "published", year_published_on(year))
        step("year", date(year, 1, 1), "closed", year_closed_on(year))
    for review in reviews:
        if review.overturned_on:
            month = review.reviewed_at.date().replace(day=1)
            about = {"employee_id": review.agent_id}
            why = f"Objection upheld 申诉成立: review {review.review_id} overturned"
            reopened_on = add_working_days(review.overturned_on, 1)
            closed_on = add_working_days(reopened_on, 2)
            reopened = step("month", month, "reopened", reopened_on, reason=why, **about)
            closed = step("month", month, "closed", closed_on, **about)
            reopened.cases.append("month_reopened")
            closed.cases.append("month_closed_again")
