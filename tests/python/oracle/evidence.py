"""What is credited to whom in which month: the numerators and denominators (rules §4).

A `Credit` is one record's part of a metric on a day. `collect` sums the credits to months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from .arithmetic import DAY, ZERO, days_between, month_of, months_later, settled, whole_seconds
from .contract import is_answered
from .people import EmployeeMonth, People
from .plan import Plan
from .reading import Row, Tables

RATED_METRICS = {"improvement", "accountability", "resilience", "collaboration", "coordination"}
TEAM_METRICS = {
    "csat": "team_csat",
    "first_contact_resolution": "team_first_contact_resolution",
    "handle_time": "team_handle_time",
    "ticket_first_reply": "team_first_reply",
    "standards_adherence": "team_standards_adherence",
}
SUMMED_IN_SECONDS_SHOWN_IN_MINUTES = {"ticket_first_reply", "team_first_reply"}


class Credit(NamedTuple):
    metric_id: str
    person: str | None
    day: date
    numerator: Fraction | int
    denominator: Fraction | int
    superseded_from: date | None = None  # the first month in which it no longer counts


class Sums(NamedTuple):
    numerator: Fraction
    denominator: Fraction

    @property
    def value(self) -> Fraction | None:
        return self.numerator / self.denominator if self.denominator else None


class Evidence:
    """Numerator and denominator of a person and a metric over any months."""

    def __init__(self, credits: Iterable[Credit], people: People, last_month: date) -> None:
        lasting: dict[tuple, list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
        for metric_id, person, day, numerator, denominator, superseded_from in credits:
            if person in people.employees and month_of(day) <= last_month:
                sums = lasting[metric_id, person, month_of(day), superseded_from]
                sums[0] += numerator
                sums[1] += denominator
        self._months: dict[tuple[str, str], dict[date, list]] = defaultdict(
            lambda: defaultdict(list)
        )
        for (metric_id, person, month, superseded_from), (
            numerator,
            denominator,
        ) in lasting.items():
            if metric_id in SUMMED_IN_SECONDS_SHOWN_IN_MINUTES:
                numerator /= 60
            sums = Sums(settled(numerator, 6), settled(denominator, 6))
            self._months[metric_id, person][month].append((superseded_from, sums))

    def over(self, metric_id: str, person: str, months: Iterable[date], until: date) -> Sums | None:
        """The sums of these months as they stand in the month `until`; None without evidence."""
        by_month = self._months.get((metric_id, person), {})
        counting = [
            sums
            for month in months
            for superseded_from, sums in by_month.get(month, ())
            if superseded_from is None or superseded_from > until
        ]
        if not counting:
            return None
        return Sums(
            sum((sums.numerator for sums in counting), ZERO),
            sum((sums.denominator for sums in counting), ZERO),
        )

    def of_month(self, metric_id: str, person: str, month: date) -> Sums | None:
        return self.over(metric_id, person, [month], month)

    def trailing(self, metric_id: str, person: str, month: date, length: int) -> Sums | None:
        return self.over(
            metric_id, person, [months_later(month, -ago) for ago in range(length)], month
        )

    def __iter__(self) -> Iterator[tuple[str, str, date, Sums]]:
        """Every metric, person and month with evidence that still counts in that month."""
        for metric_id, person in self._months:
            for month in self._months[metric_id, person]:
                if sums := self.of_month(metric_id, person, month):
                    yield metric_id, person, month, sums


@dataclass
class World:
    """What every metric reads: records, plan, people, as-of, and the indexes over events."""

    tables: Tables
    plan: Plan
    people: People
    as_of: datetime
    months: dict[tuple[str, date, str], EmployeeMonth]

    def __post_init__(self) -> None:
        self.local_date = self.plan.calendar.local_date
        self.as_of_date = self.local_date(self.as_of)
        self.tickets = {row["ticket_id"]: Ticket(row) for row in self.tables["tickets"]}
        events = sorted(
            self.tables["ticket_events"], key=lambda row: (row["occurred_at"], row["event_id"])
        )
        for event in events:
            if ticket := self.tickets.get(event["ticket_id"]):
                ticket.add(event)
        legs = defaultdict(list)
        for leg in sorted(
            self.tables["call_legs"], key=lambda row: (row["offered_at"], row["leg_id"])
        ):
            legs[leg["call_id"]].append(leg)
        self.calls = {call_id: Call(call_id, own) for call_id, own in legs.items()}
        self.reviews = [Review(items, self.plan) for items in self._items_by_review().values()]

    def _items_by_review(self) -> dict[str, list[Row]]:
        items = defaultdict(list)
        for item in self.tables["quality_review_items"]:
            items[item["review_id"]].append(item)
        return items

    def handled(self, contact_type: str, contact_id: str) -> Ticket | Call | None:
        if contact_type == "ticket":
            return self.tickets.get(contact_id)
        call = self.calls.get(contact_id) if contact_type == "call" else None
        return call if call and call.answered_legs else None


class Ticket:
    """A ticket with its events in order of (occurred_at, event_id)."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.contact_type, self.contact_id = "ticket", row["ticket_id"]
        self.start: datetime = row["created_at"]
        self.customer_id, self.topic = row["customer_id"], row["topic"]
        self.events: list[Row] = []
        self.first_reply: Row | None = None
        self.last_solving: Row | None = None
        self.reopened_at: list[datetime] = []
        self.is_escalated = False

    def add(self, event: Row) -> None:
        self.events.append(event)
        kind = event["event_type"]
        if kind == "replied" and event["actor_type"] == "agent" and self.first_reply is None:
            self.first_reply = event
        elif kind == "status_changed" and event["status"] == "solved":
            self.last_solving = event
        elif kind == "reopened":
            self.reopened_at.append(event["occurred_at"])
        elif kind == "escalated":
            self.is_escalated = True

    @property
    def replier(self) -> str | None:
        return self.first_reply and (self.row.get("credited_to") or self.first_reply["actor_id"])

    @property
    def solver(self) -> str | None:
        solving = self.last_solving
        if solving is None:
            return None
        by_agent = solving["actor_type"] == "agent"
        solver = solving["assignee_id"] or (solving["actor_id"] if by_agent else None)
        return solver and (self.row.get("credited_to") or solver)

    @property
    def first_handler(self) -> str | None:
        return self.replier or self.solver

    @property
    def end(self) -> datetime | None:
        return self.last_solving and self.last_solving["occurred_at"]

    def holder_at(self, instant: datetime) -> str | None:
        for event in reversed(self.events):
            if event["occurred_at"] <= instant and event["assignee_id"]:
                return event["assignee_id"]
        return None


