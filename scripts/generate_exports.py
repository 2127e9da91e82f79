"""Writes the export folder of a made-up service department, one year and the weeks around it.

    python -m scripts.generate_exports [--out examples/exports] [--size 1] [--split-by-load-date]

Everything follows from the seed: the same arguments give the same bytes. A latent skill per person
drives what happens to them, so that scores can be checked against `truth.csv`; the hard cases of
the field occur on named people and records, which the same file lists. All instants are simulated
as naive local time of Asia/Shanghai and get their offset only when they are written.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from scripts.generate_calendar import UnknownYearError, is_working_day, make_up_days

ROOT = Path(__file__).resolve().parents[1]

# ----------------------------------------------------------------------------------------------
# The contract: columns in order; a type is named where it is not text. Written as CSV, the type
# only matters for Parquet.
# ----------------------------------------------------------------------------------------------

TABLES: dict[str, str] = {
    "employees": "employee_id full_name hire_date:date termination_date:date termination_reason",
    "positions": "employee_id role_id team_id supervisor_id is_probation:boolean start_date:date"
    " end_date:date",
    "absences": "employee_id absence_type start_date:date end_date:date",
    "attendance": "employee_id work_date:date scheduled_minutes:integer worked_minutes:integer"
    " late_minutes:integer is_unexcused:boolean",
    "violations": "violation_id employee_id occurred_on:date category points:decimal(18,4)",
    "tickets": "ticket_id customer_id channel topic priority is_complaint:boolean status"
    " created_at:instant updated_at:instant",
    "ticket_events": "event_id ticket_id occurred_at:instant event_type actor_id actor_type"
    " assignee_id status",
    "call_legs": "leg_id call_id customer_id agent_id queue topic direction offered_at:instant"
    " answered_at:instant ended_at:instant talk_seconds:integer hold_seconds:integer"
    " wrap_seconds:integer outcome",
    "survey_responses": "response_id survey_type contact_type contact_id sent_at:instant"
    " responded_at:instant score:decimal(18,4) scale_min:decimal(18,4) scale_max:decimal(18,4)"
    " updated_at:instant",
    "quality_review_items": "review_id item_id section contact_type contact_id agent_id"
    " reviewer_id reviewed_at:instant score:decimal(18,4) max_score:decimal(18,4)"
    " weight:decimal(18,4) is_applicable:boolean is_fatal:boolean is_calibration:boolean"
    " calibration_id status",
    "exams": "exam_id employee_id subject attempt:integer taken_at:instant score:decimal(18,4)"
    " max_score:decimal(18,4) pass_share:decimal(18,4) is_excused:boolean",
    "trainings": "assignment_id employee_id course assigned_on:date due_on:date"
    " completed_on:date hours:decimal(18,4)",
    "coaching_sessions": "session_id coach_id employee_id held_at:instant metric_id",
    "goals": "employee_id appraisal_year:integer metric_id target_value:decimal(18,4)"
    " proposed_on:date employee_agreed_on:date manager_agreed_on:date",
    "ratings": "rating_id ratee_id rater_id relation period_type period_start:date criterion_id"
    " score:decimal(18,4) scale_max:decimal(18,4) submitted_at:instant",
    "objections": "objection_id employee_id target_type target_id filed_on:date decided_on:date"
    " outcome",
    "suggestions": "suggestion_id employee_id submitted_on:date decided_on:date"
    " implemented_on:date status",
    "improvements": "initiative_id owner_id planned_on:date delivered_on:date status"
    " effect_score:decimal(18,4) verified_by",
    "management_reports": "report_id owner_id due_on:date submitted_on:date returned_count:integer",
    "succession_plans": "supervisor_id as_of:date key_positions:integer ready_successors:integer",
}

# Real exports disagree about offsets and booleans, and so do these.
OFFSET: dict[str, str] = {
    "ticket_events": "Z",
    "survey_responses": "Z",
    "quality_review_items": "Z",
    "call_legs": "",
}
DEFAULT_OFFSET = "+08:00"
LOCAL_OFFSET = timedelta(hours=8)
NUMERIC_FLAGS = {"attendance", "quality_review_items"}

Row = dict[str, Any]


def column_types(table: str) -> dict[str, str]:
    """Column name → type of `table`, in the contract's order."""
    columns = (column.partition(":") for column in TABLES[table].split())
    return {name: kind or "string" for name, _, kind in columns}


# ----------------------------------------------------------------------------------------------
# Settings and time
# ----------------------------------------------------------------------------------------------

HEAD, SUPERVISOR, AGENT, QA_SPECIALIST = "head", "supervisor", "agent", "qa_specialist"
SEATS_PER_TEAM = 8
SMALLEST_DEPARTMENT = 48
BOT = "bot1"
# An agent by role, at work but never on the service floor.
SECONDED = "seconded_without_contacts"
DAY = timedelta(days=1)
OPENS, CLOSES = 9, 18


@dataclass(frozen=True)
class Settings:
    """What the department depends on; nothing else does."""

    seed: int = 2025
    year: int = 2025
    agents: int = SMALLEST_DEPARTMENT

    @property
    def first_day(self) -> date:
        return date(self.year - 1, 12, 9)

    @property
    def last_day(self) -> date:
        return date(self.year + 1, 1, 31)

    @property
    def end(self) -> datetime:
        """The newest instant that may occur in the exports, local time."""
        return datetime.combine(self.last_day, time(20, 45))

    @property
    def days(self) -> list[date]:
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + n * DAY for n in range(count)]

    @property
    def months(self) -> list[date]:
        """The first days of all months that the data touch."""
        return sorted({day.replace(day=1) for day in self.days})

    def rng(self, section: str) -> Random:
        """A generator of its own per section: a change in one leaves the others alone."""
        return Random(f"{self.seed}/{section}")

    def on(self, month: int, day: int) -> date:
        """A date of the appraisal year."""
        return date(self.year, month, day)

    def at(self, month: int, day: int, clock: str) -> datetime:
        """A local instant of the appraisal year."""
        return datetime.combine(self.on(month, day), time.fromisoformat(clock))


def month_end(month: date) -> date:
    """The last day of the month of `month`."""
    return (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def working_day_from(day: date) -> date:
    """`day` itself if it works, else the next working day."""
    while not is_working_day(day):
        day += DAY
    return day


def is_open(moment: datetime) -> bool:
    """Whether the department's business hours include `moment`."""
    return is_working_day(moment.date()) and OPENS <= moment.hour < CLOSES


def next_open(moment: datetime) -> datetime:
    """`moment` if it is in business hours, else the next opening."""
    if is_working_day(moment.date()):
        if moment.hour < OPENS:
            return datetime.combine(moment.date(), time(OPENS))
        if moment.hour < CLOSES:
            return moment
    return datetime.combine(working_day_from(moment.date() + DAY), time(OPENS))


def add_business_minutes(moment: datetime, minutes: float) -> datetime:
    """The instant `minutes` of business time after `moment`, to the second."""
    moment, left = next_open(moment), timedelta(seconds=int(minutes * 60))
    while left > (rest := datetime.combine(moment.date(), time(CLOSES)) - moment):
        moment, left = next_open(moment + rest), left - rest
    return moment + left


def seconds(rng: Random, low: float, high: float) -> timedelta:
    """A random span of whole seconds."""
    return timedelta(seconds=rng.randint(int(low), int(high)))


def around(rng: Random, middle: float, spread: float) -> float:
    """A log-normal draw with median `middle`."""
    return math.exp(rng.gauss(math.log(middle), spread))


def between(value: float, low: float, high: float) -> float:
    """`value`, kept inside low and high."""
    return max(low, min(high, value))


# ----------------------------------------------------------------------------------------------
# What is collected: export rows, and the truth behind them
# ----------------------------------------------------------------------------------------------


@dataclass
class Record:
    """The versions of one record, oldest first, with the day on which each one landed."""

    versions: list[tuple[date, Row]]
    keeps_older: bool = False


@dataclass
class Exports:
    """The rows of all tables; `truth` names the records that show a case."""

    settings: Settings
    records: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    truth: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, table: str, loaded: date | datetime, /, **row: Any) -> Record:
        """Add a record with one version that landed on the day `loaded`."""
        record = Record([])
        self.records[table].append(record)
        self.change(table, record, loaded, **row)
        return record

    def change(self, table: str, record: Record, loaded: date | datetime, /, **row: Any) -> None:
        """Add a later version: the whole row for the first one, else what changed."""
        day = loaded.date() if isinstance(loaded, datetime) else loaded
        day = min(max(day, self.settings.first_day), self.settings.last_day)
        previous = record.versions[-1][1] if record.versions else dict.fromkeys(column_types(table))
        unknown = row.keys() - previous.keys()
        if unknown:
            raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
        record.versions.append((day, {**previous, **row}))

    def tag(self, kind: str, identifier: str, case: str, most: int | None = None) -> None:
        """Note that a record shows `case`; at most `most` records where many do."""
        if most is not None and self.shown[case] >= most:
            return
        cases = self.truth.setdefault((kind, identifier), [])
        if case not in cases:
            cases.append(case)
            self.shown[case] += 1


def numbered(prefix: str, count: int, digits: int = 4) -> list[str]:
    """`count` ids of one length, such as T0001, in order."""
    digits = max(digits, len(str(count)))
    return [f"{prefix}{number:0{digits}}" for number in range(1, count + 1)]


# ----------------------------------------------------------------------------------------------
# People
# ----------------------------------------------------------------------------------------------


@dataclass
class Job:
    """A stretch of days in a role; half-open, `end` None while it lasts."""

    role: str
    team: str
    start: date
    end: date | None = None
    is_probation: bool = False

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(eq=False)
class Person:
    """An employee; traits are 0..1, leave days are approved."""

    employee_id: str
    full_name: str
    hired: date
    jobs: list[Job]
    skill: float
    customer_skill: float
    speed: float
    knowledge: float
    reliability: float
    left: date | None = None
    left_reason: str | None = None
    leaves: list[tuple[str, date, date]] = field(default_factory=list)
    leave_days: set[date] = field(default_factory=set)
    unexcused_days: set[date] = field(default_factory=set)
    cases: list[str] = field(default_factory=list)

    def job_on(self, day: date) -> Job | None:
        if day < self.hired or (self.left and day > self.left):
            return None
        return next((job for job in self.jobs if job.holds_on(day)), None)

    def has_role(self, role: str, day: date) -> bool:
        job = self.job_on(day)
        return job is not None and job.role == role

    def is_present(self, day: date) -> bool:
        """Employed in some role, neither on leave nor absent without excuse."""
        return (
            self.job_on(day) is not None
            and day not in self.leave_days
            and day not in self.unexcused_days
        )

    def take_leave(self, kind: str, first: date, last: date) -> bool:
        """Add a leave unless it meets another one; returns whether it was added."""
        days = {first + n * DAY for n in range((last - first).days + 1)}
        if days & self.leave_days:
            return False
        self.leaves.append((kind, first, last))
        self.leave_days |= days
        return True

    def leave_employment(self, last_day: date, reason: str) -> None:
        self.left, self.left_reason = last_day, reason
        self.jobs[-1].end = last_day + DAY

    def change_job(self, role: str, team: str, start: date, is_probation: bool = False) -> None:
        self.jobs[-1].end = start
        self.jobs.append(Job(role, team, start, is_probation=is_probation))


@dataclass
class Department:
    """Everybody, and who led which team from when."""

    settings: Settings
    people: list[Person] = field(default_factory=list)
    leads: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    by_id: dict[str, Person] = field(default_factory=dict)
    _on_duty: dict[date, list[Person]] = field(default_factory=dict)

    def add(self, person: Person) -> Person:
        self.people.append(person)
        self.by_id[person.employee_id] = person
        return person

    def with_case(self, case: str) -> Person:
        return next(person for person in self.people if case in person.cases)

    def in_role(self, role: str, day: date) -> list[Person]:
        return [person for person in self.people if person.has_role(role, day)]

    @property
    def head(self) -> Person:
        return self.people[0]

    def lead_of(self, team: str, day: date) -> str:
        """The supervisor of a team's members on a day."""
        starts = [start for start, _ in self.leads[team]]
        return self.leads[team][max(bisect_right(starts, day) - 1, 0)][1]

    def supervisor_of(self, person: Person, day: date) -> str | None:
        job = person.job_on(day)
        if job is None or person is self.head:
            return None
        return self.lead_of(job.team, day) if job.role == AGENT else self.head.employee_id

    def on_duty(self, day: date) -> list[Person]:
        """The agents at work: all on working days, a quarter by rota on the others."""
        if day not in self._on_duty:
            agents = [person for person in self.in_role(AGENT, day) if person.is_present(day)]
            agents = [person for person in agents if SECONDED not in person.cases]
            if not is_working_day(day):
                week = day.isocalendar().week
                rota = [p for p in agents if (self.people.index(p) + week) % 4 == 0]
                agents = [p for p in rota if not p.job_on(day).is_probation]
            self._on_duty[day] = agents
        return self._on_duty[day]


