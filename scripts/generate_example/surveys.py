"""Surveys: who is asked, who answers, and what; the holder's skill with customers shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from .clock import MINUTE, seconds
from .floor import Contact
from .people import Department
from .tables import Exports

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
# Seconds from the end of a contact to its survey.
DELAYS = {"ticket": (1800, 14400), "call": (60, 600)}


@dataclass(eq=False)
class Survey:
    """A survey sent about a contact; unanswered, it has no score."""

    contact: Contact
    survey_type: str
    sent_at: datetime
    answered_at: datetime | None = None
    answer: int | None = None
    earlier_answer: int | None = None
    changed_at: datetime | None = None
    cases: list[str] = field(default_factory=list)


class SurveySimulation:
    """The surveys about all contacts."""

    def __init__(self, department: Department, exports: Exports) -> None:
        self.department, self.exports, self.settings = department, exports, department.settings
        self.rng = self.settings.rng("surveys")
        self.unasked = department.with_case("no_survey_all_year").employee_id
        self.rarely_asked = department.with_case("two_surveys_all_year").employee_id
        self.asked_from = [self.settings.on(2, 10), self.settings.on(9, 10)]

    def run(self, contacts: Iterable[Contact]) -> None:
        for contact in contacts:
            if not contact.endings:
                continue
            ended_at, _ = contact.endings[0]
            if answered_at := contact.survey_answered_at:
                sent_at = ended_at + 2 * MINUTE
                survey = Survey(contact, "csat", sent_at, answered_at, 5, cases=contact.cases)
                if contact.survey_changed_at:
                    survey.answer, survey.earlier_answer = 2, 5
                    survey.changed_at = contact.survey_changed_at
                self.export(survey)
            else:
                self.ask(contact, ended_at + seconds(self.rng, *DELAYS[contact.contact_type]))

    def ask(self, contact: Contact, sent_at: datetime) -> None:
        rng, end = self.rng, self.settings.end
        if rng.random() >= 0.82 or sent_at >= end:
            return
        survey = Survey(contact, rng.choices(list(SCALES), (93, 4, 3))[0], sent_at)
        answered_at = sent_at + seconds(rng, 60, 36 * 3600)
        if rng.random() < 0.85 and answered_at < end:
            survey.answered_at, survey.answer = answered_at, self.answer(survey, answered_at)
        if not self.may_ask(survey):
            return
        scale = SCALES[survey.survey_type]
        if survey.answered_at and rng.random() < 0.008:
            survey.earlier_answer, survey.answer = survey.answer, rng.randint(*scale)
            survey.changed_at = min(survey.answered_at + 120 * MINUTE, end)
            survey.cases.append("changed_later")
        second = None
        if survey.answered_at and rng.random() < 0.004:
            later = answered_at + seconds(rng, 600, 86400)
            if later < end:
                second = Survey(contact, survey.survey_type, sent_at, later, rng.randint(*scale))
                survey.cases.append("two_responses_to_one_contact")
                second.cases.append("two_responses_to_one_contact")
        self.export(survey)
        if second:
            self.export(second)

    def may_ask(self, survey: Survey) -> bool:
        """Keep the two agents with two surveys and with none as they are."""
        moments = survey.answered_at or self.settings.end, survey.sent_at
        holders = {survey.contact.holder_at(moment) for moment in moments}
        if self.unasked in holders:
            return False
        if self.rarely_asked not in holders:
            return True
        if survey.survey_type != "csat" or not survey.answered_at or not self.asked_from:
            return False
        if survey.sent_at.date() < self.asked_from[0] or holders != {self.rarely_asked}:
            return False
        self.asked_from.pop(0)
        return True

    def answer(self, survey: Survey, moment: datetime) -> int:
        rng, arrival = self.rng, survey.contact.arrival
        holder = self.department.by_id[survey.contact.holder_at(moment)]
        happy = 0.60 + 0.42 * holder.trait("customer_skill", moment.date())
        happy -= 0.06 * (arrival.repeats > 0) + 0.12 * arrival.is_complaint
        low, high = SCALES[survey.survey_type]
        return high - (rng.random() < 0.4) if rng.random() < happy else rng.randint(low, high - 2)

    def export(self, survey: Survey) -> None:
        """Sent, answered, and now and then changed by the customer, mostly two hours later."""
        (low, high), sent_at, at = SCALES[survey.survey_type], survey.sent_at, survey.answered_at
        columns = {"scale_min": low, "scale_max": high, "updated_at": sent_at}
        record = self.exports.add("survey_responses", sent_at, survey.contact, survey, **columns)
        record.cases = survey.cases
        if survey.earlier_answer is not None:
            record.change(at, responded_at=at, score=survey.earlier_answer, updated_at=at)
            del record.versions[0]
            record.shows_older = True
            changed_at = survey.changed_at
            record.change(changed_at, score=survey.answer, updated_at=changed_at)
        elif at:
            record.change(at, responded_at=at, score=survey.answer, updated_at=at)