class Call:
    """A call: its legs in order of (offered_at, leg_id)."""

    def __init__(self, call_id: str, legs: list[Row]) -> None:
        self.legs = legs
        self.contact_type, self.contact_id = "call", call_id
        first = legs[0]
        self.start: datetime = first["offered_at"]
        self.customer_id, self.topic = first["customer_id"], first["topic"]
        self.is_inbound = first["direction"] == "inbound"
        self.answered_legs = sorted(
            (leg for leg in legs if is_answered(leg)),
            key=lambda leg: (leg["answered_at"], leg["leg_id"]),
        )
        self.reopened_at: list[datetime] = []

    @property
    def first_handler(self) -> str | None:
        return self.answered_legs[0]["agent_id"]

    @property
    def end(self) -> datetime:
        return max(leg["ended_at"] for leg in self.legs)

    def holder_at(self, instant: datetime) -> str | None:
        for leg in reversed(self.answered_legs):
            if leg["direction"] != "internal" and leg["answered_at"] <= instant:
                return leg["agent_id"]
        return None


class Review:
    """A QA review; what its items repeat is read from the newest of them."""

    def __init__(self, items: list[Row], plan: Plan) -> None:
        newest = max(items, key=lambda item: (item["reviewed_at"], item["item_id"]))
        self.reviewed_at: datetime = newest["reviewed_at"]
        self.day = plan.calendar.local_date(self.reviewed_at)
        self.agent_id = newest.get("credited_to") or newest["agent_id"]
        self.reviewer_id = newest["reviewer_id"]
        self.percent = newest.get("review_percent")  # what an objection replaced the score by
        self.contact = newest["contact_type"], newest["contact_id"]
        self.status = newest["status"]
        self.is_calibration: bool = newest["is_calibration"]
        self.calibration_id = newest["calibration_id"]
        self.items = [item for item in items if item["is_applicable"]]
        self.is_failed = any(item["is_fatal"] and item["score"] == 0 for item in self.items)

    def points(self, item: Row) -> Fraction:
        if self.percent is not None:
            return settled(item["weight"] * self.percent / 100, 6)
        if self.is_failed:
            return ZERO
        return settled(item["score"] * item["weight"] / item["max_score"], 6)

    @property
    def score(self) -> Fraction | None:
        weight = sum((item["weight"] for item in self.items), ZERO)
        points = sum((self.points(item) for item in self.items), ZERO)
        return settled(100 * points / weight, 4) if weight else None


