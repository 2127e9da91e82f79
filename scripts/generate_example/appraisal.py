"""Goals, ratings, interviews and objections."""

from collections.abc import Iterable
from datetime import date, datetime, time

from .clock import DAY, MINUTE, add_working_days, between, month_end, seconds, working_day_from
from .closings import month_closed_on, month_published_on, year_published_on
from .people import AGENT, NEVER_RATES, QA_SPECIALIST, SUPERVISOR, Department, Person
from .quality import Review
from .tables import Exports, Record

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
    """Personal targets: agreed by both, by one, by none, in March, proposed twice, or in May."""
    settings = department.settings
    rng, on = settings.rng("goals"), settings.on

    def propose(
        person: Person, metric: str, proposed: date, employee: date | None, manager: date | None
    ) -> None:
        low, high = TARGETS[metric]
        value = round(rng.uniform(low, high), 2) if high < 10 else float(rng.randint(low, high))
        columns = {"appraisal_year": proposed.year, "metric_id": metric, "target_value": value}
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
    propose(agents[3], "workload", on(5, 12), on(5, 13), on(5, 15))
    agents[3].cases.append("goal_proposed_in_may")

    # The short year before: most agree as soon as the plan holds, one late, one never.
    start = settings.first_day + DAY
    kinds = [
        ("last_year_goal_agreed", start + 2 * DAY, start + 3 * DAY),
        ("last_year_goal_agreed", start + 2 * DAY, start + 3 * DAY),
        ("last_year_goal_agreed_late", start + 2 * DAY, date(start.year, 11, 12)),
        ("last_year_goal_agreed_by_nobody", None, None),
    ]
    for number, person in enumerate(agents[:12:2]):
        case, employee, manager = kinds[number % len(kinds)]
        propose(person, list(TARGETS)[number % len(TARGETS)], start, employee, manager)
        person.cases.append(case)


