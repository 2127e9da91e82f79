"""Suggestions, improvements, management reports and succession plans."""

from datetime import date

from .clock import DAY, between, month_end, working_day_from
from .people import SUPERVISOR, Department
from .tables import Exports


def export_suggestions(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("suggestions"), department.settings
    found = []
    for person in department.staff:
        for _ in range(int(5 * person.skill + 2 * rng.random())):
            day = working_day_from(settings.first_day + rng.randint(0, 510) * DAY)
            if person.is_present(day) and day <= settings.last_day:
                found.append((day, person.employee_id, person))
    for day, _, person in sorted(found, key=lambda suggestion: suggestion[:2]):
        record = exports.add("suggestions", day, person, submitted_on=day, status="submitted")
        decided = working_day_from(day + rng.randint(3, 25) * DAY)
        implemented = working_day_from(decided + rng.randint(5, 60) * DAY)
        skill = person.trait("skill", day)
        accepted, is_done = rng.random() < 0.25 + 0.6 * skill, rng.random() < 0.5
        if decided <= settings.last_day:
            status = "accepted" if accepted else "rejected"
            record.change(decided, decided_on=decided, status=status)
            if accepted and is_done and implemented <= settings.last_day:
                record.change(implemented, implemented_on=implemented, status="implemented")


def export_improvements(department: Department, exports: Exports) -> None:
    """Initiatives of supervisors for every other month; the last ones are still to come."""
    rng, settings = department.settings.rng("improvements"), department.settings
    months = [*settings.months[1::2], date(settings.year + 1, 3, 1)]
    days = [month_end(month) - 3 * DAY for month in months]
    planned = [(day, person) for day in days for person in department.in_role(SUPERVISOR, day)]
    for number, (day, person) in enumerate(planned):
        columns = {"owner_id": person.employee_id, "planned_on": day, "status": "planned"}
        record = exports.add("improvements", day - 60 * DAY, **columns)
        late = rng.random() > 0.55 + 0.4 * person.reliability
        delivered = day + (rng.randint(2, 30) if late else -rng.randint(0, 12)) * DAY
        effect = round(between(55 + 45 * person.skill + rng.gauss(0, 8), 0, 100))
        verified, verifier = delivered + 10 * DAY, person if number == 25 else department.head
        if number == 21:
            record.change(day, status="cancelled")
            record.cases.append("improvement_cancelled")
        elif number == 28:
            record.cases.append("improvement_never_delivered")
        elif delivered <= settings.last_day:
            record.change(delivered, delivered_on=delivered, status="delivered")
            if verified <= settings.last_day and number % 7 != 5:
                record.change(verified, effect_score=effect, verified_by=verifier.employee_id)
                record.cases += ["improvement_verified_by_owner"] if verifier is person else []


def export_reports(department: Department, exports: Exports) -> None:
    """Reports due every Monday, and on the fifth for the month before."""
    rng, settings = department.settings.rng("reports"), department.settings
    mondays = [day for day in settings.days if day.weekday() == 0]
    days = sorted(mondays + [month + 4 * DAY for month in settings.months[1:]])
    for due, person in [(day, p) for day in days for p in department.in_role(SUPERVISOR, day)]:
        columns = {"owner_id": person.employee_id, "due_on": due, "returned_count": 0}
        record = exports.add("management_reports", due - 7 * DAY, **columns)
        late = rng.random() > 0.72 + 0.27 * person.reliability
        submitted = due + (rng.randint(1, 6) if late else -rng.randint(0, 2)) * DAY
        returned = (rng.random() > 0.78 + 0.2 * person.reliability) * rng.randint(1, 2)
        if rng.random() > 0.01 and submitted <= settings.last_day:
            record.change(submitted, submitted_on=submitted, returned_count=returned)


def export_succession_plans(department: Department, exports: Exports) -> None:
    rng, settings = department.settings.rng("succession"), department.settings
    for quarter in settings.quarters:
        day = max(working_day_from(quarter + 13 * DAY), settings.first_day)
        for person in department.in_role(SUPERVISOR, day):
            posts = rng.randint(1, 2)
            ready = sum(rng.random() < 0.3 + 0.6 * person.skill for _ in range(posts))
            columns = {"supervisor_id": person.employee_id, "key_positions": posts}
            exports.add("succession_plans", day, as_of=day, ready_successors=ready, **columns)
