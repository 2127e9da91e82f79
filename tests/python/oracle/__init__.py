"""The rules of docs/rules.md stated a second time, in plain Python, to check the models against.

    import oracle
    results = oracle.compute(Path("examples/exports"), Path("seeds/plan"))
    results.annual_scorecards["E001", 2025]["annual_score"]

It shares no code with the models: numbers are exact fractions, rounded only where the rules say so.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from .arithmetic import month_of, months_later
from .closing import Published, steps_of
from .evidence import World, collect
from .objections import judge, remedied
from .outcomes import YearJudge
from .people import People
from .plan import Plan
from .process import Process, teams
from .reading import Tables, read_exports
from .results import Results, by_year
from .scoring import MonthScorer, YearScorer

__all__ = ["Published", "Results", "compute"]

SOURCE_TIME_ZONE = ZoneInfo("Asia/Shanghai")
EVENT_STREAMS = {
    "tickets": ["updated_at"],
    "ticket_events": ["occurred_at"],
    "call_legs": ["ended_at"],
    "survey_responses": ["updated_at", "responded_at"],
    "quality_review_items": ["reviewed_at"],
}
# When a record becomes known; what has no instant counts by its dates.
KNOWN_AT = {
    "tickets": "created_at",
    "ticket_events": "occurred_at",
    "call_legs": "ended_at",
    "survey_responses": "responded_at",
    "quality_review_items": "reviewed_at",
    "exams": "taken_at",
    "coaching_sessions": "held_at",
    "ratings": "submitted_at",
}


def compute(
    exports: Path,
    plan: Path,
    as_of: datetime | None = None,
    published: Published | None = None,
) -> Results:
    """Every score of every person, month and year of the exports under the plan.

    Of a named `as_of`, records stamped later are unknown. `published` is what earlier builds have
    kept; this one adds its versions to it.
    """
    published = Published() if published is None else published
    read = read_exports(Path(exports), SOURCE_TIME_ZONE)
    rules = Plan(Path(plan))
    now = as_of or _newest_instant(read.versions)
    exported = _known_by(now, read.tables) if as_of else read.tables
    today = rules.calendar.local_date(now)
    objections = judge(exported, rules, today)
    steps = steps_of(exported, objections, today)
    tables = remedied(exported, objections)
    people = People(tables, rules)
    after_last = months_later(month_of(today), 1)
    world = World(tables, rules, people, now, people.months(after_last))
    evidence = collect(world)

    results = Results(now, read.rejected)
    results.add_evidence(evidence)
    month_scorer, year_scorer = MonthScorer(world, evidence), YearScorer(world, evidence)
    months = defaultdict(list)
    for key, days in world.months.items():
        results.add_days(key, days)
        person, month, _ = key
        months[person, ("month", month)].append(month_scorer.scorecard(*key, days))
    # The year is computed from the months as they stand.
    cards = [card for own in published.standing(steps, months, "month").values() for card in own]
    years = {
        (person, ("year", date(year, 1, 1))): year_scorer.scorecard(person, year, own)
        for (person, year), own in by_year(cards).items()
    }
    annuals = {(person, period[1].year): own for (person, period), own in years.items()}
    process = Process(world, evidence, Path(plan), exported, objections, steps, annuals)
    results.appraisal_progress = process.progress()
    results.team_appraisal_progress = teams(results.appraisal_progress)
    results.rating_submissions = process.submissions()
    results.goal_progress = process.goals()
    results.coaching_effects = process.coaching()
    for card in cards:
        results.add_month(card)
    standing = published.standing(steps, years, "year")
    for annual in standing.values():
        results.add_year(annual)
        results.annual_reviews |= dict(year_scorer.reviewed(annual))
    scored = {(person, ("month", month)) for person, month, _ in results.monthly_scorecards}
    scored |= {(person, ("year", date(year, 1, 1))) for person, year in results.annual_scorecards}
    results.objection_deadlines = dict(process.deadlines(scored))
    judge_years = YearJudge(exported, rules, today, now, steps, list(standing.values()))
    outcomes = judge_years.run(results, published)
    published.keep(steps, months | years, outcomes)
    results.objections = {
        own.row["objection_id"]: (own.filing_due_on, own.decision_due_on, own.state)
        for own in objections
    }
    return results


def _newest_instant(versions: Tables) -> datetime:
    """Of all that was ever exported: a later load that corrects a row does not bring it back."""
    instants = [
        row[column]
        for table, columns in EVENT_STREAMS.items()
        for row in versions[table]
        for column in columns
        if row[column] is not None
    ]
    if not instants:
        raise ValueError("No event stream says when the exports end: name as_of")
    return max(instants)


def _known_by(now: datetime, tables: Tables) -> Tables:
    known = {
        table: [row for row in tables[table] if row[column] is None or row[column] <= now]
        for table, column in KNOWN_AT.items()
    }
    return tables | known
