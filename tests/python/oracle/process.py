"""Goals, coaching, ratings and the steps of the periods (rules §11)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from .arithmetic import (
    DAY,
    ZERO,
    days_between,
    instant_of,
    month_of,
    months_later,
    rounded_or_none,
    settled,
)
from .closing import Step
from .evidence import Evidence, Sums, World
from .objections import Objection, working_days_after
from .plan import Scorecard, ScorecardMetric, Validity
from .reading import Row
from .scoring import AnnualScorecard

Period = tuple[str, date]
Values = dict[str, Any]


class Process:
    """`tables` are the exports before any remedy, `years` the annual scorecards as computed."""

    def __init__(
        self,
        world: World,
        evidence: Evidence,
        folder: Path,
        tables: dict[str, list[Row]],
        objections: list[Objection],
        steps: list[Step],
        years: dict[tuple[str, int], AnnualScorecard],
    ) -> None:
        self.world, self.plan, self.evidence, self.years = world, world.plan, evidence, years
        self.tables, self.objections = tables, objections
        self.published_steps = steps
        self.today, self.this_month = world.as_of_date, month_of(world.as_of_date)
        self.steps = list(read(folder, "process_steps"))
        self.catalogue = {row["metric_id"]: row for row in read(folder, "metrics")}
        self.tolerance = self.plan.number("steady_change_share")
        # The scorecards of a person's month, the one that counts first.
        self.cards: dict[tuple[str, date], list[str]] = defaultdict(list)
        self.appraised: dict[str, set[date]] = defaultdict(set)
        most_days = sorted(world.months.items(), key=lambda own: (-own[1].eligible_days, own[0][2]))
        for (person, month, scorecard_id), days in most_days:
            self.cards[person, month].append(scorecard_id)
            if days.eligible_days >= self.plan.number("minimum_eligible_days_month"):
                self.appraised[person].add(month)
        self.supervisors = self._supervisors()

    # Steps and their due days

    def steps_of(self, period: Period) -> list[dict[str, str]]:
        kind, start = period
        return [
            row
            for row in self.steps
            if row["period_type"] == kind and Validity.of(row).holds(start)
        ]

    def due_on(self, step: dict[str, str], start: date) -> date | None:
        """The due day of a step that counts from its period."""
        if step["due_from"] != "period":
            return None
        calendar, month = self.plan.calendar, months_later(start, int(step["due_months"]))
        if not calendar.covers(month):
            return None
        count = int(step["due_working_days"]) - calendar.works(month)
        return working_days_after(calendar, month, count)

    def rating_due_on(self, relation: str, period: Period) -> date | None:
        steps = [step for step in self.steps_of(period) if step["evidence"] == "ratings"]
        own = [step for step in steps if relation_of(step) == relation]
        due = latest(self.due_on(step, period[1]) for step in own)
        return due or latest(self.due_on(step, period[1]) for step in steps)

    # Who leads whom

    def _supervisors(self) -> dict[tuple[str, date], str | None]:
        """The last supervisor named in each month with a position day."""
        calendar = self.plan.calendar
        first, after_last = calendar.first_day, months_later(self.this_month, 1)
        named: dict[tuple[str, date], str | None] = {}
        for person in self.world.people.employees:
            for day in days_between(first, after_last):
                if position := self.world.people.position_on(person, day):
                    key = person, month_of(day)
                    named[key] = position["supervisor_id"] or named.get(key)
        return named

    def supervisor(self, person: str, month: date) -> str | None:
        lead, following = self.supervisors.get((person, month)), months_later(month, 1)
        employee = self.world.people.employees.get(lead or "")
        left_on = employee and employee["termination_date"]
        if left_on and left_on < following:
            return self.supervisors.get((person, following)) or lead
        return lead

    # The steps of everybody

    def progress(self) -> dict[tuple, Values]:
        rows: dict[tuple, Values] = {}
        ratings = self._first_ratings()
        for person, month in self.cards:
            card = self.plan.scorecards[self.cards[person, month][0]]
            exclusion = None
            if month not in self.appraised[person]:
                exclusion = "eligible_days_below_minimum"
            criteria = {
                metric.metric_id
                for metric in card.metrics
                if self.catalogue[metric.metric_id]["source"] == "ratings"
            }
            self._add(rows, person, ("month", month), month, criteria, exclusion, ratings)
        for (person, year), annual in self.years.items():
            months = [
                month for own, month in self.supervisors if own == person and month.year == year
            ]
            card = self._year_end_card(person, year, annual.role_id)
            excluded = annual.result.status == "not_eligible"
            exclusion = annual.result.reason if excluded else None
            criteria = set(card.dimensions) if card else set()
            period = "year", date(year, 1, 1)
            self._add(rows, person, period, max(months), criteria, exclusion, ratings)
        return rows

    def _year_end_card(self, person: str, year: int, role_id: str | None) -> Scorecard | None:
        found = None
        for own, month in sorted(self.cards):
            if own == person and month.year == year:
                cards = [self.plan.scorecards[name] for name in self.cards[person, month]]
                of_role = [card for card in cards if card.role_id == role_id]
                found = of_role[0] if of_role else found
        return found

    def _first_ratings(self) -> dict[tuple, date]:
        first: dict[tuple, date] = {}
        for row in self.tables["ratings"]:
            period = row["period_type"], row["period_start"]
            key = row["ratee_id"], period, row["relation"], row["criterion_id"]
            day = self.world.local_date(row["submitted_at"])
            first[key] = min(day, first.get(key, day))
        return first

    def _add(
        self,
        rows: dict[tuple, Values],
        person: str,
        period: Period,
        month: date,
        criteria: set[str],
        exclusion: str | None,
        ratings: dict[tuple, date],
    ) -> None:
        supervisor = self.supervisor(person, month)
        head = (supervisor and self.supervisor(supervisor, month)) or supervisor
        left_on = self.world.people.employees[person]["termination_date"]
        for step in self.steps_of(period):
            evidence, responsible = step["evidence"], step["responsible"]
            due = self.due_on(step, period[1])
            who = {"employee": person, "supervisor": supervisor, "head": head, "hr": None}
            responsible_id = who[responsible]
            if evidence == "ratings":
                relation = relation_of(step)
                found = [ratings.get((person, period, relation, each)) for each in criteria]
            elif evidence == "goals":
                found, awaits_employee = self._goals_found(person, period[1].year)
                if awaits_employee:
                    responsible_id = person
            elif evidence == "interviews":
                found = [self._interviewed_on(person, period[1].year)]
            elif evidence == "closings":
                found = [min(self._published_on(person, period), default=None)]
            else:
                found, due = self._objected(person, period, step["due_from"])
            there = [day for day in found if day is not None]
            done_on = max(there) if there and len(there) == len(found) else None
            reason = exclusion or self._reason(step, found, supervisor, head, left_on, due)
            rows[person, *period, step["step_id"]] = {
                "supervisor_id": supervisor,
                "responsible": responsible,
                "responsible_id": responsible_id,
                "items": len(found),
                "items_done": len(there),
                "due_on": due,
                "done_on": done_on,
                "not_required_reason": reason,
                **self._state(reason, due, done_on),
            }

    def _reason(
        self,
        step: dict[str, str],
        found: list[date | None],
        supervisor: str | None,
        head: str | None,
        left_on: date | None,
        due: date | None,
    ) -> str | None:
        evidence, responsible = step["evidence"], step["responsible"]
        if evidence in ("ratings", "interviews", "closings") and not self.tables[evidence]:
            return "not_recorded"
        if not found:
            return {
                "goals": "no_personal_goal",
                "objections": "no_objection",
                "ratings": "nothing_to_rate",
            }[evidence]
        is_talk = evidence in ("ratings", "interviews")
        if is_talk and responsible in ("supervisor", "head") and supervisor is None:
            return "no_supervisor"
        if evidence == "ratings" and responsible == "head" and head == supervisor:
            return "supervisor_is_head"
        is_personal = evidence == "interviews" or responsible == "employee"
        if is_personal and left_on and due and left_on < due:
            return "left_before_due"
        return None

    def _state(self, reason: str | None, due: date | None, done_on: date | None) -> Values:
        if reason:
            return {"state": "not_required", "days_late": None}
        is_past = due is not None and (done_on or self.today) > due
        if not is_past:
            return {"state": "done" if done_on else "due", "days_late": None}
        return {
            "state": "done_late" if done_on else "overdue",
            "days_late": ((done_on or self.today) - due).days,
        }

    def _goals_found(self, person: str, year: int) -> tuple[list[date | None], bool]:
        by_metric: dict[str, list[Row]] = defaultdict(list)
        for goal in self.tables["goals"]:
            is_own = (goal["employee_id"], goal["appraisal_year"]) == (person, year)
            if is_own and goal["proposed_on"] <= self.today:
                by_metric[goal["metric_id"]].append(goal)
        found, awaits_employee = [], False
        for goals in by_metric.values():
            days = [agreed_on(goal) for goal in goals]
            first = min((day for day in days if day and day <= self.today), default=None)
            found.append(first)
            if first is None:
                awaits_employee |= not any(
                    goal["employee_agreed_on"] and goal["employee_agreed_on"] <= self.today
                    for goal in goals
                )
        return found, awaits_employee

    def _interviewed_on(self, person: str, year: int) -> date | None:
        return min(
            (
                row["held_on"]
                for row in self.tables["interviews"]
                if (row["employee_id"], row["appraisal_year"]) == (person, year)
                and row["held_on"] <= self.today
            ),
            default=None,
        )

    def _published_on(self, person: str, period: Period) -> list[date]:
        return [
            step.day
            for step in self.published_steps
            if step.name == "published" and step.period == period and step.is_for(person)
        ]

    def _filing_due_on(self, published_on: list[date]) -> date | None:
        days = int(self.plan.number("objection_filing_working_days"))
        last = max(published_on, default=None)
        return last and working_days_after(self.plan.calendar, last, days)

    def deadlines(self, scored: Iterable[tuple[str, Period]]) -> Iterator[tuple[tuple, dict]]:
        """Until when a published result can be objected to."""
        for person, period in scored:
            if days := self._published_on(person, period):
                columns = {"published_on": max(days), "filing_due_on": self._filing_due_on(days)}
                yield (person, *period), columns

    def _objected(
        self, person: str, period: Period, due_from: str
    ) -> tuple[list[date | None], date | None]:
        own = [
            objection
            for objection in self.objections
            if objection.row["employee_id"] == person
            and (objection.row["period_type"], objection.row["period_start"]) == period
        ]
        if due_from == "publication":
            if own:
                first = min(own, key=lambda own: (own.row["filed_on"], own.row["objection_id"]))
                return [first.row["filed_on"]], first.filing_due_on
            return [], self._filing_due_on(self._published_on(person, period))
        in_time = [objection for objection in own if objection.state != "late"]
        if not in_time:
            return [], None

        def rank(own: Objection) -> tuple:
            decided = own.row["decided_on"]
            is_open = decided is None or decided > self.today
            due = own.decision_due_on
            is_late = due is not None and (self.today if is_open else decided) > due
            return not is_open, not is_late, -(due or date.min).toordinal(), own.row["objection_id"]

        worst = min(in_time, key=rank)
        decided = worst.row["decided_on"]
        is_decided = decided is not None and decided <= self.today
        return [decided if is_decided else None], worst.decision_due_on

    # Ratings

    def submissions(self) -> dict[tuple, Values]:
        void = {
            own.row["target_id"]
            for own in self._last_remedies("rating")
            if own.row["remedy"] == "void"
        }
        newest: dict[tuple, tuple] = {}
        rows = {}
        for row in self.tables["ratings"]:
            if row["rating_id"] not in void:
                key = rated_by(row)
                mark = row["submitted_at"], row["rating_id"]
                newest[key] = max(mark, newest.get(key, mark))
        for row in self.tables["ratings"]:
            period = row["period_type"], row["period_start"]
            day = self.world.local_date(row["submitted_at"])
            due = self.rating_due_on(row["relation"], period)
            before = [
                step
                for step in self.published_steps
                if step.period == period
                and step.name != "objection"
                and step.is_for(row["ratee_id"])
                and step.day < day
            ]
            last = max(before, key=lambda step: (step.day, step.step_id), default=None)
            is_voided = row["rating_id"] in void
            mark = row["submitted_at"], row["rating_id"]
            rows[(row["rating_id"],)] = {
                "submitted_on": day,
                "due_on": due,
                "is_late": due is not None and day > due,
                "is_after_closing": last is not None and last.name == "closed",
                "is_superseded": not is_voided and mark != newest[rated_by(row)],
                "is_voided": is_voided,
            }
        return rows

    def _last_remedies(self, target_type: str) -> Iterable[Objection]:
        last: dict[str, Objection] = {}
        granted = [own for own in self.objections if own.state == "upheld" and own.row["remedy"]]
        for own in sorted(
            granted, key=lambda own: (own.row["decided_on"], own.row["objection_id"])
        ):
            if own.row["target_type"] == target_type and own.row["remedy"] != "exclude_days":
                last[own.row["target_id"]] = own
        return last.values()

    # Goals

    def goals(self) -> dict[tuple, Values]:
        rows: dict[tuple, Values] = {}
        for goal in self.tables["goals"]:
            year = goal["appraisal_year"]
            for number in range(1, 13):
                month = date(year, number, 1)
                if month_of(goal["proposed_on"]) <= month <= self.this_month:
                    key = goal["employee_id"], year, goal["metric_id"], goal["proposed_on"], month
                    rows[key] = self._goal_in(goal, month)
        return rows

    def _goal_in(self, goal: Row, month: date) -> Values:
        person, metric_id, target = goal["employee_id"], goal["metric_id"], goal["target_value"]
        following = months_later(month, 1)
        due = self._goals_due_on(goal["appraisal_year"])
        agreed = agreed_on(goal)
        if agreed and agreed >= following:
            agreed = None
        later = [
            other
            for other in self.tables["goals"]
            if all(
                other[name] == goal[name] for name in ("employee_id", "appraisal_year", "metric_id")
            )
            and other["proposed_on"] > goal["proposed_on"]
            and (agreed_on(other) or following) < following
        ]
        if later:
            state = "superseded"
        elif agreed:
            state = "agreed_late" if due and agreed > due else "agreed"
        elif (goal["employee_agreed_on"] or following) < following:
            state = "awaiting_manager"
        elif (goal["manager_agreed_on"] or following) < following:
            state = "awaiting_employee"
        else:
            state = "awaiting_both"
        known_on = min(following - DAY, self.today)

        year_months = [date(month.year, each, 1) for each in range(1, month.month + 1)]
        appraised = [each for each in year_months if each in self.appraised[person]]
        to_date, measured = None, 0
        if appraised:
            to_date = self.evidence.over(metric_id, person, appraised, appraised[-1])
            measured = sum(
                self.evidence.over(metric_id, person, [each], appraised[-1]) is not None
                for each in appraised
            )
        span = int(self.plan.number("trend_months"))
        recent = self._span(metric_id, person, month, span)
        earlier = self._span(metric_id, person, months_later(month, -span), span)
        card, metric = self._card_asking(person, month, metric_id)
        zone = None
        if metric:
            low, high = self.zone(card, metric)
            zone = tuple(
                bound and settled(bound * target / metric.target_value, 6) for bound in (low, high)
            )
        change = self._change(metric_id, value_of(recent), value_of(earlier), zone)
        remaining = 12 - month.month
        needed = None
        if remaining and to_date and to_date.denominator:
            n, d = to_date
            needed = (target * (measured + remaining) * d - measured * n) / (d * remaining)
            needed = settled(needed, 6)
        return {
            "agreed_on": agreed,
            "agreement_due_on": due,
            "state": state,
            "is_agreement_overdue": state.startswith("awaiting") and bool(due) and known_on > due,
            "target_value": rounded_or_none(target, 4),
            "standard_target_value": rounded_or_none(metric and metric.target_value, 4),
            **columns("", self.evidence.of_month(metric_id, person, month), "metric_value"),
            **columns("year_to_date_", to_date),
            "is_on_target": self._is_on_target(metric_id, to_date, target, zone),
            **columns("recent_", recent),
            **columns("earlier_", earlier),
            "trend": self._word(change, value_of(earlier), ("steady", "improving", "worsening")),
            "remaining_months": remaining,
            "needed_value": rounded_or_none(needed, 6),
            "is_out_of_reach": None if needed is None else self._is_out(metric_id, needed),
        }

    def _goals_due_on(self, year: int) -> date | None:
        period = "year", date(year, 1, 1)
        if not any(month.year == year for _, month in self.cards):
            return None
        steps = [step for step in self.steps_of(period) if step["evidence"] == "goals"]
        return self.due_on(steps[0], period[1]) if steps else None

    def _span(self, metric_id: str, person: str, last: date, length: int) -> Sums | None:
        """The months up to `last`, as they stand in it."""
        return self.evidence.trailing(metric_id, person, last, length)

    def _card_asking(
        self, person: str, month: date, metric_id: str
    ) -> tuple[Scorecard, ScorecardMetric] | tuple[None, None]:
        for scorecard_id in self.cards.get((person, month), ()):
            card = self.plan.scorecards[scorecard_id]
            for metric in card.metrics:
                if metric.metric_id == metric_id:
                    return card, metric
        return None, None

    def zone(
        self, card: Scorecard, metric: ScorecardMetric
    ) -> tuple[Fraction | None, Fraction | None]:
        """The lowest and the highest value that score as much as the standard target."""
        curve = self.plan.curves[metric.curve_id]
        wanted = min(curve.score(metric.target_value), card.score_cap)
        points = curve.points
        inside = [value for value, score in points if score >= wanted]
        for (left, low), (right, high) in pairwise(points):
            if curve.shape == "step":
                inside += [right] * (low >= wanted)
            elif (low >= wanted) != (high >= wanted):
                inside.append(left + settled((wanted - low) * (right - left) / (high - low), 6))
        return (
            None if points[0][1] >= wanted else min(inside),
            None if points[-1][1] >= wanted else max(inside),
        )

    def _is_on_target(
        self, metric_id: str, sums: Sums | None, target: Fraction, zone: tuple | None
    ) -> bool | None:
        if not sums or not sums.denominator:
            return None
        direction = self.catalogue[metric_id]["direction"]
        if direction == "up":
            return sums.value >= target
        if direction == "down":
            return sums.value <= target
        if zone is None:
            return None
        low, high = zone
        return (low is None or sums.value >= low) and (high is None or sums.value <= high)

    def _is_out(self, metric_id: str, needed: Fraction) -> bool:
        row = self.catalogue[metric_id]
        above = bool(row["maximum_value"]) and needed > Fraction(row["maximum_value"])
        below = bool(row["minimum_value"]) and needed < Fraction(row["minimum_value"])
        return {"up": above, "down": below, "zone": above or below}[row["direction"]]

    def _change(
        self,
        metric_id: str,
        later: Fraction | None,
        earlier: Fraction | None,
        zone: tuple | None,
    ) -> Fraction | None:
        """How much better the later value is, or None where one of them is missing."""
        if later is None or earlier is None:
            return None
        direction = self.catalogue[metric_id]["direction"]
        if direction == "up":
            return later - earlier
        if direction == "down":
            return earlier - later
        return None if zone is None else outside(earlier, zone) - outside(later, zone)

    def _word(
        self, change: Fraction | None, earlier: Fraction | None, words: tuple[str, str, str]
    ) -> str | None:
        same, better, worse = words
        if change is None:
            return None
        if abs(change) <= self.tolerance * abs(earlier):
            return same
        return better if change > 0 else worse

    # Coaching

    def coaching(self) -> dict[tuple, Values]:
        return {
            (row["session_id"],): self._session(row) for row in self.tables["coaching_sessions"]
        }

    def _session(self, row: Row) -> Values:
        person, metric_id = row["employee_id"], row["metric_id"]
        held_on = self.world.local_date(row["held_at"])
        month, span = month_of(held_on), int(self.plan.number("coaching_effect_months"))
        before = after = is_complete = moved = change = least = None
        if metric_id is not None:
            last = months_later(month, span)
            closes_at = instant_of(months_later(last, 1), "00:00", self.plan.calendar.zone)
            is_complete = self.world.as_of >= closes_at
            before = self._span(metric_id, person, months_later(month, -1), span)
            months = [months_later(month, ahead) for ahead in range(1, span + 1)]
            if person in self.world.people.employees:
                after = self.evidence.over(metric_id, person, months, min(last, self.this_month))
            least = self.plan.metrics[metric_id].minimum_denominator
            zone = None
            if self.catalogue[metric_id]["direction"] == "zone":
                card, metric = self._card_asking(person, month, metric_id)
                zone = self.zone(card, metric) if metric else None
            change = self._change(metric_id, value_of(after), value_of(before), zone)
            if any(not has_enough(sums, least) for sums in (before, after)):
                moved = "too_little_evidence"
            else:
                moved = self._word(change, value_of(before), ("unchanged", "better", "worse"))
        return {
            "employee_id": person,
            "coach_id": row["coach_id"],
            "held_on": held_on,
            "metric_id": metric_id,
            **columns("before_", before),
            **columns("after_", after),
            "change_to_better": rounded_or_none(change, 6),
            "minimum_denominator": rounded_or_none(least, 6),
            "is_after_complete": is_complete,
            "moved": moved,
        }


def teams(progress: dict[tuple, Values]) -> dict[tuple, Values]:
    """The steps of a supervisor's people, counted."""
    own: dict[tuple, list[Values]] = defaultdict(list)
    for (_, *period_and_step), row in progress.items():
        if row["supervisor_id"] is not None:
            own[row["supervisor_id"], *period_and_step].append(row)
    counted = {}
    for key, rows in own.items():
        states = {
            state: sum(row["state"] == state for row in rows)
            for state in ("done", "done_late", "due", "overdue")
        }
        required = sum(states.values())
        share = None
        if required:
            share = Fraction(states["done"] + states["done_late"], required)
        overdue = [row["days_late"] for row in rows if row["state"] == "overdue"]
        counted[key] = {
            "people": len(rows),
            "required": required,
            **states,
            "most_days_late": max(overdue, default=None),
            "done_share": rounded_or_none(share, 6),
        }
    return counted


