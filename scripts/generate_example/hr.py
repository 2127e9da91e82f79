"""The tables of the HR system."""

from collections.abc import Iterator
from datetime import date

from scripts.generate_calendar import is_working_day

from .clock import DAY, around, between, working_day_from
from .people import AGENT, Department, Job, Person
from .tables import Exports


def export_employees(department: Department, exports: Exports) -> None:
    for person in department.people:
        record = exports.add("employees", person.hire_date, person)
        record.cases = person.cases
        if last := person.last_day:
            record.change(last, termination_date=last, termination_reason=person.reason)


def pieces_of(department: Department, person: Person) -> Iterator[tuple[Job, date]]:
    """A person's jobs, each cut where the supervisor changes: (job, start of the piece)."""
    for job in person.jobs:
        yield job, job.start
        for start, _ in department.leads[job.team_id] if job.role_id == AGENT else ():
            if start > job.start and job.holds_on(start):
                yield job, start


def export_positions(department: Department, exports: Exports) -> None:
    for person in department.people:
        pieces = list(pieces_of(department, person))
        ends = [start for _, start in pieces[1:]] + [person.jobs[-1].end]
        for (job, start), end in zip(pieces, ends, strict=True):
            lead = department.supervisor_of(person, start)
            record = exports.add(
                "positions", start, person, job, supervisor_id=lead, start_date=start
            )
            if end:
                record.change(end, end_date=end)


def export_absences(department: Department, exports: Exports) -> None:
    for person in department.people:
        for kind, first, last in sorted(person.leaves, key=lambda leave: leave[1]):
            columns = {"absence_type": kind, "start_date": first, "end_date": last}
            exports.add("absences", first, person, **columns)


def export_attendance(department: Department, exports: Exports) -> None:
    rng = department.settings.rng("attendance")
    for day in department.settings.days:
        scheduled, staff = 240, department.on_duty(day)
        if is_working_day(day):
            scheduled, staff = 480, [p for p in department.staff if p.job_on(day)]
        for person in staff:
            if day in person.leave_days:
                continue
            late = 0
            if rng.random() < 0.05 * (1.1 - person.trait("reliability", day)):
                late = int(between(around(rng, 9, 0.9), 1, 120))
            unexcused = day in person.unexcused_days
            exports.add(
                "attendance",
                day,
                person,
                work_date=day,
                scheduled_minutes=scheduled,
                worked_minutes=0 if unexcused else scheduled - late,
                late_minutes=0 if unexcused else late,
                is_unexcused=unexcused,
            )


def export_violations(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("violations"), department.settings
    costs = {"attendance": 2, "conduct": 5}

    def violate(day: date, person: Person, category: str, points: int) -> None:
        exports.add("violations", day, person, occurred_on=day, category=category, points=points)

    careless = department.with_case("many_violations")
    violate(settings.on(5, 12), careless, "attendance", 60)
    violate(settings.on(5, 20), careless, "conduct", 60)
    excellent = department.with_case("confidentiality_violation")
    violate(settings.on(9, 9), excellent, "confidentiality", 30)
    for _ in range(settings.agents // 3):
        day = working_day_from(settings.first_day + rng.randint(0, 500) * DAY)
        suspects = rng.sample([p for p in department.staff if p.job_on(day)], 3)
        culprit = min(suspects, key=lambda p: p.reliability)
        category = rng.choice(sorted(costs))
        violate(day, culprit, category, costs[category])
