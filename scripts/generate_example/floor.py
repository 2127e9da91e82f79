"""The service floor: customers arrive day by day, and some come back."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from scripts.generate_calendar import is_working_day

from .clock import DAY, seconds, working_day_from
from .people import AGENT, Department, Person
from .tables import numbered

TOPICS = ("billing", "delivery", "refund", "account", "product", "technical", "warranty", "order")
TICKET_CHANNELS = ("email", "chat", "web", "app")
PHONE = "phone"
BOT = "bot1"
CONTACTS_PER_WORKING_DAY = 0.75
QUIET_DAY = 0.22
SHARE_OF_CALLS = 0.6
CUSTOMERS_PER_AGENT = 60
ANONYMOUS = 0.04


@dataclass
class Arrival:
    """A customer who gets in touch; `repeats` counts the contacts before about the same."""

    at: datetime
    customer_id: str | None
    topic: str
    channel: str
    repeats: int = 0
    is_complaint: bool = False

    @property
    def order(self) -> tuple[datetime, str, str]:
        return self.at, self.customer_id or "", self.topic


@dataclass(eq=False)
class Contact:
    """What tickets and calls share; the survey's instants are set where a case depends on them."""

    arrival: Arrival
    cases: list[str] = field(default_factory=list)
    contact_id: str = ""
    survey_answered_at: datetime | None = None
    survey_changed_at: datetime | None = None

    contact_type = "none"

    @property
    def endings(self) -> list[tuple[datetime, str]]:
        """When it was done, perhaps several times, and by whom."""
        return []

    @property
    def holders(self) -> list[tuple[datetime, str]]:
        """Who was answerable from when."""
        return []

    def holder_at(self, moment: datetime) -> str | None:
        return next((who for at, who in reversed(self.holders) if at <= moment), None)


def clock_on(rng: Random, day: date) -> datetime:
    """A natural time of a day at which customers get in touch."""
    first, last = 8, 22
    if is_working_day(day):
        first, last = rng.choices([(7, 9), (9, 12), (12, 18), (18, 22)], (4, 38, 43, 15))[0]
    return datetime.combine(day, time(first)) + seconds(rng, 0, (last - first) * 3600 - 1)


class Floor:
    """Who arrives, and which agent is free."""

    def __init__(self, department: Department) -> None:
        self.department, self.settings = department, department.settings
        self.rng = self.settings.rng("contacts")
        customers = range(CUSTOMERS_PER_AGENT * self.settings.agents)
        self.customers = [customer_id for customer_id, _ in numbered("C0001", customers)]
        self.returning: dict[date, list[Arrival]] = defaultdict(list)

    def arrivals_on(self, day: date) -> list[Arrival]:
        """The customers of a day in order, new ones and those who come back."""
        agents = sum(p.is_present(day) for p in self.department.in_role(AGENT, day))
        busy = CONTACTS_PER_WORKING_DAY * (1 if is_working_day(day) else QUIET_DAY)
        count = int(agents * busy * self.rng.uniform(0.85, 1.15) + self.rng.random())
        arrivals = [self.new_arrival(clock_on(self.rng, day)) for _ in range(count)]
        return sorted(arrivals + self.returning.pop(day, []), key=lambda arrival: arrival.order)

    def new_arrival(self, at: datetime) -> Arrival:
        rng = self.rng
        customer = None if rng.random() < ANONYMOUS else rng.choice(self.customers)
        topic = rng.choices(TOPICS, (20, 18, 14, 12, 12, 10, 8, 6))[0]
        return Arrival(at, customer, topic, self.channel(), is_complaint=rng.random() < 0.12)

    def channel(self) -> str:
        if self.rng.random() < SHARE_OF_CALLS:
            return PHONE
        return self.rng.choices(TICKET_CHANNELS, (30, 35, 15, 20))[0]

    def expect_repeat(self, arrival: Arrival, handler: Person) -> None:
        """Let the customer come back, the likelier the less the handler knew."""
        rng, customer = self.rng, arrival.customer_id
        knowledge = handler.trait("knowledge", arrival.at.date())
        chance = (0.40 - 0.36 * knowledge) * (0.5 if arrival.repeats else 1)
        if rng.random() >= chance or customer is None:
            return
        # Most within the window of seven days, some after it.
        offset = rng.randint(1, 6) if rng.random() < 0.85 else rng.randint(8, 21)
        day = arrival.at.date() + offset * DAY
        channel = arrival.channel if rng.random() < 0.65 else self.channel()
        again = Arrival(clock_on(rng, day), customer, arrival.topic, channel, arrival.repeats + 1)
        again.is_complaint = arrival.is_complaint or rng.random() < 0.1
        self.returning[day].append(again)

    def pick_agent(self, day: date, besides: Person | None = None) -> Person:
        """Somebody on duty that day, the quick a little more often."""
        agents = [p for p in self.department.on_duty(day) if p is not besides]
        agents = agents or self.department.on_duty(working_day_from(day))
        return self.rng.choices(agents, [0.7 + 0.6 * p.trait("speed", day) for p in agents])[0]
