"""Calls: they ring, are missed, abandoned, answered or passed on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from .clock import SECOND, around, between, seconds
from .floor import Arrival, Contact, Floor
from .people import Person
from .tables import Exports


@dataclass
class Leg:
    """One leg of a call; seconds are None where nobody answered."""

    agent_id: str | None
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    outcome: str
    talk_seconds: int | None = None
    hold_seconds: int | None = None
    wrap_seconds: int | None = None


@dataclass(eq=False)
class Call(Contact):
    """A call with its legs in order."""

    direction: str = "inbound"
    queue: str | None = "main"
    legs: list[Leg] = field(default_factory=list)
    # The night that brought it, if it came late.
    landed: date | None = None

    contact_type = "call"

    @property
    def endings(self) -> list[tuple[datetime, str]]:
        last = self.legs[-1]
        served = self.direction == "inbound" and last.answered_at
        return [(last.ended_at, last.agent_id)] if served else []

    @property
    def holders(self) -> list[tuple[datetime, str]]:
        return [(leg.answered_at, leg.agent_id) for leg in self.legs if leg.answered_at]


class CallSimulation:
    """The course of one call."""

    def __init__(self, floor: Floor, arrival: Arrival) -> None:
        self.floor, self.rng, self.call = floor, floor.rng, Call(arrival)

    def run(self) -> Call:
        call, rng, at = self.call, self.rng, self.call.arrival.at
        if not self.floor.department.on_duty(at.date()):
            self.end(None, at, "abandoned", 5, 180)
            return call
        agent = self.floor.pick_agent(at.date())
        kind = rng.random()
        if kind < 0.03:
            call.direction = "outbound"
        elif kind < 0.04:
            call.direction, call.queue = "internal", None
            call.arrival.customer_id = None
        elif kind < 0.10:
            rings = rng.random() < 0.5
            self.end(agent if rings else None, at, "abandoned", 5, 180)
            call.cases += ["abandoned_with_agent"] if rings else []
            return call
        elif kind < 0.13:
            at = self.end(agent, at, "missed", 15, 30)
            agent = self.floor.pick_agent(at.date(), besides=agent)
            call.cases.append("missed_then_answered")
        if call.direction == "inbound" and rng.random() < 0.05:
            at = self.answer(agent, at, "transferred", share=0.3)
            agent = self.floor.pick_agent(at.date(), besides=agent)
            call.cases.append("transferred")
        self.answer(agent, at, "answered")
        if call.direction == "inbound":
            self.floor.expect_repeat(call.arrival, agent)
        return call

    def end(
        self, agent: Person | None, at: datetime, outcome: str, low: int, high: int
    ) -> datetime:
        """Nobody answers, perhaps while an agent's telephone rings."""
        ended_at = at + seconds(self.rng, low, high)
        agent_id = agent.employee_id if agent else None
        self.call.legs.append(Leg(agent_id, at, None, ended_at, outcome))
        return ended_at

    def answer(self, agent: Person, at: datetime, outcome: str, share: float = 1) -> datetime:
        rng, slowness = self.rng, 1 - agent.trait("speed", at.date())
        wait = int(between(around(rng, 7 + 22 * slowness, 0.7), 1, 300))
        talk = int(between(share * around(rng, 190 + 240 * slowness, 0.4), 15, 2400))
        hold = rng.randint(10, 120) if rng.random() < 0.3 else 0
        wrap = int(around(rng, 25 + 50 * slowness, 0.4))
        times = at, at + wait * SECOND, at + (wait + talk + hold) * SECOND
        self.call.legs.append(Leg(agent.employee_id, *times, outcome, talk, hold, wrap))
        return times[-1]


def export_call_legs(calls: Iterable[Call], exports: Exports) -> None:
    for call in calls:
        for number, leg in enumerate(call.legs):
            sources = call.arrival, call, leg
            landed = call.landed or leg.ended_at
            record = exports.add("call_legs", landed, *sources, call_id=call.contact_id)
            record.cases = [] if number else call.cases