def read(folder: Path, seed: str) -> Iterable[dict[str, str]]:
    with (folder / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def relation_of(step: dict[str, str]) -> str:
    return "self" if step["responsible"] == "employee" else step["responsible"]


def rated_by(row: Row) -> tuple:
    names = ("ratee_id", "rater_id", "relation", "criterion_id", "period_type", "period_start")
    return tuple(row[name] for name in names)


def agreed_on(goal: Row) -> date | None:
    days = goal["employee_agreed_on"], goal["manager_agreed_on"]
    return None if None in days else max(days)


def latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def value_of(sums: Sums | None) -> Fraction | None:
    return settled(sums.value, 6) if sums and sums.denominator else None


def has_enough(sums: Sums | None, least: Fraction) -> bool:
    return sums is not None and sums.denominator > 0 and sums.denominator >= least


def outside(value: Fraction, zone: tuple[Fraction | None, Fraction | None]) -> Fraction:
    """How far a value lies outside a zone."""
    low, high = zone
    below = ZERO if low is None else low - value
    above = ZERO if high is None else value - high
    return max(below, above, ZERO)


def columns(span: str, sums: Sums | None, value_name: str = "") -> Values:
    return {
        f"{span}numerator": rounded_or_none(sums and sums.numerator, 6),
        f"{span}denominator": rounded_or_none(sums and sums.denominator, 6),
        value_name or f"{span}value": rounded_or_none(value_of(sums), 6),
    }
