"""Who works in the department from 2024 to 2026: hiring, leaving, moving between teams and roles.

A day is a number: days since 1 January 2024. Traits are no part of this; they follow from the
number of a person (`sql/people.sql`).
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

AGENTS_PER_SIZE = 200
AGENTS_PER_TEAM = 13
AGENTS_PER_QA_SPECIALIST = 25
PROBATION_DAYS = 91
NEVER = 9999

# Per person (or team) and year.
LEAVERS, TRANSFERS, SUPERVISOR_CHANGES, QA_LEAVERS = 0.20, 0.06, 0.25, 0.10
VOLUNTARY_SHARE = 0.85


@dataclass
class Job:
    """A position, `since` a day and `until` before another."""

    role: str
    team: str
    supervisor: "Person | None"
    is_probation: bool
    since: int
    until: int = NEVER


@dataclass(eq=False)
class Person:
    """Somebody with the positions held, oldest first."""

    hired: int
    jobs: list[Job]
    last_day: int = NEVER
    reason: str | None = None
    number: int = 0

    @property
    def job(self) -> Job:
        return self.jobs[-1]

    def move(self, day: int, **changes: Any) -> None:
        """From this day on, another position; one that would begin the same day only changes."""
        old = self.job
        if old.since == day:
            self.jobs.pop()
        else:
            old.until = day
        self.jobs.append(Job(**{**vars(old), "since": day, "until": NEVER, **changes}))

    def leave(self, last_day: int, reason: str) -> None:
        self.last_day, self.reason, self.job.until = last_day, reason, last_day + 1

    def role_ends(self, job: Job) -> int:
        """The day on which the person no longer has the role of this position."""
        return next(later.until for later in reversed(self.jobs) if later.role == job.role)


@dataclass
class Department:
    """Seats of agents in teams, each led by somebody; seat 0 is never vacant."""

    rng: Random
    people: list[Person] = field(default_factory=list)
    seats: list[Person | None] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    team_of_seat: list[int] = field(default_factory=list)
    leads: list[Person] = field(default_factory=list)
    qa_specialists: list[Person] = field(default_factory=list)
    plans: dict[int, list[Callable[[], None]]] = field(default_factory=lambda: defaultdict(list))

    def hire(self, day: int, role: str, team: str, supervisor: Person | None) -> Person:
        """New people are on probation first, unless that is over before the exports begin."""
        on_probation = role != "head" and day + PROBATION_DAYS > 0
        person = Person(day, [Job(role, team, supervisor, on_probation, day)])
        self.people.append(person)
        if on_probation:
            self.plans[day + PROBATION_DAYS].append(
                partial(self.end_probation, person, day + PROBATION_DAYS)
            )
        return person

    def end_probation(self, person: Person, day: int) -> None:
        if person.last_day == NEVER and person.job.is_probation:
            person.move(day, is_probation=False)

    def found(self, agents: int) -> None:
        """The people of the first day, hired in the years before; a few in the last weeks."""
        rng = self.rng

        def hired() -> int:
            return -1 - int(rng.random() * 60 if rng.random() < 0.04 else 100 + rng.random() * 2000)

        head = self.hire(-3000, "head", "HQ", None)
        count = max(round(agents / AGENTS_PER_TEAM), 1)
        self.teams = [f"TEAM{number:03}" for number in range(1, count + 1)]
        self.leads = [self.hire(hired() - 400, "supervisor", team, head) for team in self.teams]
        self.qa_specialists = [
            self.hire(hired() - 400, "qa_specialist", "QA", head)
            for _ in range(max(round(agents / AGENTS_PER_QA_SPECIALIST), 2))
        ]
        self.team_of_seat = [seat * count // agents for seat in range(agents)]
        self.seats = [
            self.hire(hired(), "agent", self.teams[team], self.leads[team])
            for team in self.team_of_seat
        ]

    def live(self, day: int) -> None:
        """What happens on a day."""
        for plan in self.plans.pop(day, ()):
            plan()
        for _ in range(self.occasions(LEAVERS * len(self.seats))):
            self.lose_agent(day)
        for _ in range(self.occasions(TRANSFERS * len(self.seats))):
            self.transfer_agent(day)
        for _ in range(self.occasions(SUPERVISOR_CHANGES * len(self.teams))):
            self.change_supervisor(day)
        for _ in range(self.occasions(QA_LEAVERS * len(self.qa_specialists))):
            self.replace_qa_specialist(day)

    def occasions(self, per_year: float) -> int:
        return int(per_year / 365 + self.rng.random())

    def reason(self) -> str:
        return "voluntary" if self.rng.random() < VOLUNTARY_SHARE else "involuntary"

    def vacate(self, seat: int, day: int) -> None:
        """Somebody new takes the seat in a week or more."""
        self.seats[seat] = None
        start = day + self.rng.randint(7, 40)
        self.plans[start].append(partial(self.fill, seat, start))

    def fill(self, seat: int, day: int) -> None:
        team = self.team_of_seat[seat]
        self.seats[seat] = self.hire(day, "agent", self.teams[team], self.leads[team])

    def lose_agent(self, day: int) -> None:
        seat = self.rng.randrange(len(self.seats))
        person = self.seats[seat]
        if seat and person and person.hired < day:
            person.leave(day, self.reason())
            self.vacate(seat, day)

    def transfer_agent(self, day: int) -> None:
        seat, team = self.rng.randrange(len(self.seats)), self.rng.randrange(len(self.teams))
        person = self.seats[seat]
        if person and team != self.team_of_seat[seat]:
            self.team_of_seat[seat] = team
            person.move(day, team=self.teams[team], supervisor=self.leads[team])

    def change_supervisor(self, day: int) -> None:
        """Two teams swap their supervisors, or one leaves and an agent of the team follows."""
        team, other = self.rng.randrange(len(self.teams)), self.rng.randrange(len(self.teams))
        if team != other:
            first, second = self.leads[team], self.leads[other]
            first.move(day, team=self.teams[other])
            second.move(day, team=self.teams[team])
            self.lead(team, second, day)
            self.lead(other, first, day)
            return
        able = [
            seat
            for seat, person in enumerate(self.seats)
            if seat and person and self.team_of_seat[seat] == team and not person.job.is_probation
        ]
        if able and self.leads[team].job.since < day:
            seat, old = self.rng.choice(able), self.leads[team]
            person = self.seats[seat]
            person.move(day, role="supervisor", supervisor=old.job.supervisor)
            old.leave(day - 1, self.reason())
            self.vacate(seat, day)
            self.lead(team, person, day)

    def lead(self, team: int, person: Person, day: int) -> None:
        self.leads[team] = person
        for seat, member in enumerate(self.seats):
            if member and self.team_of_seat[seat] == team:
                member.move(day, supervisor=person)

    def replace_qa_specialist(self, day: int) -> None:
        place = self.rng.randrange(len(self.qa_specialists))
        person = self.qa_specialists[place]
        if person.hired < day:
            person.leave(day, self.reason())
            head = person.job.supervisor
            self.qa_specialists[place] = self.hire(day + 1, "qa_specialist", "QA", head)


def people_of(size: float, seed: int, days: int) -> list[Person]:
    """Everybody who works here in these days, numbered in the order of their hiring."""
    department = Department(Random(f"{seed} {size}"))
    department.found(max(round(AGENTS_PER_SIZE * size), 2))
    for day in range(days):
        department.live(day)
    people = sorted(department.people, key=lambda person: person.hired)
    for number, person in enumerate(people, 1):
        person.number = number
    return people
