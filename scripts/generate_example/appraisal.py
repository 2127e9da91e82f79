"""Goals, ratings, closings and objections."""

from collections.abc import Iterable
from datetime import date, datetime, time

from .clock import DAY, between, month_end, nth_working_day, seconds, working_day_from
from .people import AGENT, QA_SPECIALIST, SUPERVISOR, Department, Person
from .quality import Review
from .tables import Exports

MONTH_CRITERIA = {
    AGENT: ("improvement", "accountability", "resilience", "collaboration"),
    SUPERVISOR: ("coordination",),
    QA_SPECIALIST: ("collaboration",),
}
LEADING = "team_performance people_development process_improvement coordination_and_reporting"
INSPECTING = "inspection_output inspection_quality professional_competence teamwork"
YEAR_CRITERIA = {
    AGENT: ("work_performance", "service_quality", "professional_competence", "teamwork"),
    SUPERVISOR: LEADING.split(),
    QA_SPECIALIST: INSPECTING.split(),
}
SCALE_MAX = 5
TARGETS = {
    "csat": (0.85, 0.95),
    "handle_time": (330, 480),
    "first_contact_resolution": (0.7, 0.85),
    "workload": (0.9, 1.2),
}


def export_goals(department: Department, exports: Exports) -> None:
    """Personal targets: agreed by both, by one, by none, in March, and proposed twice."""
    settings = department.settings
    rng, on = settings.rng("goals"), settings.on

    def propose(
        person: Person, metric: str, proposed: date, employee: date | None, manager: date | None
    ) -> None:
        low, high = TARGETS[metric]
        value = round(rng.uniform(low, high), 2) if high < 10 else float(rng.randint(low, high))
        columns = {"appraisal_year": settings.year, "metric_id": metric, "target_value": value}
        record = exports.add("goals", proposed, person, **columns, proposed_on=proposed)
        if employee:
            record.change(employee, employee_agreed_on=employee)
        if manager:
            record.change(manager, manager_agreed_on=manager)

    kinds = [
        ("goal_agreed", on(1, 8), on(1, 10)),
        ("goal_agreed_by_employee_only", on(1, 9), None),
        ("goal_agreed_by_manager_only", None, on(1, 9)),
        ("goal_agreed_by_nobody", None, None),
        ("goal_agreed_in_march", on(1, 12), on(3, 11)),
    ]
    agents = [p for p in department.people if p.has_role(AGENT, on(1, 6)) and not p.cases]
    for number, person in enumerate(agents[::2]):
        case, employee, manager = kinds[number % len(kinds)]
        propose(person, list(TARGETS)[number % len(TARGETS)], on(1, 6), employee, manager)
        person.cases.append(case)
    propose(agents[1], "csat", on(1, 6), on(1, 7), on(1, 8))
    propose(agents[1], "csat", on(6, 2), on(6, 4), on(6, 5))
    agents[1].cases.append("goal_replaced_in_june")