def collect(world: World) -> Evidence:
    own = [credit for source in SOURCES for credit in source(world)]
    credits = [*own, *team_sums(world, own), *led_people(world)]
    return Evidence(credits, world.people, month_of(world.as_of_date))


# Calls


def call_legs(world: World) -> Iterator[Credit]:
    threshold = world.plan.number("service_level_threshold_seconds")
    for leg in world.tables["call_legs"]:
        agent = leg["agent_id"]
        if leg["direction"] == "internal" or agent is None:
            continue
        day = world.local_date(leg["ended_at"])
        is_inbound = leg["direction"] == "inbound"
        if is_answered(leg):
            handled = leg["talk_seconds"] + leg["hold_seconds"] + leg["wrap_seconds"]
            yield Credit("handle_time", agent, day, handled, 1)
            if is_inbound:
                wait = whole_seconds(leg["offered_at"], leg["answered_at"])
                yield Credit("call_answer_speed", agent, day, wait, 1)
                yield Credit("service_level", agent, day, int(wait <= threshold), 1)
        elif leg["outcome"] == "abandoned" and is_inbound:
            is_in_time = whole_seconds(leg["offered_at"], leg["ended_at"]) <= threshold
            yield Credit("service_level", agent, day, 0, 0 if is_in_time else 1)


# Tickets


def first_replies(world: World) -> Iterator[Credit]:
    for ticket in world.tickets.values():
        if reply := ticket.first_reply:
            waited = world.plan.calendar.business_seconds(ticket.start, reply["occurred_at"])
            if waited is not None:
                day = world.local_date(reply["occurred_at"])
                yield Credit("ticket_first_reply", ticket.replier, day, waited, 1)


def solved_tickets(world: World) -> Iterator[tuple[Ticket, date]]:
    for ticket in world.tickets.values():
        if ticket.end:
            yield ticket, world.local_date(ticket.end)


def reopenings(world: World) -> Iterator[Credit]:
    for ticket, day in solved_tickets(world):
        yield Credit("reopen_rate", ticket.solver, day, int(bool(ticket.reopened_at)), 1)


def complaints(world: World) -> Iterator[Credit]:
    limit = world.plan.number("complaint_limit_business_hours") * 3600
    for ticket, day in solved_tickets(world):
        if not ticket.row["is_complaint"]:
            continue
        taken = world.plan.calendar.business_seconds(ticket.start, ticket.end)
        if taken is not None:
            is_handled = taken <= limit and not ticket.is_escalated and not ticket.reopened_at
            yield Credit("complaint_handling", ticket.solver, day, int(is_handled), 1)


# First contacts


def first_contacts(world: World) -> Iterator[Credit]:
    window = world.plan.window
    for contacts in _contacts_by_customer_and_topic(world).values():
        for number, contact in enumerate(contacts):
            deadline = contact.start + window
            if number and contact.start <= contacts[number - 1].start + window:
                continue  # a repeat
            if deadline > world.as_of:
                continue  # not matured
            is_repeated = number + 1 < len(contacts) and contacts[number + 1].start <= deadline
            is_reopened = any(instant <= deadline for instant in contact.reopened_at)
            yield Credit(
                "first_contact_resolution",
                contact.first_handler,
                world.local_date(contact.start),
                int(not is_repeated and not is_reopened),
                1,
            )


def _contacts_by_customer_and_topic(world: World) -> dict[tuple[str, str], list[Ticket | Call]]:
    calls = (call for call in world.calls.values() if call.is_inbound and call.answered_legs)
    groups = defaultdict(list)
    for contact in [*world.tickets.values(), *calls]:
        if contact.customer_id and contact.topic:
            groups[contact.customer_id, contact.topic].append(contact)
    for contacts in groups.values():
        contacts.sort(key=lambda contact: (contact.start, contact.contact_type, contact.contact_id))
    return groups


# Surveys


def surveys(world: World) -> Iterator[Credit]:
    boxes = world.plan.number("csat_top_boxes")
    numerators: dict[str, Callable[[Row], Fraction | int]] = {
        "csat": lambda response: int(is_top_box(response, boxes)),
        "nps": lambda response: int(response["score"] >= 9) - int(response["score"] <= 6),
        "ces": lambda response: response["score"],
    }
    for response in _latest_responses(world):
        contact = world.handled(response["contact_type"], response["contact_id"])
        holder = contact and contact.holder_at(response["responded_at"])
        metric_id = response["survey_type"]
        yield Credit(
            metric_id,
            holder and (response.get("credited_to") or holder),
            world.local_date(response["responded_at"]),
            numerators[metric_id](response),
            1,
        )


