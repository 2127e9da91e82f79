"""What was published stays: the versions of a period, and which of them stands (rules §10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .objections import Objection
from .reading import Tables

Period = tuple[str, date]  # month or year, and its first day
Rows = dict[tuple[str, Period], Any]  # what a build computed, by person and period


@dataclass(frozen=True)
class Step:
    period: Period
    name: str  # published, closed, reopened, objection
    step_id: str
    person: str | None  # None is everybody
    day: date

    def is_for(self, person: str) -> bool:
        return self.person in (None, person)


@dataclass(frozen=True)
class Version:
    step: Step
    rows: Rows
    outcomes: Rows


@dataclass
class Published:
    """The versions that builds have kept so far, oldest first."""

    versions: list[Version] = field(default_factory=list)

    def has(self, step: Step) -> bool:
        return any(version.step == step for version in self.versions)

    def keep(self, steps: list[Step], computed: Rows, outcomes: Rows) -> None:
        def of(step: Step, rows: Rows) -> Rows:
            return {
                key: row
                for key, row in rows.items()
                if key[1] == step.period and step.is_for(key[0])
            }

        for step in steps:
            if step.name != "reopened" and not self.has(step):
                self.versions.append(Version(step, of(step, computed), of(step, outcomes)))

    def standing(
        self, steps: list[Step], computed: Rows, period_type: str, kept: str = "rows"
    ) -> Rows:
        """Of the periods of a type: the last version of what is closed, else what is computed."""
        made = {version.step for version in self.versions}
        taken = sorted({*steps, *made}, key=lambda step: (step.day, step.step_id, step.name))
        known = {key for version in self.versions for key in getattr(version, kept)}
        known |= set(computed)
        found = {}
        for person, period in known:
            if period[0] != period_type:
                continue
            own = [step for step in taken if step.period == period and step.is_for(person)]
            closing = [step for step in own if step.name != "objection"]
            is_due = any(step.name != "reopened" and not self.has(step) for step in own)
            if closing and closing[-1].name == "closed" and not is_due:
                last = [
                    version
                    for version in self.versions
                    if version.step.period == period and version.step.is_for(person)
                ][-1]
                row = getattr(last, kept).get((person, period))
            else:
                row = computed.get((person, period))
            if row is not None:
                found[person, period] = row
        return found


def steps_of(tables: Tables, objections: list[Objection], as_of_date: date) -> list[Step]:
    """What happened to the periods by the as-of date, in order."""
    closings = [
        Step(
            (row["period_type"], row["period_start"]),
            row["step"],
            row["closing_id"],
            row["employee_id"],
            row["stepped_on"],
        )
        for row in tables["closings"]
        if row["stepped_on"] <= as_of_date
    ]
    mended = []
    for objection in objections:
        row = objection.row
        if objection.state != "upheld" or row["period_type"] is None:
            continue
        periods = {
            (row["period_type"], row["period_start"]),
            ("year", row["period_start"].replace(month=1)),
        }
        for period in periods:
            if any(
                step.period == period
                and step.is_for(row["employee_id"])
                and step.day <= row["decided_on"]
                for step in closings
            ):
                mended.append(
                    Step(
                        period,
                        "objection",
                        row["objection_id"],
                        row["employee_id"],
                        row["decided_on"],
                    )
                )
    return sorted(closings + mended, key=lambda step: (step.day, step.step_id, step.name))