class RatingSimulation:
    """Monthly ratings by supervisor and peers, and the review at the year's end."""

    def __init__(self, department: Department, exports: Exports) -> None:
        self.department, self.exports, self.settings = department, exports, department.settings
        self.rng = self.settings.rng("ratings")

    def run(self) -> None:
        for month in self.settings.months[:-1]:
            for person in self.department.staff:
                self.rate_month(person, month)
        for person in self.department.staff:
            self.rate_year(person)

    def rate(
        self, person: Person, rater: str, relation: str, kind: str, start: date, criterion: str
    ) -> None:
        """One score, submitted in the first weeks after the month or year."""
        rng = self.rng
        kindness = 0.1 if relation in ("self", "peer") else 0
        strength = 0.45 + 0.5 * person.skill + kindness + rng.gauss(0, 0.12)
        score = round(between(SCALE_MAX * strength, 1, SCALE_MAX))
        due, grace = month_end(start) + DAY, 4
        if kind == "year":
            due, grace = date(start.year + 1, 1, 5), 14
        day = working_day_from(due + rng.randint(0, grace) * DAY)
        at = datetime.combine(day, time(9)) + seconds(rng, 0, 8 * 3600)
        self.exports.add(
            "ratings",
            at,
            ratee_id=person.employee_id,
            rater_id=rater,
            relation=relation,
            period_type=kind,
            period_start=start,
            criterion_id=criterion,
            score=score,
            scale_max=SCALE_MAX,
            submitted_at=at,
        )

    def rate_month(self, person: Person, month: date) -> None:
        days = [month + n * DAY for n in range(month_end(month).day)]
        worked = [day for day in days if person.job_on(day) and day not in person.leave_days]
        if len(worked) < 5:
            return
        day, due = worked[-1], month_end(month) + DAY
        job = person.job_on(day)
        supervisor = self.department.supervisor_of(person, day)
        if not self.department.by_id[supervisor].job_on(due):
            supervisor = self.department.lead_of(job.team_id, due)
        for criterion in MONTH_CRITERIA[job.role_id]:
            if self.rng.random() >= 0.03:
                self.rate(person, supervisor, "supervisor", "month", month, criterion)
        if job.role_id == AGENT:
            agents = [p for p in self.department.in_role(AGENT, day) if p is not person]
            peers = [p for p in agents if p.job_on(day).team_id == job.team_id]
            if peers and self.rng.random() < 0.85:
                peer = self.rng.choice(peers).employee_id
                self.rate(person, peer, "peer", "month", month, "collaboration")

    def rate_year(self, person: Person) -> None:
        last, year = self.settings.on(12, 31), self.settings.on(1, 1)
        job = person.job_on(last)
        if job is None or "no_year_end_review" in person.cases:
            return
        raters = {
            "self": None if person.last_day else person.employee_id,
            "supervisor": self.department.supervisor_of(person, last),
            "head": self.department.head.employee_id if job.role_id == AGENT else None,
        }
        for relation, rater in raters.items():
            if rater and f"no_{relation}_review" not in person.cases:
                for criterion in YEAR_CRITERIA[job.role_id]:
                    self.rate(person, rater, relation, "year", year, criterion)


def export_closings(exports: Exports) -> None:
    """Each month of the year is published and closed in the next one, the year in January."""
    year = exports.settings.year

    def step(period_type: str, start: date, name: str, stepped_on: date) -> None:
        values = {"period_type": period_type, "period_start": start, "step": name}
        exports.add("closings", stepped_on, **values, stepped_on=stepped_on)

    for month in exports.settings.months:
        if month.year == year:
            following = month_end(month) + DAY
            step("month", month, "published", nth_working_day(following, 6))
            step("month", month, "closed", nth_working_day(following, 12))
    step("year", date(year, 1, 1), "published", nth_working_day(date(year + 1, 1, 1), 13))
    step("year", date(year, 1, 1), "closed", date(year + 1, 1, 31))


def export_objections(reviews: Iterable[Review], exports: Exports) -> None:
    """A few objections: to QA reviews, to a month, and to a year that is not decided yet."""
    on, year = exports.settings.on, exports.settings.year

    def file(
        agent: str,
        kind: str,
        target: str,
        filed: date,
        decided: date | None,
        outcome: str,
        **period: str | date,
    ) -> None:
        columns = {"employee_id": agent, "target_type": kind, "target_id": target, **period}
        record = exports.add("objections", filed, **columns, filed_on=filed)
        record.cases.append(f"objection_{outcome}")
        if decided:
            record.change(decided, decided_on=decided, outcome=outcome)

    overturned = [r for r in reviews if r.status == "overturned" and r.reviewed_at.year == year]
    for review in overturned[:3]:
        filed = working_day_from(review.reviewed_at.date() + 2 * DAY)
        decided = working_day_from(filed + 7 * DAY)
        file(review.agent_id, "quality_review", review.review_id, filed, decided, "upheld")
    agent = overturned[3].agent_id
    may = {"period_type": "month", "period_start": on(5, 1)}
    target = f"{agent}/{on(5, 1)}"
    file(agent, "monthly_scorecard", target, on(6, 10), on(6, 20), "rejected", **may)
    whole_year = {"period_type": "year", "period_start": on(1, 1)}
    filed = date(year + 1, 1, 26)
    file(agent, "annual_scorecard", f"{agent}/{year}", filed, None, "undecided", **whole_year)