def traits(rng: Random, skill: float) -> dict[str, float]:
    """A person's traits, each near the overall skill."""

    def near() -> float:
        return round(between(0.75 * skill + 0.25 * rng.random(), 0.02, 0.98), 3)

    return {
        "skill": round(skill, 3),
        "customer_skill": near(),
        "speed": near(),
        "knowledge": near(),
        "reliability": near(),
    }


def build_department(settings: Settings) -> Department:
    """The people with their careers, before anything happens to them."""
    rng = settings.rng("people")
    department = Department(settings)
    teams = math.ceil(settings.agents / SEATS_PER_TEAM)
    specialists = max(4, settings.agents // 12)
    hires = 3
    total = 1 + teams + specialists + settings.agents + hires
    ids = iter(numbered("E", total, digits=3))
    long_ago = settings.first_day.replace(year=settings.year - 5)

    def hire(name: str, role: str, team: str, skill: float) -> Person:
        # Who leads was there before who is led.
        hired = long_ago + rng.randint(0, 1200) * (DAY if role == AGENT else -DAY)
        job = Job(role, team, hired)
        return department.add(Person(next(ids), name, hired, [job], **traits(rng, skill)))

    hire("Head Example 1", HEAD, "HQ", 0.7)
    for number in range(1, teams + 1):
        person = hire(f"Supervisor Example {number}", SUPERVISOR, f"T{number}", rng.uniform(0.2, 1))
        department.leads[f"T{number}"] = [(date.min, person.employee_id)]
    for number in range(1, specialists + 1):
        hire(f"QA Example {number}", QA_SPECIALIST, "QA", rng.uniform(0.2, 1))
    # Evenly spread skills, in random order: ranks are then far enough apart to be found again.
    count = settings.agents + hires
    skills = [(number + 0.5) / count for number in range(count)]
    rng.shuffle(skills)
    for number in range(1, settings.agents + 1):
        name = f"Agent Example {number:02}" if number % 3 else f"示例客服 {number:02}"
        hire(name, AGENT, f"T{(number - 1) // SEATS_PER_TEAM + 1}", skills.pop())
    write_careers(department)
    add_new_hires(department, [hire("", AGENT, "", skills.pop()) for _ in range(hires)])
    return department


def seat(department: Department, team: int, number: int) -> Person:
    """The agent who sat on a team's seat when the data begin; seats count from 1."""
    first = next(n for n, person in enumerate(department.people) if person.jobs[0].role == AGENT)
    return department.people[first + (team - 1) * SEATS_PER_TEAM + number - 1]


def write_careers(department: Department) -> None:
    """The moves of the year: who leaves, changes team or role, and who leads meanwhile."""
    on = department.settings.on

    def mark(team: int, number: int, case: str) -> Person:
        person = seat(department, team, number)
        person.cases.append(case)
        return person

    promoted = mark(1, 1, "promoted_to_supervisor")
    promoted.change_job(SUPERVISOR, "T3", on(7, 16))
    mark(1, 2, "long_leave_whole_months").take_leave("parental", on(3, 1), on(6, 30))
    mark(1, 3, "two_surveys_all_year")
    mark(2, 1, "transfer_mid_month").change_job(AGENT, "T1", on(8, 11))
    mark(2, 2, "leaver_voluntary").leave_employment(on(6, 20), "voluntary")
    mark(2, 3, "no_survey_all_year")
    mark(3, 1, "leaver_involuntary").leave_employment(on(8, 15), "involuntary")
    mark(3, 2, "on_leave_all_month").take_leave("sick", on(11, 1), on(11, 30))
    mark(4, 1, "transfer_at_month_edge").change_job(AGENT, "T5", on(4, 1))
    mark(4, 2, "leaver_on_last_day_of_year").leave_employment(on(12, 31), "voluntary")
    on_probation = mark(4, 3, "probation_until_february")
    on_probation.hired = on_probation.jobs[0].start = date(on(1, 1).year - 1, 11, 18)
    on_probation.jobs[0].is_probation = True
    on_probation.change_job(AGENT, "T4", on(2, 18))
    mark(5, 1, "leaver_voluntary").leave_employment(on(10, 10), "voluntary")
    mark(5, 2, "no_year_end_review")
    mark(5, 3, "no_self_review")
    mark(6, 1, "no_supervisor_review")
    mark(6, 2, "many_violations")
    mark(6, 3, "no_head_review")
    mark(6, 4, SECONDED)
    change_leads(department, promoted)


def change_leads(department: Department, promoted: Person) -> None:
    """Team 3 loses its supervisor and is covered; team 6 is lent away for a month."""
    on = department.settings.on
    supervisors = {team: leads[0][1] for team, leads in department.leads.items()}
    gone = department.by_id[supervisors["T3"]]
    gone.leave_employment(on(5, 31), "voluntary")
    gone.cases.append("supervisor_leaver_voluntary")
    department.leads["T3"] += [(on(6, 1), supervisors["T2"]), (on(7, 16), promoted.employee_id)]
    department.leads["T6"] += [(on(9, 1), supervisors["T5"]), (on(10, 1), supervisors["T6"])]
    department.by_id[supervisors["T2"]].cases.append("supervisor_of_two_teams")
    department.by_id[supervisors["T5"]].cases.append("supervisor_of_two_teams")
    department.by_id[supervisors["T6"]].cases.append("supervisor_without_members_in_september")


def add_new_hires(department: Department, people: list[Person]) -> None:
    """Give the people hired in the year their dates: probation first, then a job."""
    on = department.settings.on
    hires = [
        ("T2", on(4, 25), on(7, 25), "hired_on_the_25th"),
        ("T5", on(9, 15), on(12, 15), "hired_mid_year"),
        ("T3", on(10, 27), None, "on_probation_at_year_end"),
    ]
    for number, (person, (team, hired, ends, case)) in enumerate(
        zip(people, hires, strict=True), 1
    ):
        person.full_name, person.hired = f"New Agent Example {number}", hired
        person.jobs = [Job(AGENT, team, hired, is_probation=True)]
        if ends:
            person.change_job(AGENT, team, ends)
        person.cases += [case, "hired_in_the_year"]


def take_leaves(department: Department) -> None:
    """Ordinary leave: annual leave in pieces, now and then sick."""
    settings, rng = department.settings, department.settings.rng("leaves")
    kinds = [("annual", 4), ("annual", 3), ("annual", 2), ("sick", 1), ("personal", 0)]
    for person in department.people[1:]:
        for kind, longest in kinds:
            first = working_day_from(settings.first_day + rng.randint(7, 390) * DAY)
            last = first + rng.randint(0, longest) * DAY
            skipped = kind in ("sick", "personal") and rng.random() < 0.5
            if skipped or not person.job_on(first) or not person.job_on(last):
                continue
            person.take_leave(kind, first, last)


# ----------------------------------------------------------------------------------------------
# HR
# ----------------------------------------------------------------------------------------------


def export_employees(department: Department, exports: Exports) -> None:
    for person in department.people:
        record = exports.add(
            "employees",
            person.hired,
            employee_id=person.employee_id,
            full_name=person.full_name,
            hire_date=person.hired,
        )
        if person.left:
            exports.change(
                "employees",
                record,
                person.left,
                termination_date=person.left,
                termination_reason=person.left_reason,
            )


def position_spans(department: Department, person: Person) -> Iterator[tuple[Job, date]]:
    """A person's jobs, each cut where the supervisor changes: (job, start of the piece)."""
    for job in person.jobs:
        yield job, job.start
        if job.role == AGENT:
            for start, _ in department.leads[job.team]:
                if start > job.start and job.holds_on(start):
                    yield job, start


def export_positions(department: Department, exports: Exports) -> None:
    for person in department.people:
        spans = list(position_spans(department, person))
        for number, (job, start) in enumerate(spans):
            record = exports.add(
                "positions",
                start,
                employee_id=person.employee_id,
                role_id=job.role,
                team_id=job.team,
                supervisor_id=department.supervisor_of(person, start),
                is_probation=job.is_probation,
                start_date=start,
            )
            end = spans[number + 1][1] if number + 1 < len(spans) else job.end
            if end:
                exports.change("positions", record, end, end_date=end)


def export_absences(department: Department, exports: Exports) -> None:
    for person in department.people:
        for kind, first, last in sorted(person.leaves, key=lambda leave: leave[1]):
            exports.add(
                "absences",
                first,
                employee_id=person.employee_id,
                absence_type=kind,
                start_date=first,
                end_date=last,
            )


def misses_day(rng: Random, person: Person, day: date) -> bool:
    """Whether someone stays away without excuse; the careless, and rarely."""
    if day in person.leave_days or not is_working_day(day):
        return False
    chance = 0.03 if "many_violations" in person.cases else 0.003 * (1 - person.reliability)
    return rng.random() < chance


def choose_unexcused_days(department: Department) -> None:
    """Decide the unexcused absences, before contacts are handed out."""
    rng = department.settings.rng("unexcused")
    for day in department.settings.days:
        for person in department.people[1:]:
            if person.job_on(day) and misses_day(rng, person, day):
                person.unexcused_days.add(day)


def export_attendance(department: Department, exports: Exports) -> None:
    rng = department.settings.rng("attendance")
    for day in department.settings.days:
        works = is_working_day(day)
        rota = set() if works else {person.employee_id for person in department.on_duty(day)}
        for person in department.people[1:]:
            at_work = works and person.job_on(day) and day not in person.leave_days
            if not at_work and person.employee_id not in rota:
                continue
            late = 0
            scheduled = 480 if works else 240
            if rng.random() < 0.05 * (1.1 - person.reliability):
                late = int(between(around(rng, 9, 0.9), 1, 120))
            unexcused = day in person.unexcused_days
            exports.add(
                "attendance",
                day,
                employee_id=person.employee_id,
                work_date=day,
                scheduled_minutes=scheduled,
                worked_minutes=0 if unexcused else scheduled - late,
                late_minutes=0 if unexcused else late,
                is_unexcused=unexcused,
            )


def export_violations(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("violations"), department.settings
    careless = department.with_case("many_violations")
    points = {"attendance": 2, "confidentiality": 10, "conduct": 5}
    violations = [(settings.on(5, 12), careless, "confidentiality", 60)]
    violations.append((settings.on(5, 20), careless, "conduct", 60))
    for _ in range(settings.agents // 4):
        day = working_day_from(settings.first_day + rng.randint(0, 400) * DAY)
        present = [p for p in department.people[1:] if p.job_on(day)]
        person = min(rng.sample(present, 3), key=lambda p: p.reliability)
        category = rng.choice(sorted(points))
        violations.append((day, person, category, points[category]))
    violations.sort(key=lambda violation: (violation[0], violation[1].employee_id))
    ids = numbered("B", len(violations), digits=3)
    for violation_id, (day, person, category, cost) in zip(ids, violations, strict=True):
        exports.add(
            "violations",
            day,
            violation_id=violation_id,
            employee_id=person.employee_id,
            occurred_on=day,
            category=category,
            points=cost,
        )


# ----------------------------------------------------------------------------------------------
# Contacts
# ----------------------------------------------------------------------------------------------

TOPICS = ("billing", "delivery", "refund", "account", "product", "technical", "warranty", "order")
TICKET_CHANNELS = ("email", "chat", "web", "app")
PHONE = "phone"
CONTACTS_PER_WORKING_DAY = 0.75
QUIET_DAY = 0.22
SHARE_OF_CALLS = 0.6
CUSTOMERS_PER_AGENT = 60
ANONYMOUS = 0.04
# Two working days; slower complaints are tagged.
COMPLAINT_LIMIT_MINUTES = 18 * 60


@dataclass
class Arrival:
    """A customer who gets in touch; `repeats` counts the contacts before about the same."""

    at: datetime
    customer: str | None
    topic: str
    channel: str
    repeats: int = 0
    is_complaint: bool = False


@dataclass
class TicketEvent:
    at: datetime
    event_type: str
    actor_id: str | None
    actor_type: str
    assignee: str | None
    status: str
    ticket: Ticket | None = field(default=None, repr=False)


@dataclass(eq=False)
class Ticket:
    """A ticket with its events in order; `cases` go to the truth."""

    arrival: Arrival
    priority: str = "normal"
    events: list[TicketEvent] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    ticket_id: str = ""

    contact_type = "ticket"

    @property
    def contact_id(self) -> str:
        return self.ticket_id

    @property
    def assignee(self) -> str | None:
        return self.events[-1].assignee if self.events else None

    @property
    def status(self) -> str:
        return self.events[-1].status if self.events else "new"

    @property
    def last_at(self) -> datetime:
        return self.events[-1].at if self.events else self.arrival.at

    def log(
        self,
        at: datetime,
        event_type: str,
        actor: str | None,
        actor_type: str = "agent",
        *,
        assignee: str | None = None,
        status: str | None = None,
    ) -> None:
        """Append an event, never before the one that precedes it."""
        at = max(at, self.last_at)
        holder, state = assignee or self.assignee, status or self.status
        self.events.append(TicketEvent(at, event_type, actor, actor_type, holder, state, self))

    def solvings(self) -> list[TicketEvent]:
        return [e for e in self.events if e.event_type == "status_changed" and e.status == "solved"]

    def holder_at(self, moment: datetime) -> str | None:
        """Who is answerable for the ticket at an instant."""
        known = [e.assignee for e in self.events if e.at <= moment and e.assignee]
        return known[-1] if known else None


@dataclass
class Leg:
    """One leg of a call; seconds are None where nobody answered."""

    agent: str | None
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    outcome: str
    talk: int | None = None
    hold: int | None = None
    wrap: int | None = None
    leg_id: str = ""

    @property
    def was_answered(self) -> bool:
        return self.outcome in ("answered", "transferred")


@dataclass(eq=False)
class Call:
    """A call with its legs in order."""

    arrival: Arrival
    direction: str = "inbound"
    queue: str = "main"
    legs: list[Leg] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    call_id: str = ""

    contact_type = "call"

    @property
    def contact_id(self) -> str:
        return self.call_id

    @property
    def ended_at(self) -> datetime:
        return max(leg.ended_at for leg in self.legs)

    def holder_at(self, moment: datetime) -> str | None:
        known = [g.agent for g in self.legs if g.was_answered and g.answered_at <= moment]
        return known[-1] if known else None


def clock_on(rng: Random, day: date) -> datetime:
    """A natural time of a day at which customers get in touch."""
    if is_working_day(day):
        first, last = rng.choices([(7, 9), (9, 12), (12, 18), (18, 22)], (4, 38, 43, 15))[0]
    else:
        first, last = 8, 22
    return datetime.combine(day, time(first)) + seconds(rng, 0, (last - first) * 3600 - 1)


class Floor:
    """The service floor: customers arrive day by day, and agents answer them."""

    def __init__(self, department: Department) -> None:
        self.department = department
        self.settings = department.settings
        self.rng = self.settings.rng("contacts")
        self.customers = numbered("C", CUSTOMERS_PER_AGENT * self.settings.agents)
        self.waiting: dict[date, list[Arrival]] = defaultdict(list)
        self.tickets: list[Ticket] = []
        self.calls: list[Call] = []

    def run(self) -> None:
        """Simulate all days; tickets and calls are then in order of their arrival."""
        for day in self.settings.days:
            arrivals = self.arrivals_of(day) + self.waiting.pop(day, [])
            for arrival in sorted(arrivals, key=lambda a: (a.at, a.customer or "", a.topic)):
                if arrival.at < self.settings.end:
                    self.handle(arrival)

    def arrivals_of(self, day: date) -> list[Arrival]:
        agents = sum(p.is_present(day) for p in self.department.in_role(AGENT, day))
        busy = CONTACTS_PER_WORKING_DAY * (1 if is_working_day(day) else QUIET_DAY)
        count = int(agents * busy * self.rng.uniform(0.85, 1.15) + self.rng.random())
        return [self.new_arrival(clock_on(self.rng, day)) for _ in range(count)]

    def new_arrival(self, at: datetime) -> Arrival:
        rng = self.rng
        customer = None if rng.random() < ANONYMOUS else rng.choice(self.customers)
        topic = rng.choices(TOPICS, (20, 18, 14, 12, 12, 10, 8, 6))[0]
        return Arrival(at, customer, topic, self.channel(), is_complaint=rng.random() < 0.12)

    def channel(self) -> str:
        if self.rng.random() < SHARE_OF_CALLS:
            return PHONE
        return self.rng.choices(TICKET_CHANNELS, (30, 35, 15, 20))[0]

    def handle(self, arrival: Arrival) -> None:
        if arrival.channel == PHONE:
            call = CallSimulation(self, arrival).run()
            if call.ended_at < self.settings.end:
                self.calls.append(call)
        else:
            ticket = TicketSimulation(self, arrival).run()
            ticket.events = [e for e in ticket.events if e.at < self.settings.end]
            self.tickets.append(ticket)

    def expect_repeat(self, arrival: Arrival, handler: Person) -> None:
        """Let the customer come back, the sooner the less the handler knew."""
        rng = self.rng
        chance = (0.40 - 0.36 * handler.knowledge) * (0.5 if arrival.repeats else 1)
        if rng.random() >= chance or arrival.customer is None:
            return
        # Most within the window of seven days, some after it.
        offset = rng.randint(1, 6) if rng.random() < 0.85 else rng.randint(8, 21)
        day = arrival.at.date() + offset * DAY
        channel = arrival.channel if rng.random() < 0.65 else self.channel()
        self.waiting[day].append(
            Arrival(
                clock_on(rng, day),
                arrival.customer,
                arrival.topic,
                channel,
                arrival.repeats + 1,
                arrival.is_complaint or rng.random() < 0.1,
            )
        )

    def pick_agent(self, day: date, besides: str | None = None) -> Person:
        """Somebody on duty that day, the quick a little more often."""
        agents = [p for p in self.department.on_duty(day) if p.employee_id != besides]
        if not agents:
            agents = self.department.on_duty(working_day_from(day))
        return self.rng.choices(agents, [0.7 + 0.6 * p.speed for p in agents])[0]

    def on_duty_or_other(self, person: Person, day: date) -> Person:
        """The person if on duty that day, else a colleague who is."""
        return person if person in self.department.on_duty(day) else self.pick_agent(day)


class TicketSimulation:
    """The life of one ticket, from its creation to its last event."""

    def __init__(self, floor: Floor, arrival: Arrival) -> None:
        self.floor, self.rng, self.arrival = floor, floor.rng, arrival
        weights = (5, 30, 45, 20) if arrival.is_complaint else (20, 60, 15, 5)
        priority = self.rng.choices(("low", "normal", "high", "urgent"), weights)[0]
        self.ticket = Ticket(arrival, priority)

    def run(self) -> Ticket:
        opening = next_open(self.arrival.at)
        agent = self.floor.pick_agent(opening.date())
        self.open(agent)
        if self.rng.random() < 0.02:
            self.ticket.cases.append("never_replied")
            return self.ticket
        agent = self.reply(agent)
        self.talk_on(agent)
        agent = self.maybe_hand_over(agent, 0.05, "reassigned")
        agent = self.solve(agent)
        self.floor.expect_repeat(self.arrival, agent)
        self.after_solving(agent)
        return self.ticket

    def open(self, agent: Person) -> None:
        """Creation; a router assigns at once or a little later; a bot may greet first."""
        ticket, at, rng = self.ticket, self.arrival.at, self.rng
        routed = rng.random() < 0.65
        assignee = agent.employee_id if routed else None
        ticket.log(at, "created", self.arrival.customer, "customer", assignee=assignee)
        if self.arrival.channel == "chat" and rng.random() < 0.3:
            ticket.log(at + seconds(rng, 2, 30), "replied", BOT, "bot")
            ticket.cases.append("bot_replied_first")
        if not routed:
            later = at + seconds(rng, 40, 900)
            ticket.log(later, "assigned", BOT, "bot", assignee=agent.employee_id, status="open")

    def take_over(self, agent: Person, at: datetime) -> Person:
        """Whoever works on that day; a change is an assignment of its own."""
        present = self.floor.on_duty_or_other(agent, at.date())
        if present is not agent:
            self.ticket.log(at, "assigned", BOT, "bot", assignee=present.employee_id)
        return present

    def reply(self, agent: Person) -> Person:
        """The first public reply by a human, mostly in business hours."""
        rng, at = self.rng, self.arrival.at
        on_rota = self.floor.department.on_duty(at.date())
        if not is_open(at) and at.hour < 22 and on_rota and rng.random() < 0.15:
            replied_at = at + seconds(rng, 300, 2400)
            self.ticket.cases.append("replied_outside_business_hours")
        else:
            minutes = around(rng, 12 + 60 * (1 - agent.speed), 0.6)
            replied_at = add_business_minutes(at, between(minutes, 1, 500))
        agent = self.take_over(agent, replied_at)
        if rng.random() < 0.08:
            noted_at = replied_at - timedelta(seconds=20)
            self.ticket.log(noted_at, "noted", agent.employee_id)
            self.ticket.cases.append("note_before_first_reply")
        self.ticket.log(replied_at, "replied", agent.employee_id, status="open")
        return agent

    def talk_on(self, agent: Person) -> None:
        """What may come between reply and solution: an answer, a note, an escalation."""
        rng, ticket = self.rng, self.ticket
        if rng.random() < 0.06:
            at = ticket.last_at + seconds(rng, 120, 5400)
            ticket.log(at, "replied", self.arrival.customer, "customer")
        if rng.random() < 0.05:
            ticket.log(ticket.last_at + seconds(rng, 60, 900), "noted", agent.employee_id)
        chance = 0.25 * (1 - agent.knowledge) if self.arrival.is_complaint else 0.02
        if rng.random() < chance:
            at = ticket.last_at + seconds(rng, 60, 3600)
            ticket.log(at, "escalated", agent.employee_id)
            if self.arrival.is_complaint:
                ticket.cases.append("complaint_escalated")

    def maybe_hand_over(self, agent: Person, chance: float, case: str) -> Person:
        if self.rng.random() >= chance:
            return agent
        at = self.ticket.last_at + seconds(self.rng, 60, 1800)
        other = self.floor.pick_agent(next_open(at).date(), besides=agent.employee_id)
        self.ticket.log(at, "assigned", agent.employee_id, assignee=other.employee_id)
        self.ticket.cases.append(case)
        return other

    def solve(self, agent: Person) -> Person:
        middle = (150 if self.arrival.is_complaint else 70) + 260 * (1 - agent.knowledge)
        minutes = between(around(self.rng, middle, 0.8), 5, 9000)
        solved_at = add_business_minutes(self.ticket.last_at, minutes)
        agent = self.take_over(agent, solved_at)
        if self.arrival.is_complaint and minutes > COMPLAINT_LIMIT_MINUTES:
            self.ticket.cases.append("complaint_slow")
        self.ticket.log(solved_at, "status_changed", agent.employee_id, status="solved")
        return agent

    def after_solving(self, agent: Person) -> None:
        """Handed on before the rating, reopened, or closed; mostly nothing."""
        rng, ticket = self.rng, self.ticket
        solved_at = ticket.last_at
        self.maybe_hand_over(agent, 0.008, "reassigned_before_rating")
        if rng.random() < 0.13 - 0.11 * agent.knowledge:
            day = solved_at.date() + rng.randint(1, 9) * DAY
            at = clock_on(rng, day)
            ticket.log(at, "reopened", self.arrival.customer, "customer", status="open")
            ticket.cases.append("reopened")
            replied_at = add_business_minutes(at, around(rng, 60, 0.5))
            agent = self.take_over(agent, replied_at)
            ticket.log(replied_at, "replied", agent.employee_id)
            self.solve(agent)
        elif rng.random() < 0.25:
            ticket.log(solved_at + 3 * DAY, "status_changed", BOT, "bot", status="closed")


class CallSimulation:
    """One call: it rings, is missed or abandoned or answered, perhaps passed on."""

    def __init__(self, floor: Floor, arrival: Arrival) -> None:
        self.floor, self.rng, self.arrival = floor, floor.rng, arrival
        self.call = Call(arrival)

    def run(self) -> Call:
        call, rng = self.call, self.rng
        at = self.arrival.at
        if not self.floor.department.on_duty(at.date()):
            self.abandon(None, at)
            return call
        agent = self.floor.pick_agent(at.date())
        kind = rng.random()
        if kind < 0.03:
            call.direction = "outbound"
        elif kind < 0.04:
            call.direction, call.queue = "internal", None
            call.arrival.customer = None
        elif kind < 0.10:
            self.abandon(agent if rng.random() < 0.5 else None, at)
            return call
        elif kind < 0.13:
            at = self.miss(agent, at)
            agent = self.floor.pick_agent(at.date(), besides=agent.employee_id)
        if call.direction == "inbound" and rng.random() < 0.05:
            self.answer(agent, at, "transferred", share=0.3)
            at = call.ended_at
            agent = self.floor.pick_agent(at.date(), besides=agent.employee_id)
            call.cases.append("transferred")
        self.answer(agent, at, "answered")
        if call.direction == "inbound":
            self.floor.expect_repeat(self.arrival, agent)
        return call

    def abandon(self, agent: Person | None, at: datetime) -> None:
        """The customer hangs up, perhaps while an agent's telephone rings."""
        who = agent.employee_id if agent else None
        ended_at = at + seconds(self.rng, 5, 180)
        self.call.legs.append(Leg(who, at, None, ended_at, "abandoned"))
        if agent:
            self.call.cases.append("abandoned_with_agent")

    def miss(self, agent: Person, at: datetime) -> datetime:
        ended_at = at + seconds(self.rng, 15, 30)
        self.call.legs.append(Leg(agent.employee_id, at, None, ended_at, "missed"))
        self.call.cases.append("missed_then_answered")
        return ended_at

    def answer(self, agent: Person, at: datetime, outcome: str, share: float = 1) -> None:
        rng = self.rng
        wait = int(between(around(rng, 7 + 22 * (1 - agent.speed), 0.7), 1, 300))
        talk = int(between(share * around(rng, 190 + 240 * (1 - agent.speed), 0.4), 15, 2400))
        hold = rng.randint(10, 120) if rng.random() < 0.3 else 0
        wrap = int(around(rng, 25 + 50 * (1 - agent.speed), 0.4))
        answered_at = at + timedelta(seconds=wait)
        ended_at = answered_at + timedelta(seconds=talk + hold)
        self.call.legs.append(
            Leg(agent.employee_id, at, answered_at, ended_at, outcome, talk, hold, wrap)
        )


# ----------------------------------------------------------------------------------------------
# Hard cases among the contacts, on customers of their own
# ----------------------------------------------------------------------------------------------


class Script:
    """Contacts whose course is fixed: the edges that a random year may miss."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.settings = floor, floor.settings
        self.steady = [p for p in floor.department.people if p.jobs[0].role == AGENT]
        self.steady = [p for p in self.steady if not p.cases]
        self.used = 0

    def agent(self, day: date) -> str:
        """The next of those without a story of their own who is at work that day."""
        for _ in self.steady:
            self.used += 1
            person = self.steady[self.used % len(self.steady)]
            if person.is_present(day):
                return person.employee_id
        raise RuntimeError(f"nobody is at work on {day}")

    def arrival(self, at: datetime, customer: str, topic: str, channel: str) -> Arrival:
        return Arrival(at, customer, topic, channel)

    def call(self, case: str, customer: str, topic: str, *legs: Leg) -> Call:
        """A call made of given legs."""
        arrival = self.arrival(legs[0].offered_at, customer, topic, PHONE)
        call = Call(arrival, legs=list(legs), cases=[case])
        self.floor.calls.append(call)
        return call

    def leg(self, start: datetime, end: datetime, outcome: str = "answered") -> Leg:
        """An answered leg: ten seconds of ringing, then talk to its end."""
        answered_at = start + timedelta(seconds=10)
        talk = int((end - answered_at).total_seconds())
        agent = self.agent(start.date())
        return Leg(agent, start, answered_at, end, outcome, talk, 0, 30)

    def ticket(self, case: str, customer: str, topic: str, created: datetime) -> Ticket:
        """A ticket just created and assigned."""
        ticket = Ticket(self.arrival(created, customer, topic, "email"), cases=[case])
        agent = self.agent(next_open(created).date())
        ticket.log(created, "created", customer, "customer", assignee=agent)
        self.floor.tickets.append(ticket)
        return ticket

    def solve(self, ticket: Ticket, replied: datetime, solved: datetime) -> Ticket:
        agent = ticket.assignee
        ticket.log(replied, "replied", agent, status="open")
        ticket.log(solved, "status_changed", agent, status="solved")
        return ticket

    def run(self) -> None:
        self.month_edges()
        self.year_edges()
        self.repeats()
        self.make_up_day()
        self.odd_legs()
        self.ties()
        self.last_day()

    def month_edges(self) -> None:
        at, leg = self.settings.at, self.leg
        # Ends at 16:30 UTC of 31 March, which is 1 April in Shanghai.
        self.call(
            "leg_ends_after_local_midnight_at_month_edge",
            "CX01",
            "billing",
            leg(at(4, 1, "00:12:00"), at(4, 1, "00:30:00")),
        )
        self.call(
            "leg_crosses_local_midnight_at_month_edge",
            "CX02",
            "refund",
            leg(at(3, 31, "23:50:00"), at(4, 1, "00:04:00")),
        )
        self.call(
            "legs_on_both_sides_of_midnight_at_month_edge",
            "CX03",
            "account",
            leg(at(4, 30, "23:51:00"), at(4, 30, "23:57:30"), "transferred"),
            leg(at(4, 30, "23:57:30"), at(5, 1, "00:06:00")),
        )
        ticket = self.ticket("solved_late_on_last_day", "CX04", "order", at(8, 29, "10:00:00"))
        self.solve(ticket, at(8, 29, "10:20:00"), at(8, 31, "23:40:00"))
        ticket = self.ticket(
            "solved_on_the_first_before_utc_does", "CX05", "order", at(8, 29, "11:00:00")
        )
        self.solve(ticket, at(8, 29, "11:20:00"), at(9, 1, "07:30:00"))
        self.ticket("created_and_replied_across_month_edge", "CX06", "order", at(6, 30, "17:50:00"))
        self.solve(self.floor.tickets[-1], at(7, 1, "09:20:00"), at(7, 1, "11:00:00"))

        for number, side in enumerate(("before", "after")):
            start = at(6, 30, "16:00:00") + number * timedelta(minutes=30)
            self.call(
                f"survey_just_{side}_month_edge",
                f"CX0{7 + number}",
                "delivery",
                leg(start, start + timedelta(minutes=5)),
            )

    def year_edges(self) -> None:
        settings, at = self.settings, self.settings.at
        december = date(settings.year - 1, 12, 19)
        created = datetime.combine(december, time(10))
        ticket = self.ticket("december_solved_january_reopened", "CX10", "refund", created)
        self.solve(ticket, created + timedelta(minutes=30), created + timedelta(hours=5))
        ticket.log(at(1, 6, "10:00:00"), "reopened", "CX10", "customer", status="open")
        self.solve(ticket, at(1, 6, "10:45:00"), at(1, 8, "15:00:00"))
        ticket.cases.append("reopened")
        new_year = at(12, 31, "23:52:00")
        self.call(
            "leg_crosses_midnight_at_year_edge",
            "CX11",
            "technical",
            self.leg(new_year, new_year + timedelta(minutes=15)),
        )

    def repeats(self) -> None:
        at, leg = self.settings.at, self.leg
        first = at(5, 13, "10:00:00")
        ticket = self.ticket("repeat_across_channels", "CX20", "delivery", first)
        self.solve(ticket, at(5, 13, "10:15:00"), at(5, 13, "14:00:00"))
        again = at(5, 15, "15:00:00")
        self.call(
            "repeat_across_channels", "CX20", "delivery", leg(again, again + timedelta(minutes=6))
        )
        for case, customer, gap in (
            ("repeat_exactly_at_window_end", "CX21", timedelta(days=7)),
            ("repeat_one_second_after_window", "CX22", timedelta(days=7, seconds=1)),
        ):
            start = at(9, 9, "11:00:00")
            for moment in (start, start + gap):
                self.call(case, customer, "product", leg(moment, moment + timedelta(minutes=5)))
        for topic in ("billing", "technical"):
            start = at(10, 14, "14:00:00") + (DAY if topic == "technical" else 0 * DAY)
            self.call(
                "same_customer_other_topic",
                "CX23",
                topic,
                leg(start, start + timedelta(minutes=4)),
            )

    def make_up_day(self) -> None:
        """Written on the evening before a working weekend day, replied at 09:05 on it."""
        for number, day in enumerate(make_up_days(self.settings.year)):
            created = datetime.combine(day - DAY, time(20))
            ticket = self.ticket(
                "replied_on_make_up_working_day", f"CX3{number}", "account", created
            )
            opening = datetime.combine(day, time(OPENS, 5))
            self.solve(ticket, opening, opening + timedelta(hours=2))

    def odd_legs(self) -> None:
        """Nobody answered, yet the switch wrote a wrap time or a talk time of nought."""
        at = self.settings.at
        for number, (talk, wrap) in enumerate(((None, 12), (0, None), (0, 0))):
            start = at(3, 11 + number, "10:30:00")
            leg = Leg(self.agent(start.date()), start, None, start + timedelta(seconds=40), "")
            leg.outcome, leg.talk, leg.wrap = "abandoned", talk, wrap
            self.call("abandoned_with_odd_seconds", f"CX4{number}", "billing", leg)

    def ties(self) -> None:
        """Two events in one second: the id decides."""
        at = self.settings.at
        ticket = self.ticket("events_in_one_second", "CX50", "warranty", at(2, 18, "09:30:00"))
        other = self.agent(self.settings.on(2, 18))
        ticket.log(at(2, 18, "10:00:00"), "assigned", BOT, "bot", assignee=other)
        self.solve(ticket, at(2, 18, "10:00:00"), at(2, 18, "10:00:00"))

    def last_day(self) -> None:
        """All event streams reach the evening of the last day."""
        end = self.settings.end
        self.ticket("newest_records", "CX60", "order", end - timedelta(minutes=90))
        start = end - timedelta(minutes=40)
        self.call("newest_records", "CX61", "order", self.leg(start, start + timedelta(minutes=7)))


def number_contacts(floor: Floor) -> None:
    """Give tickets and calls their ids, in order of arrival."""
    floor.tickets.sort(key=lambda t: (t.arrival.at, t.arrival.customer or "", t.arrival.topic))
    floor.calls.sort(key=lambda c: (c.arrival.at, c.arrival.customer or "", c.arrival.topic))
    for ticket, ticket_id in zip(floor.tickets, numbered("T", len(floor.tickets)), strict=True):
        ticket.ticket_id = ticket_id
    for call, call_id in zip(floor.calls, numbered("K", len(floor.calls)), strict=True):
        call.call_id = call_id


def export_tickets(floor: Floor, exports: Exports) -> None:
    """One version per day on which a ticket changed; few show more than the newest at once."""
    rng = floor.settings.rng("versions")
    for ticket in floor.tickets:
        arrival = ticket.arrival
        latest = {event.at.date(): event for event in ticket.events}
        record = Record([])
        exports.records["tickets"].append(record)
        for day, event in sorted(latest.items()):
            exports.change(
                "tickets",
                record,
                day,
                ticket_id=ticket.ticket_id,
                customer_id=arrival.customer,
                channel=arrival.channel,
                topic=arrival.topic,
                priority=ticket.priority,
                is_complaint=arrival.is_complaint,
                status=event.status,
                created_at=arrival.at,
                updated_at=event.at,
            )
        record.keeps_older = len(latest) > 1 and rng.random() < 0.08
        for case in ticket.cases:
            exports.tag("ticket", ticket.ticket_id, case, most=12)


def export_ticket_events(floor: Floor, exports: Exports) -> None:
    """Events with ids in order of time; text ids keep their leading noughts."""
    events = [event for ticket in floor.tickets for event in ticket.events]
    events.sort(key=lambda event: event.at)
    for event_id, event in zip(numbered("", len(events), digits=5), events, strict=True):
        exports.add(
            "ticket_events",
            event.at,
            event_id=event_id,
            ticket_id=event.ticket.ticket_id,
            occurred_at=event.at,
            event_type=event.event_type,
            actor_id=event.actor_id,
            actor_type=event.actor_type,
            assignee_id=event.assignee,
            status=event.status,
        )


def export_call_legs(floor: Floor, exports: Exports) -> None:
    legs = [(call, leg) for call in floor.calls for leg in call.legs]
    legs.sort(key=lambda pair: (pair[1].offered_at, pair[0].call_id))
    for leg_id, (call, leg) in zip(numbered("L", len(legs)), legs, strict=True):
        leg.leg_id = leg_id
        exports.add(
            "call_legs",
            leg.ended_at,
            leg_id=leg_id,
            call_id=call.call_id,
            customer_id=call.arrival.customer,
            agent_id=leg.agent,
            queue=call.queue,
            topic=call.arrival.topic,
            direction=call.direction,
            offered_at=leg.offered_at,
            answered_at=leg.answered_at,
            ended_at=leg.ended_at,
            talk_seconds=leg.talk,
            hold_seconds=leg.hold,
            wrap_seconds=leg.wrap,
            outcome=leg.outcome,
        )
    for call in floor.calls:
        for case in call.cases:
            exports.tag("call", call.call_id, case, most=12)


# ----------------------------------------------------------------------------------------------
# Surveys
# ----------------------------------------------------------------------------------------------

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


@dataclass(eq=False)
class Survey:
    """A survey sent about a contact; `score` stays None while it is unanswered."""

    contact: Ticket | Call
    survey_type: str
    sent_at: datetime
    responded_at: datetime | None = None
    score: int | None = None
    earlier_score: int | None = None
    cases: list[str] = field(default_factory=list)


class SurveySimulation:
    """Who is asked, who answers, and what: the holder's skill with customers shows."""

    scripted = frozenset(
        ("survey_just_before_month_edge", "survey_just_after_month_edge", "newest_records")
    )

    def __init__(self, floor: Floor) -> None:
        self.floor, self.settings = floor, floor.settings
        self.rng = self.settings.rng("surveys")
        department = floor.department
        self.unasked = department.with_case("no_survey_all_year").employee_id
        self.rarely_asked = department.with_case("two_surveys_all_year").employee_id
        self.asked_from = [self.settings.on(2, 10), self.settings.on(9, 10)]
        self.surveys: list[Survey] = []

    def run(self) -> list[Survey]:
        for ticket in self.floor.tickets:
            if solvings := ticket.solvings():
                self.ask(ticket, solvings[0].at + seconds(self.rng, 1800, 14400))
        for call in self.floor.calls:
            if self.scripted & set(call.cases):
                self.ask_scripted(call)
            elif call.direction == "inbound" and call.legs[-1].was_answered:
                self.ask(call, call.ended_at + seconds(self.rng, 60, 600))
        self.surveys.sort(key=lambda survey: (survey.sent_at, survey.contact.contact_id))
        return self.surveys

    def ask(self, contact: Ticket | Call, sent_at: datetime) -> None:
        rng = self.rng
        if rng.random() >= 0.82 or sent_at >= self.settings.end:
            return
        kind = rng.choices(("csat", "nps", "ces"), (93, 4, 3))[0]
        survey = Survey(contact, kind, sent_at)
        responded_at = sent_at + seconds(rng, 60, 36 * 3600)
        if rng.random() < 0.85 and responded_at < self.settings.end:
            survey.responded_at = responded_at
            survey.score = self.score(contact, kind, responded_at)
        if not self.may_ask(survey):
            return
        self.surveys.append(survey)
        if survey.score is not None and rng.random() < 0.008:
            survey.earlier_score = survey.score
            survey.score = rng.randint(*SCALES[kind])
            survey.cases.append("changed_later")
        if survey.score is not None and rng.random() < 0.004:
            self.duplicate(survey)

    def may_ask(self, survey: Survey) -> bool:
        """Keep the two agents with two surveys and with none as they are."""
        moment = survey.responded_at or self.settings.end
        holders = {survey.contact.holder_at(moment), survey.contact.holder_at(survey.sent_at)}
        if self.unasked in holders:
            return False
        if self.rarely_asked not in holders:
            return True
        if survey.survey_type != "csat" or survey.score is None or not self.asked_from:
            return False
        if survey.sent_at.date() < self.asked_from[0] or holders != {self.rarely_asked}:
            return False
        self.asked_from.pop(0)
        return True

    def score(self, contact: Ticket | Call, kind: str, moment: datetime) -> int:
        holder = self.floor.department.by_id[contact.holder_at(moment)]
        arrival, rng = contact.arrival, self.rng
        happy = 0.60 + 0.42 * holder.customer_skill
        happy -= 0.06 * (arrival.repeats > 0) + 0.12 * arrival.is_complaint
        low, high = SCALES[kind]
        if rng.random() < happy:
            return high - (rng.random() < 0.4)
        return rng.randint(low, high - 2)

    def duplicate(self, survey: Survey) -> None:
        """A second survey about the same contact, answered later and otherwise."""
        later = survey.responded_at + seconds(self.rng, 600, 86400)
        if later < self.settings.end:
            score = self.rng.randint(*SCALES[survey.survey_type])
            second = Survey(survey.contact, survey.survey_type, survey.sent_at, later, score)
            survey.cases.append("two_responses_to_one_contact")
            second.cases.append("two_responses_to_one_contact")
            self.surveys.append(second)

    def ask_scripted(self, call: Call) -> None:
        """The survey of a call whose case fixes the instant of the response."""
        at = self.settings.at
        moments = {
            # In June by local time, and in July, which is June by UTC.
            "survey_just_before_month_edge": at(6, 30, "23:50:00"),
            "survey_just_after_month_edge": at(7, 1, "00:10:00"),
            "newest_records": call.ended_at + timedelta(minutes=22),
        }
        case = call.cases[0]
        sent_at = call.ended_at + timedelta(minutes=2)
        self.surveys.append(Survey(call, "csat", sent_at, moments[case], 5, cases=[case]))


def export_surveys(surveys: Sequence[Survey], exports: Exports) -> None:
    ids = numbered("S", len(surveys))
    for response_id, survey in zip(ids, surveys, strict=True):
        low, high = SCALES[survey.survey_type]
        record = exports.add(
            "survey_responses",
            survey.sent_at,
            response_id=response_id,
            survey_type=survey.survey_type,
            contact_type=survey.contact.contact_type,
            contact_id=survey.contact.contact_id,
            sent_at=survey.sent_at,
            scale_min=low,
            scale_max=high,
            updated_at=survey.sent_at,
        )
        if survey.score is not None:
            add_answers(exports, record, survey)
        for case in survey.cases:
            exports.tag("survey", response_id, case, most=12)


def add_answers(exports: Exports, record: Record, survey: Survey) -> None:
    """The answer, and the one before it where the customer changed it within the hour."""
    answered_at, changed_at = survey.responded_at, survey.responded_at
    if survey.earlier_score is not None:
        # A change is recorded up to two hours after the answer.
        changed_at = min(answered_at + timedelta(hours=2), exports.settings.end)
        exports.change(
            "survey_responses",
            record,
            answered_at,
            responded_at=answered_at,
            score=survey.earlier_score,
            updated_at=answered_at,
        )
        del record.versions[0]
        record.keeps_older = True
    exports.change(
        "survey_responses",
        record,
        changed_at,
        responded_at=answered_at,
        score=survey.score,
        updated_at=changed_at,
    )


# ----------------------------------------------------------------------------------------------
# Quality
# ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A line of the QA form; the trait says whose strength it shows."""

    item_id: str
    section: str
    weight: int
    trait: str
    is_fatal: bool = False


ITEMS = (
    Item("ST1", "standards", 2, "reliability"),
    Item("ST2", "standards", 2, "knowledge"),
    Item("ST3", "standards", 1, "reliability", is_fatal=True),
    Item("CO1", "communication", 2, "customer_skill"),
    Item("CO2", "communication", 1, "knowledge"),
    Item("AT1", "attitude", 2, "customer_skill"),
)
ITEM_POINTS = 5


@dataclass(eq=False)
class Review:
    """A QA review; `scores` by item, None where the item does not apply."""

    contact: Ticket | Call
    agent: Person
    reviewer: Person
    reviewed_at: datetime
    scores: dict[str, int | None]
    status: str = "final"
    calibration: str | None = None
    cases: list[str] = field(default_factory=list)


class QualitySimulation:
    """Samples of each agent's contacts reviewed by the specialists, and calibrations."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.department = floor, floor.department
        self.settings = floor.settings
        self.rng = self.settings.rng("quality")
        self.handled: dict[tuple[str, date], list[tuple[datetime, Ticket | Call]]] = defaultdict(
            list
        )
        self.reviews: list[Review] = []
        self.collect()

    def collect(self) -> None:
        """Contacts by who finished them and in which month, with the instant of the end."""
        for ticket in self.floor.tickets:
            if solvings := ticket.solvings():
                self.note(solvings[-1].assignee, solvings[-1].at, ticket)
        for call in self.floor.calls:
            if call.direction == "inbound" and call.legs[-1].was_answered:
                self.note(call.legs[-1].agent, call.ended_at, call)

    def note(self, agent: str, at: datetime, contact: Ticket | Call) -> None:
        self.handled[agent, at.date().replace(day=1)].append((at, contact))

    def run(self) -> list[Review]:
        for agent_id, month in sorted(self.handled):
            contacts = self.handled[agent_id, month]
            wanted = min(len(contacts), 3)
            for at, contact in self.rng.sample(contacts, wanted):
                self.review(self.department.by_id[agent_id], at, contact)
        self.calibrate()
        self.leave_section_out()
        self.reviews.sort(key=lambda r: (r.reviewed_at, r.contact.contact_id))
        return self.reviews

    def moment_on(self, day: date) -> datetime:
        """A random instant of a specialist's working day, ten to six."""
        return datetime.combine(working_day_from(day), time(10)) + seconds(self.rng, 0, 28000)

    def review(self, agent: Person, at: datetime, contact: Ticket | Call) -> None:
        rng = self.rng
        late = rng.random() < 0.08
        reviewed_at = self.moment_on(at.date() + rng.randint(*((6, 12) if late else (1, 3))) * DAY)
        day = reviewed_at.date()
        specialists = [p for p in self.department.in_role(QA_SPECIALIST, day) if p.is_present(day)]
        if reviewed_at >= self.settings.end or not specialists:
            return
        reviewer = rng.choices(specialists, [0.6 + 0.8 * p.speed for p in specialists])[0]
        scores = {item.item_id: self.score(agent, item) for item in ITEMS}
        review = Review(contact, agent, reviewer, reviewed_at, scores)
        chance = rng.random()
        if chance < 0.015:
            review.status = "voided"
        elif chance < 0.015 + 0.05 * (1 - reviewer.reliability):
            review.status = "overturned"
        review.cases += [review.status] if review.status != "final" else []
        self.tag_items(review)
        self.reviews.append(review)

    def score(self, agent: Person, item: Item) -> int | None:
        """Points of an item; a fatal one is either passed or failed."""
        rng = self.rng
        if not item.is_fatal and rng.random() < 0.05:
            return None
        strength = getattr(agent, item.trait)
        if item.is_fatal:
            return 0 if rng.random() < 0.05 * (1 - strength) else ITEM_POINTS
        points = ITEM_POINTS * between(0.62 + 0.36 * strength + rng.gauss(0, 0.12), 0, 1)
        return round(points)

    def tag_items(self, review: Review) -> None:
        if any(review.scores[item.item_id] == 0 for item in ITEMS if item.is_fatal):
            review.cases.append("fatal_item_failed")
        if None in review.scores.values():
            review.cases.append("item_not_applicable")

    def calibrate(self) -> None:
        """Twice a month all specialists score one contact."""
        for month in self.settings.months:
            for half, day in enumerate((8, 22), 1):
                first = month.replace(day=day)
                contacts = sorted(
                    (at, contact.contact_id, agent_id)
                    for (agent_id, handled_in), handled in self.handled.items()
                    if handled_in == month
                    for at, contact in handled
                    if at.date() < first
                )
                if contacts:
                    self.hold_session(contacts[-1], f"CAL{month:%y%m}{half}", first)

    def hold_session(self, chosen: tuple[datetime, str, str], name: str, day: date) -> None:
        """Every specialist's own scores of one contact, apart as far as they are unreliable."""
        at, contact_id, agent_id = chosen
        handled = self.handled[agent_id, at.date().replace(day=1)]
        contact = next(c for _, c in handled if c.contact_id == contact_id)
        agent = self.department.by_id[agent_id]
        common = {item.item_id: self.score(agent, item) for item in ITEMS}
        day = working_day_from(day)
        for person in self.department.in_role(QA_SPECIALIST, day):
            reviewed_at = self.moment_on(day)
            if reviewed_at >= self.settings.end or not person.is_present(day):
                continue
            scores = {key: self.shift(person, key, score) for key, score in common.items()}
            review = Review(contact, agent, person, reviewed_at, scores, calibration=name)
            review.cases.append("calibration")
            self.reviews.append(review)

    def shift(self, person: Person, item_id: str, score: int | None) -> int | None:
        fatal = next(item.is_fatal for item in ITEMS if item.item_id == item_id)
        if score is None or fatal or self.rng.random() > 0.3 * (1.15 - person.reliability):
            return score
        return int(between(score + self.rng.choice((-2, -1, 1)), 0, ITEM_POINTS))

    def leave_section_out(self) -> None:
        """Two reviews in which no item of a section applies."""
        plain = [r for r in self.reviews if r.calibration is None and r.status == "final"]
        for review in plain[10:300:200]:
            review.scores.update(CO1=None, CO2=None)
            review.cases.append("section_not_applicable")


def export_reviews(reviews: Sequence[Review], exports: Exports) -> None:
    ids = numbered("Q", len(reviews))
    for review_id, review in zip(ids, reviews, strict=True):
        for item in ITEMS:
            score = review.scores[item.item_id]
            exports.add(
                "quality_review_items",
                review.reviewed_at,
                review_id=review_id,
                item_id=item.item_id,
                section=item.section,
                contact_type=review.contact.contact_type,
                contact_id=review.contact.contact_id,
                agent_id=review.agent.employee_id,
                reviewer_id=review.reviewer.employee_id,
                reviewed_at=review.reviewed_at,
                score=score,
                max_score=ITEM_POINTS,
                weight=item.weight,
                is_applicable=score is not None,
                is_fatal=item.is_fatal,
                is_calibration=review.calibration is not None,
                calibration_id=review.calibration,
                status=review.status,
            )
        for case in review.cases:
            exports.tag("review", review_id, case, most=8)


# ----------------------------------------------------------------------------------------------
# Learning
# ----------------------------------------------------------------------------------------------

SUBJECTS = ("product", "policy")
COURSES = ("Product news", "Service skills")
TRAINING_DAYS = 35


def quarters(settings: Settings) -> list[date]:
    """The first days of the quarters from the one before the year to the one after it."""
    return [date(settings.year - 1, 10, 1)] + [
        date(settings.year + (month > 12), (month - 1) % 12 + 1, 1) for month in (1, 4, 7, 10, 13)
    ]


def quarter_name(start: date) -> str:
    return f"{start:%y}Q{(start.month + 2) // 3}"


def learners(department: Department, day: date) -> list[Person]:
    return [
        person
        for person in department.people
        if person.has_role(AGENT, day) or person.has_role(QA_SPECIALIST, day)
    ]


def export_exams(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("exams"), department.settings
    for start in quarters(settings):
        for subject_number, subject in enumerate(SUBJECTS):
            day = working_day_from(
                start.replace(month=start.month + 2) + (10 + subject_number) * DAY
            )
            if day > settings.last_day:
                continue
            for person in learners(department, day):
                sit_exam(rng, exports, person, f"X{quarter_name(start)}", subject, day)


def sit_exam(
    rng: Random, exports: Exports, person: Person, exam_id: str, subject: str, day: date
) -> None:
    """First attempt, and a second one two weeks later for most who failed."""

    def attempt(number: int, on: date, score: int | None, is_excused: bool = False) -> None:
        exports.add(
            "exams",
            on,
            exam_id=exam_id,
            employee_id=person.employee_id,
            subject=subject,
            attempt=number,
            taken_at=datetime.combine(on, time(14)),
            score=score,
            max_score=100,
            pass_share=0.8,
            is_excused=is_excused,
        )

    key = f"{exam_id}/{person.employee_id}/{subject}"
    if day in person.leave_days or rng.random() < 0.01:
        attempt(1, day, None, is_excused=True)
        exports.tag("exam", key, "exam_excused", most=8)
        return
    if rng.random() < 0.04 * (1.2 - person.reliability):
        attempt(1, day, None)
        exports.tag("exam", key, "exam_missed", most=8)
        return
    score = round(between(66 + 32 * person.knowledge + rng.gauss(0, 5), 20, 100))
    attempt(1, day, score)
    again = working_day_from(day + 14 * DAY)
    if score < 80 and rng.random() < 0.8 and person.is_present(again):
        attempt(2, again, min(100, score + rng.randint(2, 18)))
        exports.tag("exam", key, "exam_second_attempt", most=8)


def export_trainings(department: Department, exports: Exports) -> None:
    """A course a month; the last one assigned is not due yet when the data end."""
    rng, settings = department.settings.rng("trainings"), department.settings
    rows: list[tuple[date, Row]] = []
    for number, month in enumerate([date(settings.year - 1, 11, 1), *settings.months]):
        assigned = working_day_from(month + 4 * DAY)
        for person in learners(department, assigned):
            if assigned in person.leave_days:
                continue
            due = assigned + TRAINING_DAYS * DAY
            done = assigned + rng.randint(3, TRAINING_DAYS) * DAY
            if rng.random() > 0.6 + 0.4 * person.reliability:
                done = due + rng.randint(1, 30) * DAY if rng.random() < 0.6 else None
            if done and (done > settings.last_day or not person.job_on(done)):
                done = None
            course = f"{COURSES[number % 2]} {month:%Y-%m}"
            rows.append(
                (
                    assigned,
                    {
                        "employee_id": person.employee_id,
                        "course": course,
                        "assigned_on": assigned,
                        "due_on": due,
                        "completed_on": done,
                        "hours": rng.choice((1.5, 2, 3)),
                    },
                )
            )
    for assignment_id, (assigned, row) in zip(numbered("A", len(rows)), rows, strict=True):
        done = row.pop("completed_on")
        record = exports.add("trainings", assigned, assignment_id=assignment_id, **row)
        if done:
            exports.change("trainings", record, done, completed_on=done)


def export_coaching(department: Department, exports: Exports) -> None:
    """A session a month for most members, by whoever leads them that day."""
    rng, settings = department.settings.rng("coaching"), department.settings
    metrics = ("csat", "first_contact_resolution", "handle_time", "ticket_first_reply")
    sessions: list[tuple[datetime, str, str, str]] = []
    for month in settings.months:
        for person in department.people:
            day = working_day_from(month + rng.randint(0, 26) * DAY)
            skips = rng.random()
            if day.month != month.month or not settings.first_day <= day <= settings.last_day:
                continue
            if not person.has_role(AGENT, day) or not person.is_present(day):
                continue
            coach = department.by_id[department.supervisor_of(person, day)]
            if skips < 0.05 + 0.25 * (1 - coach.reliability) or not coach.is_present(day):
                continue
            held_at = datetime.combine(day, time(10)) + seconds(rng, 0, 7 * 3600)
            sessions.append((held_at, coach.employee_id, person.employee_id, rng.choice(metrics)))
    sessions.sort()
    for session_id, session in zip(numbered("H", len(sessions)), sessions, strict=True):
        held_at, coach_id, employee_id, metric_id = session
        exports.add(
            "coaching_sessions",
            held_at,
            session_id=session_id,
            coach_id=coach_id,
            employee_id=employee_id,
            held_at=held_at,
            metric_id=metric_id,
        )


# ----------------------------------------------------------------------------------------------
# Appraisal
# ----------------------------------------------------------------------------------------------

MONTH_CRITERIA = {
    AGENT: ("improvement", "accountability", "resilience", "collaboration"),
    SUPERVISOR: ("coordination",),
    QA_SPECIALIST: ("collaboration",),
}
DIMENSIONS = {
    AGENT: ("work_performance", "service_quality", "professional_competence", "teamwork"),
    SUPERVISOR: (
        "team_performance",
        "people_development",
        "process_improvement",
        "coordination_and_reporting",
    ),
    QA_SPECIALIST: (
        "inspection_output",
        "inspection_quality",
        "professional_competence",
        "teamwork",
    ),
}
RATING_SCALE = 5
TARGETS = {
    "csat": (0.85, 0.95),
    "handle_time": (330, 480),
    "first_contact_resolution": (0.7, 0.85),
    "workload": (0.9, 1.2),
}


def export_goals(department: Department, exports: Exports) -> None:
    """Personal targets: agreed by both, by one, by none, in March, and proposed twice."""
    rng, settings = department.settings.rng("goals"), department.settings
    on = settings.on
    kinds: list[tuple[str, date | None, date | None]] = [
        ("goal_agreed", on(1, 8), on(1, 10)),
        ("goal_agreed_by_employee_only", on(1, 9), None),
        ("goal_agreed_by_manager_only", None, on(1, 9)),
        ("goal_agreed_by_nobody", None, None),
        ("goal_agreed_in_march", on(1, 12), on(3, 11)),
    ]
    agents = [p for p in department.people if p.has_role(AGENT, on(1, 6)) and not p.cases]
    for number, person in enumerate(agents[::2]):
        case, employee_agreed, manager_agreed = kinds[number % len(kinds)]
        metric = list(TARGETS)[number % len(TARGETS)]
        add_goal(rng, exports, person, metric, on(1, 6), (employee_agreed, manager_agreed))
        exports.tag("employee", person.employee_id, case)
    twice = agents[1]
    add_goal(rng, exports, twice, "csat", on(1, 6), (on(1, 7), on(1, 8)))
    add_goal(rng, exports, twice, "csat", on(6, 2), (on(6, 4), on(6, 5)))
    exports.tag("employee", twice.employee_id, "goal_replaced_in_june")


def add_goal(
    rng: Random,
    exports: Exports,
    person: Person,
    metric: str,
    proposed: date,
    agreed: tuple[date | None, date | None],
) -> None:
    low, high = TARGETS[metric]
    value = round(rng.uniform(low, high), 2) if high < 10 else float(rng.randint(low, high))
    record = exports.add(
        "goals",
        proposed,
        employee_id=person.employee_id,
        appraisal_year=exports.settings.year,
        metric_id=metric,
        target_value=value,
        proposed_on=proposed,
    )
    changes = zip(("employee_agreed_on", "manager_agreed_on"), agreed, strict=True)
    for column, day in sorted((c for c in changes if c[1]), key=lambda c: c[1]):
        exports.change("goals", record, day, **{column: day})


@dataclass
class Rating:
    ratee: Person
    rater_id: str
    relation: str
    period_type: str
    period_start: date
    criterion: str
    score: int
    submitted_at: datetime


class RatingSimulation:
    """Monthly ratings by supervisor and peers, and the review at the year's end."""

    def __init__(self, department: Department) -> None:
        self.department, self.settings = department, department.settings
        self.rng = self.settings.rng("ratings")
        self.ratings: list[Rating] = []

    def run(self) -> list[Rating]:
        for month in self.settings.months:
            if month_end(month) < self.settings.last_day:
                for person in self.department.people[1:]:
                    self.rate_month(person, month)
        for person in self.department.people[1:]:
            self.rate_year(person)
        self.ratings.sort(key=lambda r: (r.submitted_at, r.ratee.employee_id, r.criterion))
        return self.ratings

    def rate(
        self, person: Person, rater: str, relation: str, period: tuple[str, date], criterion: str
    ) -> None:
        """One score, submitted in the first weeks after the period."""
        rng = self.rng
        kind, start = period
        kindness = 0.1 if relation in ("self", "peer") else 0
        strength = 0.45 + 0.5 * person.skill + kindness + rng.gauss(0, 0.12)
        score = round(between(RATING_SCALE * strength, 1, RATING_SCALE))
        after = month_end(start) + DAY if kind == "month" else date(start.year + 1, 1, 5)
        day = working_day_from(after + rng.randint(0, 4 if kind == "month" else 14) * DAY)
        submitted_at = datetime.combine(day, time(9)) + seconds(rng, 0, 8 * 3600)
        self.ratings.append(
            Rating(person, rater, relation, kind, start, criterion, score, submitted_at)
        )

    def rate_month(self, person: Person, month: date) -> None:
        days = [month + n * DAY for n in range(month_end(month).day)]
        worked = [day for day in days if person.job_on(day) and day not in person.leave_days]
        if len(worked) < 5:
            return
        job = person.job_on(worked[-1])
        supervisor = self.supervisor_after(person, worked[-1], month)
        for criterion in MONTH_CRITERIA[job.role]:
            if self.rng.random() >= 0.03:
                self.rate(person, supervisor, "supervisor", ("month", month), criterion)
        if job.role == AGENT:
            self.rate_by_peer(person, job.team, worked[-1], month)

    def supervisor_after(self, person: Person, day: date, month: date) -> str:
        """Who led the person last, or the successor of one who is gone when ratings are due."""
        supervisor = self.department.supervisor_of(person, day)
        due = month_end(month) + DAY
        if self.department.by_id[supervisor].job_on(due):
            return supervisor
        return self.department.lead_of(person.job_on(day).team, due)

    def rate_by_peer(self, person: Person, team: str, day: date, month: date) -> None:
        peers = [
            p
            for p in self.department.in_role(AGENT, day)
            if p is not person and p.job_on(day).team == team
        ]
        if peers and self.rng.random() < 0.85:
            rater = self.rng.choice(peers).employee_id
            self.rate(person, rater, "peer", ("month", month), "collaboration")

    def rate_year(self, person: Person) -> None:
        last = self.settings.on(12, 31)
        job = person.job_on(last)
        if job is None or "no_year_end_review" in person.cases:
            return
        raters = {"self": person.employee_id}
        raters["supervisor"] = self.department.supervisor_of(person, last)
        if job.role == AGENT:
            raters["head"] = self.department.head.employee_id
        for relation in ("self", "supervisor", "head"):
            if f"no_{relation}_review" in person.cases:
                raters.pop(relation, None)
        if person.left:
            raters.pop("self")
        period = ("year", self.settings.on(1, 1))
        for relation, rater in raters.items():
            for dimension in DIMENSIONS[job.role]:
                self.rate(person, rater, relation, period, dimension)


def export_ratings(ratings: Sequence[Rating], exports: Exports) -> None:
    for rating_id, rating in zip(numbered("G", len(ratings)), ratings, strict=True):
        exports.add(
            "ratings",
            rating.submitted_at,
            rating_id=rating_id,
            ratee_id=rating.ratee.employee_id,
            rater_id=rating.rater_id,
            relation=rating.relation,
            period_type=rating.period_type,
            period_start=rating.period_start,
            criterion_id=rating.criterion,
            score=rating.score,
            scale_max=RATING_SCALE,
            submitted_at=rating.submitted_at,
        )


def export_objections(reviews: Sequence[Review], exports: Exports) -> None:
    """A few objections: to QA reviews, a survey and a month; one is not decided yet."""
    settings = exports.settings
    overturned = [
        (number, review)
        for number, review in enumerate(reviews)
        if review.status == "overturned" and review.reviewed_at.year == settings.year
    ]
    ids = numbered("Q", len(reviews))
    rows: list[tuple[str, str, str, date, date | None, str | None]] = []
    for number, review in overturned[:3]:
        filed = working_day_from(review.reviewed_at.date() + 2 * DAY)
        decided = working_day_from(filed + 7 * DAY)
        agent = review.agent.employee_id
        rows.append((agent, "quality_review", ids[number], filed, decided, "upheld"))
    _, other = overturned[3]
    agent, filed = other.agent.employee_id, settings.on(6, 10)
    rows.append((agent, "monthly_scorecard", f"{agent}/{settings.on(5, 1)}", filed, None, None))
    rows[-1] = (*rows[-1][:4], settings.on(6, 20), "rejected")
    late = date(settings.year + 1, 1, 29)
    rows.append((agent, "annual_scorecard", f"{agent}/{settings.year}", late, None, None))
    for objection_id, row in zip(numbered("O", len(rows), digits=2), rows, strict=True):
        employee_id, target_type, target_id, filed, decided, outcome = row
        record = exports.add(
            "objections",
            filed,
            objection_id=objection_id,
            employee_id=employee_id,
            target_type=target_type,
            target_id=target_id,
            filed_on=filed,
        )
        case = "objection_undecided"
        if decided:
            exports.change("objections", record, decided, decided_on=decided, outcome=outcome)
            case = f"objection_{outcome}"
        exports.tag("objection", objection_id, case)


# ----------------------------------------------------------------------------------------------
# Operations
# ----------------------------------------------------------------------------------------------


def export_suggestions(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("suggestions"), department.settings
    found: list[tuple[date, str, float]] = []
    for person in department.people[1:]:
        for _ in range(int(4 * person.skill + 1.5 * rng.random())):
            day = working_day_from(settings.first_day + rng.randint(0, 410) * DAY)
            if person.is_present(day) and day <= settings.last_day:
                found.append((day, person.employee_id, person.skill))
    found.sort()
    ids = numbered("N", len(found), digits=3)
    for suggestion_id, (day, employee_id, skill) in zip(ids, found, strict=True):
        record = exports.add(
            "suggestions",
            day,
            suggestion_id=suggestion_id,
            employee_id=employee_id,
            submitted_on=day,
            status="submitted",
        )
        decided = working_day_from(day + rng.randint(3, 25) * DAY)
        implemented = working_day_from(decided + rng.randint(5, 60) * DAY)
        accepted, is_done = rng.random() < 0.25 + 0.6 * skill, rng.random() < 0.5
        if decided > settings.last_day:
            continue
        status = "accepted" if accepted else "rejected"
        exports.change("suggestions", record, decided, decided_on=decided, status=status)
        if accepted and is_done and implemented <= settings.last_day:
            exports.change(
                "suggestions", record, implemented, implemented_on=implemented, status="implemented"
            )


def export_improvements(department: Department, exports: Exports) -> None:
    """Initiatives of supervisors for every other month; the last ones are still to come."""
    rng, settings = department.settings.rng("improvements"), department.settings
    planned: list[tuple[date, Person]] = []
    for month in [*settings.months[1::2], date(settings.year + 1, 3, 1)]:
        day = month_end(month) - 3 * DAY
        planned += [(day, person) for person in department.in_role(SUPERVISOR, day)]
    ids = numbered("I", len(planned), digits=3)
    for number, (initiative_id, (day, person)) in enumerate(zip(ids, planned, strict=True)):
        record = exports.add(
            "improvements",
            day - 60 * DAY,
            initiative_id=initiative_id,
            owner_id=person.employee_id,
            planned_on=day,
            status="planned",
        )
        late = rng.random() > 0.55 + 0.4 * person.reliability
        delivered = day + (rng.randint(2, 30) if late else -rng.randint(0, 12)) * DAY
        effect = round(between(55 + 45 * person.skill + rng.gauss(0, 8), 0, 100))
        if number == 9:
            exports.change("improvements", record, day, status="cancelled")
            exports.tag("improvement", initiative_id, "improvement_cancelled")
        elif number == 16:
            exports.tag("improvement", initiative_id, "improvement_never_delivered")
        elif delivered <= settings.last_day:
            exports.change(
                "improvements", record, delivered, delivered_on=delivered, status="delivered"
            )
            verifier = person if number == 13 else department.head
            verified = delivered + 10 * DAY
            if verified > settings.last_day or number % 7 == 5:
                continue
            if verifier is person:
                exports.tag("improvement", initiative_id, "improvement_verified_by_owner")
            exports.change(
                "improvements",
                record,
                verified,
                effect_score=effect,
                verified_by=verifier.employee_id,
            )


def report_days(settings: Settings) -> list[date]:
    """When reports are due: every Monday, and on the fifth for the month before."""
    weekly = [day for day in settings.days if day.weekday() == 0]
    monthly = [month + 4 * DAY for month in settings.months[1:]]
    return sorted(weekly + monthly)


def export_reports(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("reports"), department.settings
    rows = [
        (due, person)
        for due in report_days(settings)
        for person in department.in_role(SUPERVISOR, due)
    ]
    for report_id, (due, person) in zip(numbered("M", len(rows), digits=3), rows, strict=True):
        record = exports.add(
            "management_reports",
            due - 7 * DAY,
            report_id=report_id,
            owner_id=person.employee_id,
            due_on=due,
            returned_count=0,
        )
        late = rng.random() > 0.72 + 0.27 * person.reliability
        submitted = due + (rng.randint(1, 6) if late else -rng.randint(0, 2)) * DAY
        returned = (rng.random() > 0.78 + 0.2 * person.reliability) * rng.randint(1, 2)
        if rng.random() > 0.01 and submitted <= settings.last_day:
            exports.change(
                "management_reports",
                record,
                submitted,
                submitted_on=submitted,
                returned_count=returned,
            )


def export_succession_plans(department: Department, exports: Exports) -> None:
    rng = department.settings.rng("succession")
    for start in quarters(department.settings):
        day = working_day_from(start + 13 * DAY)
        if day < department.settings.first_day:
            day = department.settings.first_day
        for person in department.in_role(SUPERVISOR, day):
            positions = rng.randint(1, 2)
            ready = sum(rng.random() < 0.3 + 0.6 * person.skill for _ in range(positions))
            exports.add(
                "succession_plans",
                day,
                supervisor_id=person.employee_id,
                as_of=day,
                key_positions=positions,
                ready_successors=ready,
            )


# ----------------------------------------------------------------------------------------------
# The whole department
# ----------------------------------------------------------------------------------------------


def simulate(settings: Settings) -> tuple[Department, Exports]:
    """Everything that happens, as records of all tables."""
    department, exports = build_department(settings), Exports(settings)
    take_leaves(department)
    choose_unexcused_days(department)
    for person in department.people:
        for case in person.cases:
            exports.tag("employee", person.employee_id, case)
    export_employees(department, exports)
    export_positions(department, exports)
    export_absences(department, exports)
    export_attendance(department, exports)
    export_violations(department, exports)
    simulate_contacts(department, exports)
    export_exams(department, exports)
    export_trainings(department, exports)
    export_coaching(department, exports)
    export_goals(department, exports)
    export_ratings(RatingSimulation(department).run(), exports)
    export_suggestions(department, exports)
    export_improvements(department, exports)
    export_reports(department, exports)
    export_succession_plans(department, exports)
    return department, exports


def simulate_contacts(department: Department, exports: Exports) -> None:
    """Tickets and calls first; surveys, reviews and objections are about them."""
    floor = Floor(department)
    floor.run()
    Script(floor).run()
    number_contacts(floor)
    export_tickets(floor, exports)
    export_ticket_events(floor, exports)
    export_call_legs(floor, exports)
    export_surveys(SurveySimulation(floor).run(), exports)
    reviews = QualitySimulation(floor).run()
    export_reviews(reviews, exports)
    export_objections(reviews, exports)


# ----------------------------------------------------------------------------------------------
# Text of a row
# ----------------------------------------------------------------------------------------------


def as_text(table: str, value: Any) -> str:
    """A value as this table's system writes it; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value)) if table in NUMERIC_FLAGS else str(value).lower()
    if isinstance(value, datetime):
        offset = OFFSET.get(table, DEFAULT_OFFSET)
        shown = value - LOCAL_OFFSET if offset == "Z" else value
        return shown.isoformat(timespec="seconds") + offset
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def csv_line(values: Iterable[str]) -> bytes:
    """One record as one line of UTF-8, without its line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(list(values))
    return buffer.getvalue().encode()


def texts(table: str, row: Row) -> dict[str, str]:
    return {name: as_text(table, row[name]) for name in column_types(table)}


# ----------------------------------------------------------------------------------------------
# Dirty rows
# ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dirt:
    """A row to be rejected: a good row with some texts replaced, or its line bent."""

    table: str
    kind: str
    changes: dict[str, str] = field(default_factory=dict)
    bend: Callable[[bytes], bytes] | None = None
    # A copy beside the row itself: only the copy is rejected.
    keeps_key: bool = False


def drop_fields(line: bytes) -> bytes:
    return line.rsplit(b",", 2)[0]


def surplus_field(line: bytes) -> bytes:
    return line + b",surplus"


def bad_bytes(line: bytes) -> bytes:
    return line.replace(b",", b",\xff\xfe", 1)


def open_quote(line: bytes) -> bytes:
    return line.replace(b",", b',"', 1)


# The column that gets a made-up value, so that a dirty row is no version of a good one.
KEYS = {
    "employees": "employee_id",
    "positions": "employee_id",
    "absences": "employee_id",
    "attendance": "employee_id",
    "violations": "violation_id",
    "tickets": "ticket_id",
    "ticket_events": "event_id",
    "call_legs": "leg_id",
    "survey_responses": "response_id",
    "quality_review_items": "review_id",
    "exams": "exam_id",
    "trainings": "assignment_id",
    "coaching_sessions": "session_id",
    "goals": "employee_id",
    "ratings": "rating_id",
    "objections": "objection_id",
    "suggestions": "suggestion_id",
    "improvements": "initiative_id",
    "management_reports": "report_id",
    "succession_plans": "supervisor_id",
}


def dirt_of(year: int) -> list[Dirt]:
    """Every kind of row that the contract rejects, none of them part of a person's HR record."""
    never = f"{year}-02-30"
    ended = {"termination_date": "2001-01-01", "termination_reason": "voluntary"}
    return [
        Dirt("employees", "missing_key", {"employee_id": ""}),
        Dirt("employees", "end_before_start", ended),
        Dirt("employees", "unknown_value", ended | {"termination_reason": "abducted"}),
        Dirt("positions", "end_before_start", {"end_date": "2001-01-01"}),
        Dirt("positions", "not_a_boolean", {"is_probation": "perhaps"}),
        Dirt("absences", "end_before_start", {"end_date": "2001-01-01"}),
        Dirt("absences", "impossible_date", {"start_date": never}),
        Dirt("attendance", "not_a_whole_number", {"late_minutes": "7.5"}),
        Dirt("attendance", "negative_duration", {"worked_minutes": "-30"}),
        Dirt("attendance", "not_a_number", {"scheduled_minutes": "eight hours"}),
        Dirt("attendance", "missing_key", {"work_date": ""}),
        Dirt("violations", "impossible_date", {"occurred_on": never}),
        Dirt("violations", "unknown_value", {"category": "fashion"}),
        Dirt("tickets", "missing_key", {"ticket_id": ""}),
        Dirt("tickets", "impossible_date", {"created_at": "2999-01-01T00:00:00+08:00"}),
        Dirt("tickets", "impossible_date", {"updated_at": f"{never}T10:00:00+08:00"}, None, True),
        Dirt("tickets", "not_a_timestamp", {"created_at": "yesterday"}),
        Dirt("tickets", "end_before_start", {"updated_at": "2001-01-01T00:00:00+08:00"}),
        Dirt("tickets", "not_a_boolean", {"is_complaint": "maybe"}),
        Dirt("tickets", "invalid_utf8", bend=bad_bytes),
        Dirt("tickets", "unbalanced_quote", bend=open_quote),
        Dirt("tickets", "extra_column", bend=surplus_field),
        Dirt("tickets", "too_few_columns", bend=drop_fields),
        Dirt("tickets", "exact_duplicate", keeps_key=True),
        Dirt("ticket_events", "missing_key", {"event_id": ""}),
        Dirt("ticket_events", "unknown_value", {"event_type": "teleported"}),
        Dirt("ticket_events", "unknown_value", {"actor_type": "ghost"}),
        Dirt("ticket_events", "impossible_date", {"occurred_at": f"{never}T10:00:00Z"}),
        Dirt("ticket_events", "unbalanced_quote", bend=open_quote),
        Dirt("ticket_events", "exact_duplicate", keeps_key=True),
        Dirt("call_legs", "negative_duration", {"talk_seconds": "-5"}),
        Dirt("call_legs", "end_before_start", {"ended_at": "2001-01-01T00:00:00"}),
        Dirt("call_legs", "answered_without_talk_seconds", {"talk_seconds": ""}),
        Dirt("call_legs", "not_a_whole_number", {"hold_seconds": "12.5"}),
        Dirt("call_legs", "unknown_value", {"outcome": "vanished"}),
        Dirt("call_legs", "invalid_utf8", bend=bad_bytes),
        Dirt("call_legs", "too_few_columns", bend=drop_fields),
        Dirt("call_legs", "exact_duplicate", keeps_key=True),
        Dirt("survey_responses", "score_off_scale", {"score": "6"}),
        Dirt("survey_responses", "not_a_number", {"score": "great"}),
        Dirt("survey_responses", "unknown_value", {"survey_type": "mood"}),
        Dirt("survey_responses", "end_before_start", {"responded_at": "2001-01-01T00:00:00Z"}),
        Dirt("survey_responses", "score_without_response", {"responded_at": ""}),
        Dirt("survey_responses", "extra_column", bend=surplus_field),
        Dirt("survey_responses", "exact_duplicate", keeps_key=True),
        Dirt("quality_review_items", "score_off_scale", {"score": "6"}),
        Dirt("quality_review_items", "missing_key", {"item_id": ""}),
        Dirt("quality_review_items", "unknown_value", {"status": "lost"}),
        Dirt("quality_review_items", "not_a_number", {"weight": "heavy"}),
        Dirt("exams", "score_off_scale", {"score": "120"}),
        Dirt("exams", "not_a_whole_number", {"attempt": "1.5"}),
        Dirt("trainings", "impossible_date", {"due_on": never}),
        Dirt("trainings", "negative_duration", {"hours": "-2"}),
        Dirt("coaching_sessions", "impossible_date", {"held_at": f"{never}T10:00:00+08:00"}),
        Dirt("goals", "not_a_number", {"target_value": "ninety"}),
        Dirt("goals", "missing_value", {"target_value": ""}),
        Dirt("ratings", "score_off_scale", {"score": "7"}),
        Dirt("ratings", "unknown_value", {"relation": "neighbour"}),
        Dirt("ratings", "impossible_period", {"period_start": f"{year}-03-15"}),
        Dirt("objections", "impossible_date", {"filed_on": never}),
        Dirt("suggestions", "unknown_value", {"status": "forgotten"}),
        Dirt("improvements", "score_off_scale", {"effect_score": "150"}),
        Dirt("management_reports", "not_a_whole_number", {"returned_count": "0.5"}),
        Dirt("succession_plans", "not_a_number", {"key_positions": "several"}),
    ]


def complete(table: str, row: dict[str, str]) -> bool:
    """Whether a row has what most dirt replaces, so that one fault makes it bad."""
    if table == "call_legs":
        return row["outcome"] == "answered"
    if table == "survey_responses":
        return row["survey_type"] == "csat" and row["score"] != ""
    if table == "quality_review_items":
        return row["is_applicable"] == "1" and row["is_calibration"] == "0"
    return table != "exams" or row["score"] != ""


@dataclass
class Line:
    """A line of an export; `kind` names the dirt that gets it rejected."""

    content: bytes
    kind: str | None = None


def with_dirt(table: str, rows: list[dict[str, str]], year: int) -> list[Line]:
    """The lines of a file, dirty ones among them, a fault about every few hundred lines."""
    lines = [Line(csv_line(row.values())) for row in rows]
    found = [dirt for dirt in dirt_of(year) if dirt.table == table]
    good = [number for number, row in enumerate(rows) if complete(table, row)]
    inserted: list[tuple[int, Line]] = []
    for number, dirt in enumerate(found):
        base = good[(number + 1) * len(good) // (len(found) + 2)]
        row = rows[base] | dirt.changes
        if not dirt.keeps_key and KEYS[table] not in dirt.changes:
            row[KEYS[table]] = f"BAD{number + 1:02}"
        content = csv_line(row.values())
        inserted.append((base, Line(dirt.bend(content) if dirt.bend else content, dirt.kind)))
    inserted += extra_dirt(table, rows, good)
    for base, line in sorted(inserted, key=lambda pair: pair[0], reverse=True):
        lines.insert(base + 1, line)
    return lines


def extra_dirt(table: str, rows: list[dict[str, str]], good: list[int]) -> list[tuple[int, Line]]:
    """Dirt that takes two rows, or a rule between columns."""
    base = good[-1 - len(good) // 20]
    row = rows[base]
    if table == "ratings":
        changed = row | {"rating_id": "BAD99", "relation": "peer", "rater_id": row["ratee_id"]}
        return [(base, Line(csv_line(changed.values()), "self_as_peer"))]
    conflicts = {
        "tickets": ({"ticket_id": "BAD98"}, "priority", ("low", "high")),
        "call_legs": ({"leg_id": "BAD98"}, "wrap_seconds", ("20", "21")),
        # Two newer versions contradict each other: the one before them stays.
        "survey_responses": (later_version(row), "score", ("1", "2")),
    }
    if table not in conflicts:
        return []
    changes, column, values = conflicts[table]
    pair = [row | changes | {column: value} for value in values]
    return [(base, Line(csv_line(twin.values()), "conflicting_duplicate")) for twin in pair]


def later_version(row: dict[str, str]) -> dict[str, str]:
    """The change that makes a row a newer version of itself, a minute later."""
    if "updated_at" not in row:
        return {}
    moment = datetime.fromisoformat(row["updated_at"]) + timedelta(minutes=1)
    return {"updated_at": moment.isoformat(timespec="seconds")}


# ----------------------------------------------------------------------------------------------
# Files
# ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How the exports are laid out on disk."""

    out: Path
    file_format: str = "csv"
    split_by_load_date: bool = False
    dirty: bool = True


def files_of(exports: Exports, table: str, split: bool) -> dict[str, list[Row]]:
    """Relative folder → rows. Unsplit, a table without versions shows only the newest."""
    if not split:
        rows: list[Row] = []
        for record in exports.records[table]:
            shown = record.versions if record.keeps_older else record.versions[-1:]
            rows += [row for _, row in shown]
        return {table: rows}
    folders: dict[str, list[Row]] = defaultdict(list)
    for record in exports.records[table]:
        # What changed twice on a day landed once, unless the record shows its versions.
        nights = record.versions if record.keeps_older else list(dict(record.versions).items())
        for day, row in nights:
            folders[f"{table}/load_date={day}"].append(row)
    return dict(sorted(folders.items()))


def write_csv(path: Path, columns: Iterable[str], lines: Iterable[Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = [csv_line(columns), *(line.content for line in lines)]
    path.write_bytes(b"\n".join(content) + b"\n")


def write_parquet(path: Path, table: str, rows: list[dict[str, str]]) -> None:
    """Typed columns: instants with an offset as timestamptz, those without as timestamp."""
    import duckdb

    instant = "timestamptz" if OFFSET.get(table, DEFAULT_OFFSET) else "timestamp"
    types = {"string": "varchar", "instant": instant}
    kinds = column_types(table)
    casts = ", ".join(
        f"cast(nullif({name}, '') as {types.get(kind, kind)}) as {name}"
        for name, kind in kinds.items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_suffix(".csv")
    write_csv(staged, kinds, (Line(csv_line(row.values())) for row in rows))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set threads = 1")
        connection.execute(
            f"copy (select {casts} from read_csv('{staged}', all_varchar = true, header = true, "
            f"delim = ',', quote = '\"', nullstr = '\u0001')) to '{path}' (format parquet)"
        )
    staged.unlink()


@dataclass
class Written:
    """What a run wrote: rows and bytes per table, and the dirty lines."""

    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    dirty: list[tuple[str, int, str, str]] = field(default_factory=list)


def clear(folder: Path, table: str) -> None:
    """Remove the files that an earlier run wrote, in whichever layout, and nothing else."""
    for path in sorted([*folder.glob(f"{table}.*"), *folder.glob(f"load_date=*/{table}.*")]):
        if path.suffix in (".csv", ".parquet"):
            path.unlink()
    for night in sorted(folder.glob("load_date=*")):
        if not any(night.iterdir()):
            night.rmdir()


def write_exports(exports: Exports, layout: Layout) -> Written:
    """Write all tables; the files of an earlier run are removed."""
    written = Written()
    for table in TABLES:
        clear(layout.out / table, table)
        files = files_of(exports, table, layout.split_by_load_date)
        largest = max(files, key=lambda folder: len(files[folder]))
        for folder, typed_rows in files.items():
            rows = [texts(table, row) for row in typed_rows]
            path = layout.out / folder / f"{table}.{layout.file_format}"
            if layout.file_format == "parquet":
                write_parquet(path, table, rows)
                lines: Sequence[Any] = rows
            else:
                lines = [Line(csv_line(row.values())) for row in rows]
                if layout.dirty and folder == largest:
                    lines = with_dirt(table, rows, exports.settings.year)
                write_csv(path, column_types(table), lines)
                written.dirty += [
                    (table, number, line.kind, path.relative_to(layout.out).as_posix())
                    for number, line in enumerate(lines, 2)
                    if line.kind
                ]
            written.rows[table] += len(lines)
            written.bytes[table] += path.stat().st_size
    return written


def write_truth(path: Path, department: Department, exports: Exports) -> None:
    """People with traits and cases, then the records that show a case."""
    names = ("skill", "customer_skill", "speed", "knowledge", "reliability")
    header = ("entity_type", "entity_id", "role_id", "team_id", *names, "cases")
    rows: list[Sequence[Any]] = []
    for person in department.people:
        cases = exports.truth.get(("employee", person.employee_id), [])
        job = person.jobs[-1]
        values = [getattr(person, name) for name in names]
        rows.append(("employee", person.employee_id, job.role, job.team, *values, ";".join(cases)))
    blanks = ("",) * (2 + len(names))
    for (kind, identifier), cases in sorted(exports.truth.items()):
        if kind != "employee":
            rows.append((kind, identifier, *blanks, ";".join(cases)))
    write_table(path, header, rows)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


# ----------------------------------------------------------------------------------------------
# Command line
# ----------------------------------------------------------------------------------------------


def parse(arguments: list[str] | None) -> argparse.Namespace:
    examples = ROOT / "examples"
    parser = argparse.ArgumentParser(description="Write the exports of a made-up department.")
    parser.add_argument("--out", type=Path, default=examples / "exports", help="export folder")
    parser.add_argument("--truth", type=Path, help="default: truth.csv beside the export folder")
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--year", type=int, default=2025, help="the appraisal year")
    parser.add_argument("--agents", type=int, help=f"at least {SMALLEST_DEPARTMENT}")
    parser.add_argument("--size", type=int, default=1, help="multiplies people and volumes")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--split-by-load-date", action="store_true", help="one folder per night")
    parser.add_argument(
        "--no-dirty",
        dest="dirty",
        action="store_false",
        help="no rows that the contract rejects (Parquet, being typed, never has any)",
    )
    options = parser.parse_args(arguments)
    options.agents = options.agents or options.size * SMALLEST_DEPARTMENT
    if options.agents < SMALLEST_DEPARTMENT:
        parser.error(f"the cases need at least {SMALLEST_DEPARTMENT} agents")
    options.truth = options.truth or options.out.parent / "truth.csv"
    return options


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = parse(arguments)
    layout = Layout(options.out, options.format, options.split_by_load_date, options.dirty)
    try:
        department, exports = simulate(Settings(options.seed, options.year, options.agents))
    except UnknownYearError as error:
        print(f"generate_exports: {error}", file=sys.stderr)
        return 1
    written = write_exports(exports, layout)
    write_truth(options.truth, department, exports)
    header = ("table", "row_number", "kind", "source_file")
    write_table(options.truth.parent / "dirty_rows.csv", header, written.dirty)
    for table in TABLES:
        print(f"{table:22}{written.rows[table]:>9,} rows {written.bytes[table]:>12,} bytes")
    print(f"{'total':22}{sum(written.rows.values()):>9,} rows", end=" ")
    print(f"{sum(written.bytes.values()):>12,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
