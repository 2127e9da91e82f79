"""Tickets: their life event by event, and the tables of the helpdesk."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .clock import DAY, SECOND, add_business_minutes, around, between, next_open, seconds
from .floor import BOT, Arrival, Contact, Floor, clock_on
from .tables import Exports

# Two working days; slower complaints are a case.
COMPLAINT_LIMIT_MINUTES = 18 * 60


@dataclass
class TicketEvent:
    """What happened, and who holds the ticket in which status since."""

    occurred_at: datetime
    event_type: str
    actor_id: str | None
    actor_type: str
    assignee_id: str | None
    status: str


@dataclass(eq=False)
class Ticket(Contact):
    """A ticket with its events in order, the first being its creation."""

    priority: str = "normal"
    events: list[TicketEvent] = field(default_factory=list)

    contact_type = "ticket"

    @property
    def assignee(self) -> str | None:
        return self.events[-1].assignee_id

    @property
    def last_at(self) -> datetime:
        return self.events[-1].occurred_at

    @property
    def endings(self) -> list[tuple[datetime, str]]:
        solvings = [e for e in self.events if e.event_type == "status_changed"]
        return [(e.occurred_at, e.assignee_id) for e in solvings if e.status == "solved"]

    @property
    def holders(self) -> list[tuple[datetime, str]]:
        return [(e.occurred_at, e.assignee_id) for e in self.events if e.assignee_id]

    def log(
        self, at: datetime, event: str, actor: str | None, assignee: str = "", status: str = ""
    ) -> None:
        """Append an event, never before the one that precedes it."""
        if self.events:
            at, assignee = max(at, self.last_at), assignee or self.assignee
            status = status or self.events[-1].status
        actors = {BOT: "bot", self.arrival.customer_id: "customer"}
        actor_type = actors.get(actor, "agent")
        self.events.append(TicketEvent(at, event, actor, actor_type, assignee or None, status))


class TicketSimulation:
    """The life of one ticket; every step is done by the agent then in charge."""

    def __init__(self, floor: Floor, arrival: Arrival) -> None:
        self.floor, self.rng, self.arrival = floor, floor.rng, arrival
        weights = (5, 30, 45, 20) if arrival.is_complaint else (20, 60, 15, 5)
        priority = self.rng.choices(("low", "normal", "high", "urgent"), weights)[0]
        self.agent = floor.pick_agent(next_open(arrival.at).date())
        self.ticket = Ticket(arrival, priority=priority)

    def log(self, at: datetime, event: str, status: str = "") -> None:
        self.ticket.log(at, event, self.agent.employee_id, status=status)

    @property
    def knowledge(self) -> float:
        """What the agent in charge knows."""
        return self.agent.trait("knowledge", self.arrival.at.date())

    def run(self) -> Ticket:
        self.open()
        if self.rng.random() < 0.02:
            self.ticket.cases.append("never_replied")
            return self.ticket
        self.reply()
        self.talk_on()
        self.maybe_hand_over(0.05, "reassigned")
        self.solve()
        self.floor.expect_repeat(self.arrival, self.agent)
        self.after_solving()
        return self.ticket

    def open(self) -> None:
        """Creation; a router assigns at once or a little later; a bot may greet first."""
        ticket, at, rng, agent_id = self.ticket, self.arrival.at, self.rng, self.agent.employee_id
        routed = rng.random() < 0.65
        ticket.log(at, "created", self.arrival.customer_id, agent_id if routed else "", "new")
        if self.arrival.channel == "chat" and rng.random() < 0.3:
            ticket.log(at + seconds(rng, 2, 30), "replied", BOT)
            ticket.cases.append("bot_replied_first")
        if not routed:
            ticket.log(at + seconds(rng, 40, 900), "assigned", BOT, agent_id, "open")

    def ensure_presence(self, at: datetime) -> None:
        """Assign the ticket to whoever works on that day."""
        if self.agent not in self.floor.department.on_duty(at.date()):
            self.agent = self.floor.pick_agent(at.date())
            self.ticket.log(at, "assigned", BOT, self.agent.employee_id)

    def reply(self) -> None:
        """The first public reply by a human, mostly in business hours."""
        rng, at = self.rng, self.arrival.at
        on_rota = self.floor.department.on_duty(at.date())
        if next_open(at) != at and at.hour < 22 and on_rota and rng.random() < 0.15:
            replied_at = at + seconds(rng, 300, 2400)
            self.ticket.cases.append("replied_outside_business_hours")
        else:
            minutes = around(rng, 12 + 60 * (1 - self.agent.trait("speed", at.date())), 0.6)
            replied_at = add_business_minutes(at, between(minutes, 1, 500))
        self.ensure_presence(replied_at)
        if rng.random() < 0.08:
            self.log(replied_at - 20 * SECOND, "noted")
            self.ticket.cases.append("note_before_first_reply")
        self.log(replied_at, "replied", "open")

    def talk_on(self) -> None:
        """What may come between reply and solution: an answer, a note, an escalation."""
        rng, ticket = self.rng, self.ticket
        if rng.random() < 0.06:
            at = ticket.last_at + seconds(rng, 120, 5400)
            ticket.log(at, "replied", self.arrival.customer_id)
        if rng.random() < 0.05:
            self.log(ticket.last_at + seconds(rng, 60, 900), "noted")
        is_complaint = self.arrival.is_complaint
        if rng.random() < (0.25 * (1 - self.knowledge) if is_complaint else 0.02):
            self.log(ticket.last_at + seconds(rng, 60, 3600), "escalated")
            ticket.cases += ["complaint_escalated"] if is_complaint else []

    def maybe_hand_over(self, chance: float, case: str) -> None:
        if self.rng.random() < chance:
            at = self.ticket.last_at + seconds(self.rng, 60, 1800)
            giver = self.agent
            self.agent = self.floor.pick_agent(next_open(at).date(), besides=giver)
            self.ticket.log(at, "assigned", giver.employee_id, self.agent.employee_id)
            self.ticket.cases.append(case)

    def solve(self) -> None:
        middle = (150 if self.arrival.is_complaint else 70) + 260 * (1 - self.knowledge)
        minutes = between(around(self.rng, middle, 0.8), 5, 9000)
        solved_at = add_business_minutes(self.ticket.last_at, minutes)
        self.ensure_presence(solved_at)
        self.log(solved_at, "status_changed", "solved")
        if self.arrival.is_complaint and minutes > COMPLAINT_LIMIT_MINUTES:
            self.ticket.cases.append("complaint_slow")

    def after_solving(self) -> None:
        """Handed on before the rating, reopened, or closed; mostly nothing."""
        rng, ticket, solver = self.rng, self.ticket, self.agent
        solved_at = ticket.last_at
        self.maybe_hand_over(0.008, "reassigned_before_rating")
        self.agent = solver
        if rng.random() < 0.13 - 0.11 * self.knowledge:
            at = clock_on(rng, solved_at.date() + rng.randint(1, 9) * DAY)
            ticket.log(at, "reopened", self.arrival.customer_id, status="open")
            ticket.cases.append("reopened")
            replied_at = add_business_minutes(at, around(rng, 60, 0.5))
            self.ensure_presence(replied_at)
            self.log(replied_at, "replied")
            self.solve()
        elif rng.random() < 0.25:
            ticket.log(solved_at + 3 * DAY, "status_changed", BOT, status="closed")


def export_tickets(tickets: Iterable[Ticket], exports: Exports) -> None:
    """A version per day on which a ticket changed; text ids keep their leading noughts."""
    rng = exports.settings.rng("versions")
    for ticket in tickets:
        first, *later = {e.occurred_at.date(): e for e in ticket.events}.values()
        at, status = first.occurred_at, first.status
        columns = {"ticket_id": ticket.contact_id, "created_at": ticket.arrival.at}
        sources = ticket, ticket.arrival
        record = exports.add("tickets", at, *sources, **columns, status=status, updated_at=at)
        for event in later:
            record.change(event.occurred_at, status=event.status, updated_at=event.occurred_at)
        record.shows_older = bool(later) and rng.random() < 0.08
        record.cases = ticket.cases
        for event in ticket.events:
            exports.add("ticket_events", event.occurred_at, event, ticket_id=ticket.contact_id)
