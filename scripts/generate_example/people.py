"""Who works in the department: careers, leave, and the traits that drive everything else."""

import math
from dataclasses import dataclass, field
from datetime import date

from scripts.generate_calendar import is_working_day

from .clock import DAY, Settings, between, working_day_from
from .tables import numbered

HEAD, SUPERVISOR, AGENT, QA_SPECIALIST = "head", "supervisor", "agent", "qa_specialist"
TRAITS = ("skill", "customer_skill", "speed", "knowledge", "reliability")
SEATS_PER_TEAM = 8
# An agent by role, at work but never on the service floor.
SECONDED = "seconded_without_contacts"
# A supervisor who rates nobody in the appraisal year, neither the months nor the year.
NEVER_RATES = "supervisor_who_never_rates"
# Talked to, but never about what was weak.
NEVER_COACHED = "never_coached_on_weak_metrics"


@dataclass
class Job:
    """A stretch of days in a role; half-open, `end` None while it lasts."""

    role_id: str
    team_id: str
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
    hire_date: date
    jobs: list[Job]
    skill: float
    customer_skill: float
    speed: float
    knowledge: float
    reliability: float
    # Who was another before: a trait, until when, and by how much it was higher.
    earlier: list[tuple[str, date, float]] = field(default_factory=list)
    last_day: date | None = None
    reason: str | None = None
    leaves: list[tuple[str, date, date]] = field(default_factory=list)
    leave_days: set[date] = field(default_factory=set)
    unexcused_days: set[date] = field(default_factory=set)
    cases: list[str] = field(default_factory=list)

    def trait(self, name: str, day: date) -> float:
        """A trait as it was on a day."""
        higher = [by for trait, until, by in self.earlier if trait == name and day < until]
        return between(getattr(self, name) + sum(higher), 0.02, 0.98)

    def job_on(self, day: date) -> Job | None:
        return next((job for job in self.jobs if job.holds_on(day)), None)

    def has_role(self, role: str, day: date) -> bool:
        job = self.job_on(day)
        return job is not None and job.role_id == role

    def is_present(self, day: date) -> bool:
        """Employed in some role, neither on leave nor absent without excuse."""
        away = day in self.leave_days or day in self.unexcused_days
        return not away and self.job_on(day) is not None

    def take_leave(self, kind: str, first: date, last: date) -> None:
        """Add a leave unless it meets another one."""
        days = {first + n * DAY for n in range((last - first).days + 1)}
        if not days & self.leave_days:
            self.leaves.append((kind, first, last))
            self.leave_days |= days

    def leave_employment(self, last_day: date, reason: str) -> None:
        self.last_day, self.reason = last_day, reason
        self.jobs[-1].end = last_day + DAY

    def change_job(self, role: str, team: str, start: date) -> None:
        self.jobs[-1].end = start
        self.jobs.append(Job(role, team, start))