def is_top_box(response: Row, boxes: Fraction) -> bool:
    if response["scale_max"] - response["scale_min"] == 1:
        return response["score"] == response["scale_max"]
    return response["score"] > response["scale_max"] - boxes


def _latest_responses(world: World) -> Iterable[Row]:
    valid = (
        row
        for row in world.tables["survey_responses"]
        if row["responded_at"] is not None and row["score"] is not None
    )
    return latest(
        valid,
        of=lambda row: (row["survey_type"], row["contact_type"], row["contact_id"]),
        by=lambda row: (row["responded_at"], row["response_id"]),
    )


def latest(rows: Iterable[Row], of: Callable, by: Callable) -> list[Row]:
    """For each value of `of` the row with the greatest `by`."""
    chosen: dict[tuple, Row] = {}
    for row in rows:
        key = of(row)
        if key not in chosen or by(chosen[key]) < by(row):
            chosen[key] = row
    return list(chosen.values())


# QA reviews


def review_items(world: World) -> Iterator[Credit]:
    for review in world.reviews:
        if review.status != "final" or review.is_calibration:
            continue
        for item in review.items:
            if metric_id := world.plan.quality_sections.get(item["section"]):
                points = review.points(item)
                yield Credit(metric_id, review.agent_id, review.day, points, item["weight"])


def reviews_done(world: World) -> Iterator[Review]:
    for review in world.reviews:
        if not review.is_calibration and review.status != "voided":
            yield review


def reviews_completed(world: World) -> Iterator[Credit]:
    known_months = set()
    for review in reviews_done(world):
        known_months.add(month_of(review.day))
        yield from on_standard_days(world, "reviews_completed", review.reviewer_id, review.day)
    yield from standards(world, "reviews_completed", known_months)


def review_timeliness(world: World) -> Iterator[Credit]:
    limit = world.plan.days("review_timeliness_days")
    for review in reviews_done(world):
        contact = world.handled(*review.contact)
        if contact and contact.end:
            is_timely = review.reviewed_at <= contact.end + limit
            yield Credit("review_timeliness", review.reviewer_id, review.day, int(is_timely), 1)


def review_overturns(world: World) -> Iterator[Credit]:
    for review in reviews_done(world):
        is_overturned = int(review.status == "overturned")
        yield Credit("review_overturn_rate", review.reviewer_id, review.day, is_overturned, 1)


def calibrations(world: World) -> Iterator[Credit]:
    tolerance = world.plan.number("calibration_tolerance_points")
    sessions = defaultdict(list)
    for review in world.reviews:
        if review.is_calibration and review.status != "voided" and review.score is not None:
            sessions[review.calibration_id].append(review)
    for calibration_id, reviews in sessions.items():
        if calibration_id is None or len(reviews) < 2:
            continue
        middle = median(review.score for review in reviews)
        for review in reviews:
            agrees = int(abs(review.score - middle) <= tolerance)
            yield Credit("calibration_agreement", review.reviewer_id, review.day, agrees, 1)


# Learning


def exams(world: World) -> Iterator[Credit]:
    attempts = defaultdict(list)
    for exam in world.tables["exams"]:
        if not exam["is_excused"]:
            attempts[exam["employee_id"], exam["exam_id"], exam["subject"]].append(exam)
    for own in attempts.values():
        own.sort(key=lambda exam: exam["attempt"])
        days = [world.local_date(exam["taken_at"]) for exam in own]
        for exam, day, next_day in zip(own, days, [*days[1:], None], strict=True):
            score = exam["score"] or ZERO
            yield Credit(
                "product_knowledge",
                exam["employee_id"],
                day,
                settled(score / exam["max_score"], 6),
                1,
                next_day and month_of(next_day),
            )


def trainings(world: World) -> Iterator[Credit]:
    for training in world.tables["trainings"]:
        due_on, completed_on = training["due_on"], training["completed_on"]
        if due_on <= world.as_of_date:
            is_done = completed_on is not None and completed_on <= due_on
            if not is_done and world.people.is_on_leave(training["employee_id"], due_on):
                continue
            hours = training["hours"]
            yield Credit(
                "learning", training["employee_id"], due_on, hours if is_done else 0, hours
            )


# Appraisal


