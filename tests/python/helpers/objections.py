"""Upheld objections with every kind of remedy, against records that there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

# Whose days are excluded, and who gets the credit for what is taken from another.
PEOPLE = ["E012", "E013", "E040"]


def upheld(
    decided_on: date, surveys: list[str], reviews: list[str], ratings: list[str], tickets: list[str]
) -> Iterator[dict[str, str]]:
    """Rows of the export `objections`, one for each record and, of days, for each person.

    Ratings are objected to twice: the later decision counts.
    """
    remedies = [
        *[("survey_response", one, {"remedy": "void"}) for one in surveys[::3]],
        *[("survey_response", one, {"replacement_score": "1"}) for one in surveys[1::3]],
        *[("survey_response", one, {"replacement_employee_id": "E020"}) for one in surveys[2::3]],
        *[("quality_review", one, {"remedy": "void"}) for one in reviews[::3]],
        *[("quality_review", one, {"replacement_score": "12.5"}) for one in reviews[1::3]],
        *[("quality_review", one, {"replacement_employee_id": "E021"}) for one in reviews[2::3]],
        *[("rating", one, {"remedy": "void"}) for one in ratings[::2]],
        *[("rating", one, {"replacement_score": "1"}) for one in ratings[1::2]],
        *[("rating", one, {"replacement_score": "2", "again": "1"}) for one in ratings[::4]],
        *[("ticket", one, {"replacement_employee_id": "E022"}) for one in tickets],
    ]
    last = decided_on - timedelta(days=30)
    days = {
        "remedy": "exclude_days",
        "excluded_from": str(last - timedelta(days=11)),
        "excluded_to": str(last),
    }
    remedies += [("monthly_scorecard", person, days) for person in PEOPLE]
    for number, (target_type, target_id, remedy) in enumerate(remedies):
        is_again = remedy.pop("again", "")
        yield {
            "objection_id": f"X{decided_on:%y%m%d}{number:04d}",
            "employee_id": target_id if target_id in PEOPLE else "E020",
            "target_type": target_type,
            "target_id": target_id,
            "filed_on": str(decided_on - timedelta(days=4)),
            "decided_on": str(decided_on if is_again else decided_on - timedelta(days=1)),
            "outcome": "upheld",
            "remedy": "replace",
            **remedy,
        }
