"""Quality: samples of each agent's contacts reviewed by the specialists, and calibrations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from .clock import DAY, add_working_days, between, month_end, seconds, working_day_from
from .floor import Contact
from .people import QA_SPECIALIST, Department, Person
from .tables import Exports, numbered


@dataclass(frozen=True)
class Item:
    """A line of the QA form; the trait says whose strength it shows."""

    item_id: str
    section: str
    weight: int
    trait: str
    is_fatal: bool = False


ITEMS = (
    Item("ST1", "standards", 2, "reliability"),
    Item("ST2", "standards", 2, "knowledge"),
    Item("ST3", "standards", 1, "reliability", is_fatal=True),
    Item("CO1", "communication", 2, "customer_skill"),
    Item("CO2", "communication", 1, "knowledge"),
    Item("AT1", "attitude", 2, "customer_skill"),
)
MAX_SCORE = 5

# When a contact was finished, by whom.
Finished = tuple[datetime, str, Contact]


@dataclass(eq=False)
class Review:
    """A QA review; `scores` by item, None where the item does not apply."""

    contact: Contact
    agent_id: str
    reviewer_id: str
    reviewed_at: datetime
    scores: dict[Item, int | None]
    status: str = "final"
    calibration_id: str | None = None
    cases: list[str] = field(default_factory=list)
    review_id: str = ""
    # The night that brought the overturning, if it came after the review.
    overturned_on: date | None = None


class ReviewSimulation:
    """The reviews of contacts."""

    def __init__(self, department: Department) -> None:
        self.department, self.settings = department, department.settings
        self.rng = self.settings.rng("quality")
        self.reviews: list[Review] = []

    def run(self, contacts: Iterable[Contact]) -> list[Review]:
        """The reviews in order of time, with ids."""
        finished = [(*ending, contact) for contact in contacts for ending in contact.endings[-1:]]
        by_month: dict[tuple[str, date], list[Finished]] = defaultdict(list)
        for one in finished:
            by_month[one[1], one[0].date().replace(day=1)].append(one)
        for _, some in sorted(by_month.items(), key=lambda item: item[0]):
            for one in self.rng.sample(some, min(len(some), 3)):
                self.review(*one)
        for month in self.settings.months:
            for half, day in enumerate((month.replace(day=8), month.replace(day=22)), 1):
                known = [one for one in finished if month <= one[0].date() < day]
                if known:
                    latest = max(known, key=lambda one: (one[0], one[2].contact_id))
                    self.calibrate(f"CAL{month:%y%m}{half}", working_day_from(day), *latest[1:])
        # Two reviews in which no item of a section applies.
        plain = [r for r in self.reviews if r.calibration_id is None and r.status == "final"]
        for review in plain[10:300:200]:
            review.scores |= {item: None for item in ITEMS if item.section == "communication"}
            review.cases.append("section_not_applicable")
        self.overturn_late()
        self.reviews.sort(key=lambda review: (review.reviewed_at, review.contact.contact_id))
        for review_id, review in numbered("Q0001", self.reviews):
            review.review_id = review_id
        return self.reviews

    def overturn_late(self) -> None:
        """The poorest review of August, overturned when that month is closed."""
        august = self.settings.on(8, 1)
        whole = [
            review
            for review in self.reviews
            if review.reviewed_at.date().replace(day=1) == august
            and review.calibration_id is None
            and review.status == "final"
            and None not in review.scores.values()
            and not self.department.by_id[review.agent_id].cases
        ]
        review = min(whole, key=lambda review: sum(review.scores.values()))
        review.status, review.overturned_on = "overturned", add_working_days(month_end(august), 15)
        review.cases += ["overturned", "overturned_after_closing"]

    def moment_on(self, day: date) -> datetime:
        """A random instant of a specialist's working day."""
        return datetime.combine(working_day_from(day), time(10)) + seconds(self.rng, 0, 28000)

    def review(self, at: datetime, agent_id: str, contact: Contact) -> None:
        rng, agent = self.rng, self.department.by_id[agent_id]
        low, high = (6, 12) if rng.random() < 0.08 else (1, 3)
        reviewed_at = self.moment_on(at.date() + rng.randint(low, high) * DAY)
        day = reviewed_at.date()
        specialists = [p for p in self.department.in_role(QA_SPECIALIST, day) if p.is_present(day)]
        if reviewed_at >= self.settings.end or not specialists:
            return
        reviewer = rng.choices(specialists, [0.6 + 0.8 * p.speed for p in specialists])[0]
        scores = {item: self.score(agent, item, at.date()) for item in ITEMS}
        review = Review(contact, agent_id, reviewer.employee_id, reviewed_at, scores)
        chance = rng.random()
        if chance < 0.015 + 0.05 * (1 - reviewer.reliability):
            review.status = "voided" if chance < 0.015 else "overturned"
            review.cases.append(review.status)
        if any(item.is_fatal and score == 0 for item, score in scores.items()):
            review.cases.append("fatal_item_failed")
        if None in scores.values():
            review.cases.append("item_not_applicable")
        self.reviews.append(review)

    def score(self, agent: Person, item: Item, day: date) -> int | None:
        """Points of an item; a fatal one is either passed or failed."""
        rng, strength = self.rng, agent.trait(item.trait, day)
        if item.is_fatal:
            return 0 if rng.random() < 0.05 * (1 - strength) else MAX_SCORE
        if rng.random() < 0.05:
            return None
        return round(MAX_SCORE * between(0.62 + 0.36 * strength + rng.gauss(0, 0.12), 0, 1))

    def calibrate(self, name: str, day: date, agent_id: str, contact: Contact) -> None:
        """Every specialist scores one contact, apart from the others as far as unreliable."""
        agent = self.department.by_id[agent_id]
        common = {item: self.score(agent, item, day) for item in ITEMS}
        for person in self.department.in_role(QA_SPECIALIST, day):
            reviewed_at, reviewer_id = self.moment_on(day), person.employee_id
            if reviewed_at < self.settings.end and person.is_present(day):
                scores = {item: self.shift(person, item, score) for item, score in common.items()}
                review = Review(contact, agent_id, reviewer_id, reviewed_at, scores)
                review.calibration_id, review.cases = name, ["calibration"]
                self.reviews.append(review)

    def shift(self, person: Person, item: Item, score: int | None) -> int | None:
        agreed = score is None or item.is_fatal
        if agreed or self.rng.random() > 0.3 * (1.15 - person.reliability):
            return score
        return int(between(score + self.rng.choice((-2, -1, 1)), 0, MAX_SCORE))


def export_reviews(reviews: Iterable[Review], exports: Exports) -> None:
    for review in reviews:
        for item, score in review.scores.items():
            record = exports.add(
                "quality_review_items",
                review.reviewed_at,
                review.contact,
                review,
                item,
                score=score,
                max_score=MAX_SCORE,
                is_applicable=score is not None,
                is_calibration=review.calibration_id is not None,
            )
            if review.overturned_on:
                record.versions[0][1]["status"] = "final"
                record.change(review.overturned_on, status=review.status)
            record.cases = review.cases if item is ITEMS[0] else []