def month_ratings(world: World) -> Iterator[Credit]:
    ratings = (
        row
        for row in world.tables["ratings"]
        if row["period_type"] == "month"
        and row["relation"] in ("supervisor", "peer", "head")
        and row["criterion_id"] in RATED_METRICS
    )
    for rating in last_submitted(ratings):
        share = settled(rating["score"] / rating["scale_max"], 6)
        yield Credit(rating["criterion_id"], rating["ratee_id"], rating["period_start"], share, 1)


def last_submitted(ratings: Iterable[Row]) -> list[Row]:
    fields = ("ratee_id", "rater_id", "relation", "criterion_id", "period_start")
    return latest(
        ratings,
        of=lambda row: tuple(row[field] for field in fields),
        by=lambda row: (row["submitted_at"], row["rating_id"]),
    )


# Conduct


def compliance(world: World) -> Iterator[Credit]:
    grace = world.plan.number("late_grace_minutes")
    for_lateness = world.plan.number("late_arrival_points")
    for_absence = world.plan.number("unexcused_absence_points")
    points: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
    for row in world.tables["attendance"]:
        if world.people.is_on_leave(row["employee_id"], row["work_date"]):
            continue
        is_late = row["late_minutes"] is not None and row["late_minutes"] > grace
        points[row["employee_id"], month_of(row["work_date"])] += (
            for_lateness * is_late + for_absence * bool(row["is_unexcused"])
        )
    for row in world.tables["violations"]:
        points[row["employee_id"], month_of(row["occurred_on"])] += row["points"]
    for (person, month), taken in points.items():
        yield Credit("compliance", person, month, max(100 - taken, ZERO), 100)


# Operations


def suggestions(world: World) -> Iterator[Credit]:
    points = {
        "rejected": world.plan.number("suggestion_points_submitted"),
        "accepted": world.plan.number("suggestion_points_accepted"),
        "implemented": world.plan.number("suggestion_points_implemented"),
    }
    employed = {(person, month) for person, month, _ in world.months}
    for row in world.tables["suggestions"]:
        decided_on = row["decided_on"]
        if decided_on is None or row["status"] not in points:
            continue
        if (row["employee_id"], month_of(decided_on)) in employed:
            yield Credit("suggestions", row["employee_id"], decided_on, points[row["status"]], 0)
    standard = settled(world.plan.number("suggestion_standard_points_per_year") / 12, 6)
    minimum = world.plan.number("minimum_eligible_days_month")
    appraised = {
        (person, month)
        for (person, month, _), days in world.months.items()
        if days.eligible_days >= minimum
    }
    if not world.tables["suggestions"]:
        return
    for person, month in appraised:
        yield Credit("suggestions", person, month, 0, standard)


def improvements(world: World) -> Iterator[Credit]:
    for row in world.tables["improvements"]:
        owner, planned_on, delivered_on = row["owner_id"], row["planned_on"], row["delivered_on"]
        if planned_on > world.as_of_date:
            continue
        if (row["status"] or "").lower() != "cancelled":
            is_in_time = delivered_on is not None and delivered_on <= planned_on
            yield Credit("improvements_delivered", owner, planned_on, int(is_in_time), 1)
        is_verified = row["verified_by"] is not None and row["verified_by"] != owner
        if is_verified and row["effect_score"] is not None:
            yield Credit("improvement_effect", owner, planned_on, row["effect_score"], 100)


def reports(world: World) -> Iterator[Credit]:
    for row in world.tables["management_reports"]:
        owner, due_on, submitted_on = row["owner_id"], row["due_on"], row["submitted_on"]
        if due_on > world.as_of_date:
            continue
        is_in_time = submitted_on is not None and submitted_on <= due_on
        yield Credit("report_punctuality", owner, due_on, int(is_in_time), 1)
        if submitted_on is not None:
            yield Credit("report_accuracy", owner, due_on, int(not row["returned_count"]), 1)


def succession(world: World) -> Iterator[Credit]:
    plans = defaultdict(list)
    for row in world.tables["succession_plans"]:
        plans[row["supervisor_id"]].append(row)
    for supervisor, own in plans.items():
        own.sort(key=lambda row: row["as_of"])
        days = [row["as_of"] for row in own]
        for row, day, next_day in zip(own, days, [*days[1:], None], strict=True):
            ready = min(row["ready_successors"], row["key_positions"])
            yield Credit(
                "bench_strength",
                supervisor,
                day,
                ready,
                row["key_positions"],
                next_day and month_of(next_day),
            )


# Workload and other daily standards


