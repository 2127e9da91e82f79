"""Exams, trainings and coaching."""

from datetime import date, datetime, time
from random import Random

from .clock import DAY, between, seconds, working_day_from
from .people import AGENT, NEVER_COACHED, QA_SPECIALIST, Department, Person
from .tables import Exports

SUBJECTS = ("product", "policy")
COURSES = ("Product news", "Service skills")
METRICS = ("csat", "first_contact_resolution", "handle_time", "ticket_first_reply")
TRAINING_DAYS = 35
COACHED = {"coached_and_improved", "coached_in_vain"}


def learners(department: Department, day: date) -> list[Person]:
    return [
        p for p in department.people if p.has_role(AGENT, day) or p.has_role(QA_SPECIALIST, day)
    ]


def export_exams(department: Department, exports: Exports) -> None:
    """An exam a quarter and subject."""
    rng, settings = department.settings.rng("exams"), department.settings
    for quarter in settings.quarters:
        exam_id = f"X{quarter:%y}Q{(quarter.month + 2) // 3}"
        for number, subject in enumerate(SUBJECTS):
            day = working_day_from(quarter.replace(month=quarter.month + 2, day=11 + number))
            for person in learners(department, day) if day <= settings.last_day else ():
                attempts, case = sit_exam(rng, person, day)
                for attempt, (on, score) in enumerate(attempts, 1):
                    record = exports.add(
                        "exams",
                        on,
                        person,
                        exam_id=exam_id,
                        subject=subject,
                        attempt=attempt,
                        taken_at=datetime.combine(on, time(14)),
                        score=score,
                        max_score=100,
                        pass_share=0.8,
                        is_excused=case == "exam_excused",
                    )
                record.cases = [case] if case else []


def sit_exam(rng: Random, person: Person, day: date) -> tuple[list[tuple[date, int | None]], str]:
    """The attempts, a second one two weeks later for most who failed, and the case."""
    if day in person.leave_days or rng.random() < 0.01:
        return [(day, None)], "exam_excused"
    if rng.random() < 0.02 * (1.2 - person.trait("reliability", day)):
        return [(day, None)], "exam_missed"
    score = round(between(66 + 32 * person.trait("knowledge", day) + rng.gauss(0, 4), 20, 100))
    again = working_day_from(day + 14 * DAY)
    if score < 80 and rng.random() < 0.8 and person.is_present(again):
        return [(day, score), (again, min(100, score + rng.randint(2, 18)))], "exam_second_attempt"
    return [(day, score)], ""


def export_trainings(department: Department, exports: Exports) -> None:
    """A course a month; the last one assigned is not due yet when the data end."""
    rng, settings = department.settings.rng("trainings"), department.settings
    for number, month in enumerate([date(settings.year - 1, 8, 1), *settings.months]):
        assigned = working_day_from(month + 4 * DAY)
        due = assigned + TRAINING_DAYS * DAY
        course = {"course": f"{COURSES[number % 2]} {month:%Y-%m}", "assigned_on": assigned}
        for person in learners(department, assigned):
            if assigned in person.leave_days:
                continue
            done = assigned + rng.randint(3, TRAINING_DAYS) * DAY
            if rng.random() > 0.6 + 0.4 * person.trait("reliability", assigned):
                done = due + rng.randint(1, 30) * DAY if rng.random() < 0.6 else None
            hours = rng.choice((1.5, 2, 3))
            record = exports.add("trainings", assigned, person, **course, due_on=due, hours=hours)
            if done and done <= settings.last_day and person.job_on(done):
                record.change(done, completed_on=done)


def export_coaching(department: Department, exports: Exports) -> None:
    """A session a month for most members, by whoever leads them that day."""
    rng, settings = department.settings.rng("coaching"), department.settings
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
            at = datetime.combine(day, time(10)) + seconds(rng, 0, 7 * 3600)
            columns = {"coach_id": coach.employee_id, "metric_id": metric_of(person, rng)}
            exports.add("coaching_sessions", at, person, held_at=at, **columns)


def metric_of(person: Person, rng: Random) -> str | None:
    """What a session is about; the stories of coaching are about customer satisfaction."""
    metric = rng.choice(METRICS)
    if NEVER_COACHED in person.cases:
        return None
    return "csat" if COACHED & set(person.cases) else metric