class RatingSimulation:
    """Monthly ratings by supervisor and peers, and the review at the year's end."""

    def __init__(self, department: Department, exports: Exports) -> None:
        self.department, self.exports, self.settings = department, exports, department.settings
        self.rng = self.settings.rng("ratings")

    def run(self) -> None:
        for month in self.settings.months[:-1]:
            for person in self.department.staff:
                self.rate_month(person, month)
        for year in (self.settings.year - 1, self.settings.year):
            for person in self.department.staff:
                self.rate_year(person, year)

    def rate(
        self, person: Person, rater: str, relation: str, kind: str, start: date, criterion: str
    ) -> None:
        """One score, now and then mended half an hour later."""
        rng = self.rng
        silent = NEVER_RATES in self.department.by_id[rater].cases
        if silent and relation == "supervisor" and start.year == self.settings.year:
            return
        day, cases = self.submission(person, relation, kind, start)
        kindness = 0.1 if relation in ("self", "peer") else 0
        strength = 0.45 + 0.5 * person.trait("skill", month_end(start)) + kindness
        score = round(between(SCALE_MAX * (strength + rng.gauss(0, 0.12)), 1, SCALE_MAX))
        scores = [score]
        if kind == "month" and rng.random() < 0.003:
            scores.append(score - 1 if score > 3 else score + 1)
            cases.append("rating_submitted_twice")
        at = datetime.combine(day, time(9)) + seconds(rng, 0, 8 * 3600)
        for number, score in enumerate(scores):
            submitted_at = at + number * 30 * MINUTE
            record = self.exports.add(
                "ratings",
                submitted_at,
                ratee_id=person.employee_id,
                rater_id=rater,
                relation=relation,
                period_type=kind,
                period_start=start,
                criterion_id=criterion,
                score=score,
                scale_max=SCALE_MAX,
                submitted_at=submitted_at,
            )
            record.cases = cases

    def submission(
        self, person: Person, relation: str, kind: str, start: date
    ) -> tuple[date, list[str]]:
        """The day, in the first weeks after the month or year unless it is a late one; its case."""
        due, grace = month_end(start) + DAY, 4
        if kind == "year":
            due, grace = date(start.year + 1, 1, 5), 14
        day = working_day_from(due + self.rng.randint(0, grace) * DAY)
        if kind == "month" and self.rng.random() < 0.003:
            return add_working_days(month_closed_on(start), 1), ["rating_submitted_late"]
        if kind == "year" and f"late_{relation}_review" in person.cases:
            return add_working_days(year_published_on(start.year), 2), ["review_submitted_late"]
        return day, []

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

    def rate_year(self, person: Person, year: int) -> None:
        """The reviews that a case says are missing are missing in the appraisal year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        job = person.job_on(last)
        cases = person.cases if year == self.settings.year else []
        if job is None or "no_year_end_review" in cases:
            return
        raters = {
            "self": None if person.last_day == last else person.employee_id,
            "supervisor": self.department.supervisor_of(person, last),
            "head": self.department.head.employee_id if job.role_id == AGENT else None,
        }
        for relation, rater in raters.items():
            if rater and f"no_{relation}_review" not in cases:
                for criterion in YEAR_CRITERIA[job.role_id]:
                    self.rate(person, rater, relation, "year", first, criterion)


def export_grade_decisions(department: Department, exports: Exports) -> None:
    """The committee meets in January, before the year is published."""
    year = exports.settings.year

    def decide(case: str, of_year: int, day: int, grade: str, reason: str, story: str) -> None:
        person, on = department.with_case(case), working_day_from(date(of_year + 1, 1, day))
        columns = {"appraisal_year": of_year, "grade_id": grade, "reason": reason}
        decided = {"decided_on": on, "decided_by": department.head.employee_id}
        record = exports.add("grade_decisions", on, person, **columns, **decided)
        record.cases.append(story)

    led = "Led team 3 in the supervisor's absence 代理主管"
    decide("promoted_to_supervisor", year - 1, 22, "B", led, "grade_raised")
    few = "Hardly a survey answer: judged by the score 样本不足，按得分评定"
    decide("two_surveys_all_year", year, 19, "C", few, "grade_decided_again")
    praised = "Hardly a survey answer, and praise in writing 样本不足，另有书面表扬"
    decide("two_surveys_all_year", year, 22, "B", praised, "grade_raised")
    violated = "Violations of 120 points in May 五月违规累计120分"
    decide("many_violations", year, 22, "C", violated, "grade_lowered")


def export_interviews(department: Department, exports: Exports) -> None:
    """After the year is published, whoever is still here; one in twenty late, as many forgotten."""
    settings, rng = department.settings, department.settings.rng("interviews")
    comments = [None, None, None, "Agrees 同意", "Asks for training 希望参加培训"]
    for year in (settings.year - 1, settings.year):
        due = add_working_days(year_published_on(year), 2)
        for person in department.staff:
            last = date(year, 12, 31)
            luck, number, comment = rng.random(), rng.randint(0, 2), rng.choice(comments)
            held = add_working_days(year_published_on(year), number + (3 if luck < 0.05 else 0))
            while person.job_on(held) and not person.is_present(held):
                held = working_day_from(held + DAY)
            if not person.job_on(last) or not person.job_on(held):
                continue
            is_forgotten = luck > 0.95 or "no_year_end_review" in person.cases
            if year == settings.year and (is_forgotten or held > settings.last_day):
                person.cases.append("no_interview")
                continue
            columns = {"appraisal_year": year, "employee_comment": comment, "held_on": held}
            interviewer = department.supervisor_of(person, last)
            record = exports.add("interviews", held, person, **columns, interviewer_id=interviewer)
            record.cases += ["interview_held_late"] * (held > due)


def export_objections(reviews: Iterable[Review], exports: Exports) -> None:
    """A few objections, to QA reviews, months and years; one too late, two not decided yet."""
    on, year = exports.settings.on, exports.settings.year

    def file(
        agent: str,
        kind: str,
        target: str,
        filed: date,
        decided: date | None,
        outcome: str,
        **period: str | date,
    ) -> Record:
        columns = {"employee_id": agent, "target_type": kind, "target_id": target, **period}
        record = exports.add("objections", filed, **columns, filed_on=filed)
        record.cases.append(f"objection_{outcome}")
        if decided:
            record.change(decided, decided_on=decided, outcome=outcome)
        return record

    overturned = [r for r in reviews if r.status == "overturned" and r.reviewed_at.year == year]
    at_once = [review for review in overturned if not review.overturned_on]
    for review in at_once[:2]:
        filed = working_day_from(review.reviewed_at.date() + 2 * DAY)
        decided = working_day_from(filed + 7 * DAY)
        file(review.agent_id, "quality_review", review.review_id, filed, decided, "upheld")
    for review in overturned:
        if decided := review.overturned_on:
            filed = add_working_days(month_published_on(review.reviewed_at.date()), 2)
            columns = review.agent_id, "quality_review", review.review_id
            record = file(*columns, filed, decided, "upheld")
            record.cases.append("objection_upheld_after_closing")
    agent, other, *_, late = [review.agent_id for review in at_once[3:7]]

    def of(start: date, period_type: str) -> dict[str, str | date]:
        return {"period_type": period_type, "period_start": start}

    may, november = on(5, 1), on(11, 1)
    filed = add_working_days(month_published_on(may), 2)
    decided = add_working_days(filed, 8)
    target = f"{agent}/{may}"
    file(agent, "monthly_scorecard", target, filed, decided, "rejected", **of(may, "month"))
    filed = add_working_days(month_published_on(november), 3)
    target, period = f"{other}/{november}", of(november, "month")
    record = file(other, "monthly_scorecard", target, filed, None, "undecided", **period)
    record.cases.append("objection_overdue")
    filed = add_working_days(year_published_on(year - 1), 8)
    decided = add_working_days(filed, 4)
    target, period = f"{late}/{year - 1}", of(date(year - 1, 1, 1), "year")
    record = file(late, "annual_scorecard", target, filed, decided, "rejected", **period)
    record.cases.append("objection_filed_late")
    filed = add_working_days(year_published_on(year), 3)
    target, period = f"{agent}/{year}", of(on(1, 1), "year")
    file(agent, "annual_scorecard", target, filed, None, "undecided", **period)
