"""Who is employed as what on a day, whose day is eligible, and who leads whom (rules §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from .arithmetic import DAY, days_between, month_of
from .plan import Plan
from .reading import Row, Tables


@dataclass
class EmployeeMonth:
    """Days of one employee in one month under one scorecard."""

    eligible_days: int = 0
    eligible_working_days: int = 0


class People:
    def __init__(self, tables: Tables, plan: Plan) -> None:
        self.plan = plan
        self.employees: dict[str, Row] = {row["employee_id"]: row for row in tables["employees"]}
        self._positions: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(tables["positions"], key=lambda row: row["start_date"]):
            self._positions[row["employee_id"]].append(row)
        self._absences: dict[str, list[Row]] = defaultdict(list)
        for row in tables["absences"]:
            self._absences[row["employee_id"]].append(row)
        self.position_on = cache(self._position_on)
        self._scorecard_on = cache(plan.scorecard_of)

    def is_employed(self, person: str, day: date) -> bool:
        employee = self.employees.get(person)
        if employee is None or day < employee["hire_date"]:
            return False
        return employee["termination_date"] is None or day <= employee["termination_date"]

    def _position_on(self, person: str, day: date) -> Row | None:
        """The position of an employed person; of several the one that started last."""
        if not self.is_employed(person, day):
            return None
        for position in reversed(self._positions[person]):
            end = position["end_date"]
            if position["start_date"] <= day and (end is None or day < end):
                return position
        return None

    def scorecard_on(self, person: str, day: date) -> str | None:
        position = self.position_on(person, day)
        if position is None:
            return None
        scorecard = self._scorecard_on(position["role_id"], month_of(day))
        return scorecard and scorecard.scorecard_id

    def is_eligible(self, person: str, day: date) -> bool:
        position = self.position_on(person, day)
        if position is None or position["is_probation"]:
            return False
        return not self.is_on_leave(person, day)

    def is_on_leave(self, person: str, day: date) -> bool:
        return any(
            absence["start_date"] <= day <= absence["end_date"]
            for absence in self._absences[person]
        )

    def eligible_scorecard_on(self, person: str, day: date) -> str | None:
        return self.scorecard_on(person, day) if self.is_eligible(person, day) else None

    def leader_on(self, person: str, day: date) -> str | None:
        position = self.position_on(person, day)
        supervisor = position and position["supervisor_id"]
        return supervisor if supervisor in self.employees else None

    def position_days(self, person: str, after_last: date) -> Iterator[date]:
        """The position days of the months in which some scorecard can be valid."""
        start = min(card.validity.valid_from for card in self.plan.scorecards.values())
        start = max(month_of(start), self.employees[person]["hire_date"])
        for day in days_between(start, after_last):
            if self.position_on(person, day):
                yield day

    def last_position(self, person: str, last: date) -> Row | None:
        """The position held on the last position day of `last`'s year, up to `last`."""
        for day in reversed(days_between(date(last.year, 1, 1), last + DAY)):
            if position := self.position_on(person, day):
                return position
        return None

    def months(self, after_last: date) -> dict[tuple[str, date, str], EmployeeMonth]:
        """Every employee × month × scorecard with a position day before `after_last`."""
        months: dict[tuple[str, date, str], EmployeeMonth] = defaultdict(EmployeeMonth)
        for person in self.employees:
            for day in self.position_days(person, after_last):
                scorecard_id = self.scorecard_on(person, day)
                if scorecard_id is None:
                    continue
                counted = months[person, month_of(day), scorecard_id]
                if self.is_eligible(person, day):
                    counted.eligible_days += 1
                    counted.eligible_working_days += self.plan.calendar.works(day)
        return dict(months)
