"""Edges that a random year may miss: the contacts of `edges.csv`, on customers of their own."""

import csv
from datetime import date, datetime
from itertools import cycle, pairwise
from pathlib import Path

from scripts.generate_calendar import make_up_days

from .calls import Call, Leg
from .clock import DAY, SECOND, next_open
from .floor import BOT, PHONE, Arrival
from .people import AGENT, Department
from .tickets import Ticket

# A step of a call or a ticket: what it ends in, and when.
Step = tuple[str, datetime]


def instant_of(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class Edges:
    """Their tickets and calls, handled by agents without a story of their own."""

    def __init__(self, department: Department) -> None:
        steady = [p for p in department.people if p.jobs[0].role_id == AGENT and not p.cases]
        self.agents = cycle([*steady[1:], steady[0]])
        self.tickets: list[Ticket] = []
        self.calls: list[Call] = []
        year = department.settings.year
        with Path(__file__).with_name("edges.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                days = make_up_days(year) if "{make_up}" in row["steps"] else [date(year, 1, 1)]
                for number, day in enumerate(days):
                    names = {"year": year, "before": year - 1, "after": year + 1}
                    names |= {"make_up": day, "eve": day - DAY, "number": number}
                    self.add({column: text.format(**names) for column, text in row.items()})

    def add(self, row: dict[str, str]) -> None:
        words = [step.split() for step in row["steps"].split("; ")]
        steps = [(kind, datetime.fromisoformat(at)) for kind, at in words]
        is_ticket = steps[0][0] == "created"
        channel = "email" if is_ticket else PHONE
        arrival = Arrival(steps[0][1], row["customer"], row["topic"], channel)
        if is_ticket:
            self.tickets.append(self.ticket(arrival, row["case"], steps))
            return
        call = Call(arrival, [row["case"]])
        call.legs = [self.leg(row, start, end) for start, end in pairwise(steps)]
        call.survey_answered_at = instant_of(row["survey_answered_at"])
        call.survey_changed_at = instant_of(row["survey_changed_at"])
        call.landed = date.fromisoformat(row["landed"]) if row["landed"] else None
        self.calls.append(call)

    def agent(self, day: date) -> str:
        """The next agent who is at work that day."""
        return next(person.employee_id for person in self.agents if person.is_present(day))

    def ticket(self, arrival: Arrival, case: str, steps: list[Step]) -> Ticket:
        ticket, customer = Ticket(arrival, [case]), arrival.customer_id
        for kind, at in steps:
            if kind == "created":
                ticket.log(at, kind, customer, self.agent(next_open(at).date()), "new")
            elif kind == "assigned":
                ticket.log(at, kind, BOT, self.agent(at.date()))
            elif kind == "replied":
                ticket.log(at, kind, ticket.assignee, status="open")
            elif kind == "solved":
                ticket.log(at, "status_changed", ticket.assignee, status="solved")
            elif kind == "reopened":
                ticket.log(at, kind, customer, status="open")
                ticket.cases.append("reopened")
        return ticket

    def leg(self, row: dict[str, str], start: Step, end: Step) -> Leg:
        (_, offered_at), (outcome, ended_at) = start, end
        leg = Leg(self.agent(offered_at.date()), offered_at, None, ended_at, outcome)
        if outcome == "abandoned":
            # Nobody answered, yet the switch may write seconds.
            leg.talk_seconds, leg.wrap_seconds = (
                int(row[column]) if row[column] else None
                for column in ("talk_seconds", "wrap_seconds")
            )
        else:
            leg.answered_at = offered_at + 10 * SECOND
            talk = (ended_at - leg.answered_at).seconds
            leg.talk_seconds, leg.hold_seconds, leg.wrap_seconds = talk, 0, 30
        return leg