def workload(world: World) -> Iterator[Credit]:
    known_months = {month_of(credit.day) for credit in first_replies(world)}
    for leg in world.tables["call_legs"]:
        if leg["direction"] != "internal" and leg["agent_id"] is not None:
            day = world.local_date(leg["ended_at"])
            known_months.add(month_of(day))
            if is_answered(leg):
                yield from on_standard_days(world, "workload", leg["agent_id"], day)
    for ticket, day in solved_tickets(world):
        known_months.add(month_of(day))
        yield from on_standard_days(world, "workload", ticket.solver, day)
    yield from standards(world, "workload", known_months)


def on_standard_days(
    world: World, metric_id: str, person: str | None, day: date
) -> Iterator[Credit]:
    """One piece of work, if the day is eligible under a scorecard with a daily standard."""
    if person is None:
        return
    scorecard_id = world.people.eligible_scorecard_on(person, day)
    is_counted = (person, month_of(day), scorecard_id) in world.months
    if is_counted and (metric_id, scorecard_id) in world.plan.daily_standards:
        yield Credit(metric_id, person, day, 1, 0)


def standards(world: World, metric_id: str, known_months: set[date]) -> Iterator[Credit]:
    for (person, month, scorecard_id), days in world.months.items():
        standard = world.plan.daily_standards.get((metric_id, scorecard_id))
        if standard is None or not days.eligible_days or month not in known_months:
            continue
        for day in days_between(month, min(months_later(month, 1), world.as_of_date + DAY)):
            if world.people.eligible_scorecard_on(person, day) == scorecard_id:
                owed = standard * world.plan.calendar.works(day)
                yield Credit(metric_id, person, day, 0, owed)


# Teams


def team_sums(world: World, own: Iterable[Credit]) -> Iterator[Credit]:
    """The people's own evidence once more, credited to who led them on the day."""
    for credit in own:
        if credit.person and credit.metric_id in TEAM_METRICS:
            leader = world.people.leader_on(credit.person, credit.day)
            yield credit._replace(metric_id=TEAM_METRICS[credit.metric_id], person=leader)


def team_exams(world: World) -> Iterator[Credit]:
    for exam in world.tables["exams"]:
        if exam["attempt"] != 1 or exam["is_excused"] or exam["score"] is None:
            continue
        day = world.local_date(exam["taken_at"])
        is_passed = exam["score"] >= exam["pass_share"] * exam["max_score"]
        leader = world.people.leader_on(exam["employee_id"], day)
        yield Credit("team_exam_pass", leader, day, int(is_passed), 1)


def led_people(world: World) -> Iterator[Credit]:
    """Coaching coverage and attrition: both count the days on which people were led."""
    led_days: dict[tuple[str, date, str], int] = defaultdict(int)
    present_days: dict[tuple[str, date, str], int] = defaultdict(int)
    months = {month for _, month, _ in world.months}
    for person, employee in world.people.employees.items():
        days = list(world.people.position_days(person, world.as_of_date + DAY))
        left_on = employee["termination_date"]
        has_left = left_on is not None and left_on <= world.as_of_date
        for day in days:
            leader = world.people.leader_on(person, day)
            if leader is None or month_of(day) not in months:
                continue
            led_days[leader, month_of(day), person] += 1
            if not world.people.is_on_leave(person, day):
                present_days[leader, month_of(day), person] += 1
            is_voluntary = employee["termination_reason"] == "voluntary"
            if is_voluntary and has_left and day == days[-1]:
                yield Credit("attrition", leader, day, 1, 0)

    member_year = world.plan.number("member_year_days")
    minimum = world.plan.number("coaching_minimum_led_days")
    coached = {
        (row["coach_id"], month_of(world.local_date(row["held_at"])), row["employee_id"])
        for row in world.tables["coaching_sessions"]
    }
    for (leader, month, person), days in led_days.items():
        yield Credit("attrition", leader, month, 0, days / member_year)
        if present_days[leader, month, person] >= minimum and coached:
            is_coached = int((leader, month, person) in coached)
            yield Credit("coaching_coverage", leader, month, is_coached, 1)


SOURCES: list[Callable[[World], Iterator[Credit]]] = [
    call_legs,
    first_replies,
    reopenings,
    complaints,
    first_contacts,
    surveys,
    review_items,
    reviews_completed,
    review_timeliness,
    review_overturns,
    calibrations,
    exams,
    trainings,
    month_ratings,
    compliance,
    suggestions,
    improvements,
    reports,
    succession,
    workload,
    team_exams,
]