class Department:
    """Everybody, the head first, and who led which team from when."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.people: list[Person] = []
        self.leads: dict[str, list[tuple[date, str]]] = {}
        self._on_duty: dict[date, list[Person]] = {}
        self.hire_everybody()
        self.by_id = {person.employee_id: person for person in self.people}
        self.head, self.staff = self.people[0], self.people[1:]
        self.take_leaves()
        self.stay_away()

    def with_case(self, case: str) -> Person:
        return next(person for person in self.people if case in person.cases)

    def in_role(self, role: str, day: date) -> list[Person]:
        return [person for person in self.people if person.has_role(role, day)]

    def lead_of(self, team: str, day: date) -> str:
        """The supervisor of a team's members on a day."""
        return next(lead for start, lead in reversed(self.leads[team]) if start <= day)

    def supervisor_of(self, person: Person, day: date) -> str | None:
        if person is self.head:
            return None
        job = person.job_on(day)
        return self.lead_of(job.team_id, day) if job.role_id == AGENT else self.head.employee_id

    def on_duty(self, day: date) -> list[Person]:
        """The agents at work: all on working days, a quarter by rota on the others."""
        if day not in self._on_duty:
            agents = [p for p in self.in_role(AGENT, day) if p.is_present(day)]
            agents = [p for p in agents if SECONDED not in p.cases]
            if not is_working_day(day):
                week = day.isocalendar().week
                agents = [p for p in agents if (self.people.index(p) + week) % 4 == 0]
                agents = [p for p in agents if not p.job_on(day).is_probation]
            self._on_duty[day] = agents
        return self._on_duty[day]

    def hire_everybody(self) -> None:
        settings, rng, on = self.settings, self.settings.rng("people"), self.settings.on
        teams = [f"T{n + 1}" for n in range(math.ceil(settings.agents / SEATS_PER_TEAM))]
        specialists = max(4, settings.agents // 12)
        new_hires = [
            ("T2", on(4, 25), on(7, 25), "hired_on_the_25th"),
            ("T5", on(9, 15), on(12, 15), "hired_mid_year"),
            ("T3", on(10, 27), None, "on_probation_at_year_end"),
        ]
        agents = settings.agents + len(new_hires)
        ids = numbered("E001", range(1 + len(teams) + specialists + agents))
        long_ago = settings.first_day.replace(year=settings.year - 5)

        def hire(name: str, role: str, team: str, skill: float) -> Person:
            # Who leads was there before who is led.
            hired = long_ago + rng.randint(0, 1200) * (DAY if role == AGENT else -DAY)
            near = [0.75 * skill + 0.25 * rng.random() for _ in TRAITS[1:]]
            traits = [round(skill, 3), *(round(between(trait, 0.02, 0.98), 3) for trait in near)]
            person = Person(next(ids)[0], name, hired, [Job(role, team, hired)], *traits)
            self.people.append(person)
            return person

        hire("Head Example 1", HEAD, "HQ", 0.7)
        for number, team in enumerate(teams, 1):
            lead = hire(f"Supervisor Example {number}", SUPERVISOR, team, rng.uniform(0.2, 1))
            self.leads[team] = [(date.min, lead.employee_id)]
        for number in range(1, specialists + 1):
            hire(f"QA Example {number}", QA_SPECIALIST, "QA", rng.uniform(0.2, 1))
        # Evenly spread skills, in random order: ranks are far enough apart to be found again.
        skills = [(number + 0.5) / agents for number in range(agents)]
        rng.shuffle(skills)
        for number in range(1, settings.agents + 1):
            name = f"Agent Example {number:02}" if number % 3 else f"示例客服 {number:02}"
            hire(name, AGENT, teams[(number - 1) // SEATS_PER_TEAM], skills.pop())
        self.write_careers(self.people[-settings.agents :])
        self.write_progress(self.people[-settings.agents :])
        for number, (team, hired, confirmed, case) in enumerate(new_hires, 1):
            person = hire(f"New Agent Example {number}", AGENT, team, skills.pop())
            person.hire_date, person.jobs = hired, [Job(AGENT, team, hired, is_probation=True)]
            if confirmed:
                person.change_job(AGENT, team, confirmed)
            person.cases += [case, "hired_in_the_year"]

    def write_careers(self, seats: list[Person]) -> None:
        """The stories that the examples' README tells."""
        on, leads = self.settings.on, self.leads

        def mark(team: int, seat: int, case: str) -> Person:
            person = seats[(team - 1) * SEATS_PER_TEAM + seat - 1]
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
        new = mark(4, 3, "probation_until_february")
        new.hire_date = date(self.settings.year - 1, 11, 18)
        new.jobs = [Job(AGENT, "T4", new.hire_date, is_probation=True)]
        new.change_job(AGENT, "T4", on(2, 18))
        mark(5, 1, "leaver_voluntary").leave_employment(on(10, 10), "voluntary")
        mark(5, 2, "no_year_end_review")
        mark(5, 3, "no_self_review")
        mark(6, 1, "no_supervisor_review")
        mark(6, 2, "many_violations")
        mark(6, 3, "no_head_review")
        mark(6, 4, SECONDED)
        mark(3, 3, "late_supervisor_review")

        _, second, third, fourth, fifth, sixth = self.people[1:7]
        third.leave_employment(on(5, 31), "voluntary")
        leads["T3"] += [(on(6, 1), second.employee_id), (on(7, 16), promoted.employee_id)]
        leads["T6"] += [(on(9, 1), fifth.employee_id), (on(10, 1), sixth.employee_id)]
        third.cases.append("supervisor_leaver_voluntary")
        fourth.cases.append(NEVER_RATES)
        second.cases.append("supervisor_of_two_teams")
        fifth.cases.append("supervisor_of_two_teams")
        sixth.cases.append("supervisor_without_members_in_september")

    def write_progress(self, seats: list[Person]) -> None:
        """Who gets better or worse, who is coached on what, and the strongest who breaks a rule."""
        new_year, july = self.settings.on(1, 1), self.settings.on(7, 1)
        teams = ("T3", "T5", "T6")
        steady = [p for p in seats if p.jobs[0].team_id in teams and not p.cases]
        steady.sort(key=lambda person: person.skill)
        weakest, next_weakest, *_, third, second, strongest = steady
        weakest.cases.append(NEVER_COACHED)
        next_weakest.cases.append("coached_in_vain")
        third.cases.append("coached_and_improved")
        third.earlier.append(("customer_skill", july, -0.6))
        strongest.cases.append("confidentiality_violation")
        for person, case, by in (
            (second, "better_than_last_year", -0.4),
            (steady[-4], "better_than_last_year", -0.4),
            (steady[2], "worse_than_last_year", 0.4),
            (steady[3], "worse_than_last_year", 0.4),
        ):
            person.cases.append(case)
            person.earlier += [(trait, new_year, by) for trait in TRAITS]

    def take_leaves(self) -> None:
        """Annual leave in pieces, now and then sick."""
        rng = self.settings.rng("leaves")
        kinds = [("annual", 4), ("annual", 3), ("annual", 3), ("annual", 2)]
        kinds += [("sick", 1), ("personal", 0)]
        for person in self.staff:
            for kind, longest in kinds:
                first = working_day_from(self.settings.first_day + rng.randint(7, 490) * DAY)
                last = first + rng.randint(0, longest) * DAY
                skipped = kind != "annual" and rng.random() < 0.5
                if not skipped and person.job_on(first) and person.job_on(last):
                    person.take_leave(kind, first, last)

    def stay_away(self) -> None:
        """Absences without excuse; of the careless, and rarely."""
        rng = self.settings.rng("unexcused")
        for day in filter(is_working_day, self.settings.days):
            for person in self.staff:
                careless = "many_violations" in person.cases
                trusted = person.trait("reliability", day)
                chance = 0.03 if careless else 0.003 * (1 - trusted)
                if person.job_on(day) and day not in person.leave_days and rng.random() < chance:
                    person.unexcused_days.add(day)
