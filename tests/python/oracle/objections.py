"""Objections: when they were due, and what an upheld one changes in the records (rules §9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .arithmetic import DAY, Calendar
from .plan import Plan
from .reading import Row, Tables

RECORDS = {
    "survey_response": ("survey_responses", "response_id"),
    "quality_review": ("quality_review_items", "review_id"),
    "rating": ("ratings", "rating_id"),
    "ticket": ("tickets", "ticket_id"),
}


@dataclass(frozen=True)
class Objection:
    row: Row
    filing_due_on: date | None
    decision_due_on: date | None
    state: str  # open, overdue, upheld, rejected, withdrawn, late


def judge(tables: Tables, plan: Plan, as_of_date: date) -> list[Objection]:
    """The objections filed by the as-of date."""
    return [
        _judged(row, tables["closings"], plan, as_of_date)
        for row in tables["objections"]
        if row["filed_on"] <= as_of_date
    ]


def _judged(row: Row, closings: list[Row], plan: Plan, as_of_date: date) -> Objection:
    published_on = max(
        (
            closing["stepped_on"]
            for closing in closings
            if closing["step"] == "published"
            and closing["period_type"] == row["period_type"]
            and closing["period_start"] == row["period_start"]
            and closing["stepped_on"] <= row["filed_on"]
            and closing["employee_id"] in (None, row["employee_id"])
        ),
        default=None,
    )
    to_file = int(plan.number("objection_filing_working_days"))
    to_decide = int(plan.number("objection_decision_working_days"))
    filing_due_on = published_on and working_days_after(plan.calendar, published_on, to_file)
    decision_due_on = working_days_after(plan.calendar, row["filed_on"], to_decide)
    is_decided = row["decided_on"] is not None and row["decided_on"] <= as_of_date
    if filing_due_on and row["filed_on"] > filing_due_on:
        state = "late"
    elif is_decided:
        state = row["outcome"]
    else:
        state = "overdue" if decision_due_on and as_of_date > decision_due_on else "open"
    return Objection(row, filing_due_on, decision_due_on, state)


def working_days_after(calendar: Calendar, day: date, count: int) -> date | None:
    """The working day that is `count` working days after a day; None beyond the calendar."""
    while count and calendar.covers(day):
        day += DAY
        count -= calendar.works(day)
    return day if calendar.covers(day) else None


def remedied(tables: Tables, objections: list[Objection]) -> Tables:
    """The tables as upheld objections leave them; of several of one record, the last decided."""
    granted = sorted(
        (own.row for own in objections if own.state == "upheld" and own.row["remedy"]),
        key=lambda row: (row["decided_on"], row["objection_id"]),
    )
    changed = dict(tables)
    changed["absences"] = tables["absences"] + [
        {
            "employee_id": row["employee_id"],
            "start_date": row["excluded_from"],
            "end_date": row["excluded_to"],
        }
        for row in granted
        if row["remedy"] == "exclude_days"
    ]
    for target_type, (table, key) in RECORDS.items():
        last = {
            row["target_id"]: row
            for row in granted
            if row["target_type"] == target_type and row["remedy"] != "exclude_days"
        }
        if last:
            rows = (_changed(row, last.get(row[key]), table) for row in tables[table])
            changed[table] = [row for row in rows if row is not None]
    return changed


def _changed(record: Row, remedy: Row | None, table: str) -> Row | None:
    if remedy is None:
        return record
    if remedy["remedy"] == "void":
        return record | {"status": "voided"} if table == "quality_review_items" else None
    changes = {"credited_to": remedy["replacement_employee_id"]}
    if remedy["replacement_score"] is not None:
        name = "review_percent" if table == "quality_review_items" else "score"
        changes[name] = remedy["replacement_score"]
    return record | changes
