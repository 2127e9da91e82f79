"""What follows from a year: final grades, outcomes, strengths and gaps (rules §12)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from .arithmetic import rounded, rounded_or_none, settled
from .closing import Published, Step
from .closing import Rows as Kept
from .plan import Plan
from .reading import Row, Tables
from .results import Results, Rows
from .scoring import AnnualScorecard

Year = tuple[str, int]  # person and appraisal year


class YearJudge:
    def __init__(
        self,
        tables: Tables,
        plan: Plan,
        today: date,
        now: datetime,
        steps: list[Step],
        years: list[AnnualScorecard],
    ) -> None:
        self.tables, self.plan, self.today, self.now, self.steps = tables, plan, today, now, steps
        self.years = {(annual.person, annual.year): annual for annual in years}
        # Best grade first, by year.
        self.grades = {
            year: [
                band.grade_id
                for band in sorted(plan.bands, key=lambda band: -band.lower_bound)
                if band.validity.holds(date(year, 12, 31))
            ]
            for _, year in self.years
        }

    def run(self, results: Results, published: Published) -> Kept:
        """Fills the tables; returns what a version keeps of this build."""
        graded = {key: self.grade(annual) for key, annual in self.years.items()}
        standing = by_year(published.standing(self.steps, by_period(graded), "year", "outcomes"))
        judged = {key: row | self.outcome(key, row, standing) for key, row in graded.items()}
        kept = by_period(judged)
        outcomes = by_year(published.standing(self.steps, kept, "year", "outcomes"))

        results.annual_strengths_and_gaps = self.strengths_and_gaps()
        results.grade_distribution_simulation = self.simulate()
        results.grade_distribution = self.distribution(results.grade_distribution_simulation)
        for key, row in outcomes.items():
            suggested = results.grade_distribution_simulation.get(key, {})
            shown = {"suggested_grade_id": suggested.get("suggested_grade_id")}
            results.annual_grades[key] = shown | {name: row[name] for name in GRADE_COLUMNS}
            results.annual_outcomes[key] = {name: row[name] for name in OUTCOME_COLUMNS}
        results.training_proposals = self.trainings(results.annual_strengths_and_gaps)
        results.improvement_plan_steps = self.plans(results)
        results.recognitions = self.recognitions(outcomes)
        results.uncoached_low_grades = self.uncoached(results)
        return kept

    def place(self, year: int, grade_id: str | None) -> int:
        """1 is the best; 0 without a grade."""
        return 0 if grade_id is None else self.grades[year].index(grade_id) + 1

    def rule(self, year: int, grade_id: str | None) -> dict[str, str]:
        rows = self.plan.valid_rows("grade_outcomes", date(year, 12, 31))
        return next((row for row in rows if row["grade_id"] == grade_id), {})

    # Final grades

    def grade(self, annual: AnnualScorecard) -> Row:
        year, result = annual.year, annual.result
        cap, decision = self.cap(annual.person, year), self.decision(annual.person, year)
        score_place = self.place(year, result.grade_id)
        cap_place = self.place(year, cap and cap["best_grade_id"])
        decided_place = self.place(year, decision and decision["grade_id"])
        final, basis = None, None
        if result.status == "final":
            final, basis = result.grade_id, "score"
            if cap_place > score_place:
                final, basis = cap["best_grade_id"], "conduct_cap"
            if decision:
                final, basis = decision["grade_id"], "committee"
        return {
            "role_id": annual.role_id,
            "status": result.status,
            "published_score": rounded_or_none(result.published, 2),
            "score_grade_id": result.grade_id,
            "grade_cap_id": cap and cap["grade_cap_id"],
            "best_grade_id": cap and cap["best_grade_id"],
            "grade_cap_reason": cap and f"{cap['name_en']}: {cap['violations']}",
            "committee_grade_id": decision and decision["grade_id"],
            "committee_reason": decision and decision["reason"],
            "decided_on": decision and decision["decided_on"],
            "decided_by": decision and decision["decided_by"],
            "is_cap_lifted": bool(decision and cap) and decided_place < cap_place,
            "final_grade_id": final,
            "final_grade_basis": basis,
        }

    def cap(self, person: str, year: int) -> dict[str, str] | None:
        """The strictest cap that the person's violations of the year bring."""
        own = [
            row
            for row in self.tables["violations"]
            if row["employee_id"] == person
            and row["occurred_on"].year == year
            and row["occurred_on"] <= self.today
        ]
        holding = []
        for cap in self.plan.valid_rows("grade_caps", date(year, 12, 31)):
            counting = [row for row in own if cap["category"] in ("", row["category"])]
            points = sum(row["points"] for row in counting)
            if (
                counting
                and len(counting) >= int(cap["minimum_violations"] or 0)
                and points >= Fraction(cap["minimum_points"] or 0)
            ):
                ids = ", ".join(sorted(row["violation_id"] for row in counting))
                holding.append(cap | {"violations": ids})
        return min(
            holding,
            key=lambda cap: (-self.place(year, cap["best_grade_id"]), cap["grade_cap_id"]),
            default=None,
        )

    def decision(self, person: str, year: int) -> Row | None:
        own = [
            row
            for row in self.tables["grade_decisions"]
            if (row["employee_id"], row["appraisal_year"]) == (person, year)
            and row["decided_on"] <= self.today
            and row["grade_id"] in self.grades[year]
        ]
        return max(own, key=lambda row: (row["decided_on"], row["decision_id"]), default=None)

    # Outcomes

    def outcome(self, key: Year, graded: Row, standing: dict[Year, Row]) -> Row:
        person, year = key
        rule = self.rule(year, graded["final_grade_id"])
        needed = int(self.plan.number("promotion_years"))
        earlier = [
            self.rule(before, standing[person, before]["final_grade_id"])
            for before in range(year - needed + 1, year)
            if (person, before) in standing and standing[person, before]["final_grade_id"]
        ]
        reason = None
        if graded["final_grade_id"] is None:
            reason = "no_final_grade"
        elif rule["counts_for_promotion"] != "true":
            reason = "grade_too_low"
        elif len(earlier) < needed - 1:
            reason = "too_few_years_on_record"
        elif any(each["counts_for_promotion"] != "true" for each in earlier):
            reason = "earlier_grade_too_low"
        return {
            "bonus_coefficient": (rule and rounded(Fraction(rule["bonus_coefficient"]), 4)) or None,
            "is_eligible_for_promotion": reason is None,
            "promotion_reason": reason,
            "has_improvement_plan": rule.get("needs_improvement_plan") == "true",
        }

    # Strengths and gaps

    def strengths_and_gaps(self) -> Rows:
        strong = self.plan.number("strength_metric_score")
        weak = self.plan.number("gap_metric_score")
        table: Rows = {}
        for (person, year), annual in self.years.items():
            losses = {}
            for (scorecard_id, dimension_id), dimension in annual.dimensions.items():
                cap = self.plan.scorecards[scorecard_id].score_cap
                for metric_id, metric in dimension.metrics.items():
                    key = person, year, scorecard_id, dimension_id, metric_id
                    sample = metric.sums and metric.sums.denominator
                    most, assessment = None, None
                    if metric.contribution is not None:
                        most = max(settled(cap * metric.weight, 6), metric.contribution)
                        losses[key] = most - metric.contribution
                        if sample and metric.mean_score >= strong:
                            assessment = "strength"
                        elif sample and metric.mean_score < weak:
                            assessment = "gap"
                    table[key] = {
                        "mean_metric_score": rounded_or_none(metric.mean_score, 4),
                        "denominator": rounded_or_none(sample, 6),
                        "contribution": rounded_or_none(metric.contribution, 6),
                        "maximum_contribution": rounded_or_none(most, 6),
                        "points_lost": rounded_or_none(losses.get(key), 6),
                        "rank_by_points_lost": None,
                        "assessment": assessment,
                    }
            ordered = sorted(losses, key=lambda key: (-losses[key], key))
            for number, key in enumerate(ordered, 1):
                table[key]["rank_by_points_lost"] = number
        return table

    def trainings(self, assessed: Rows) -> Rows:
        courses = defaultdict(list)
        for row in self.plan.rows("training_courses"):
            courses[row["metric_id"]].append(row)
        found: dict[Year, dict[str, Row]] = defaultdict(dict)
        for key, row in costliest_first(assessed):
            if row["assessment"] != "gap":
                continue
            for course in sorted(courses[key[4]], key=lambda course: course["course_id"]):
                own = found[key[0], key[1]]
                if course["course_id"] not in own:
                    own[course["course_id"]] = {
                        "course_name_en": course["name_en"],
                        "course_name_zh": course["name_zh"],
                        "metric_id": key[4],
                        "mean_metric_score": row["mean_metric_score"],
                        "points_lost": row["points_lost"],
                        "course_rank": len(own) + 1,
                    }
        return {
            (*year, course_id): row for year, own in found.items() for course_id, row in own.items()
        }

    def plans(self, results: Results) -> Rows:
        milestones = list(self.plan.rows("improvement_plan_milestones"))
        most = int(self.plan.number("improvement_plan_metrics"))
        named: dict[Year, list[tuple]] = defaultdict(list)
        for key, row in costliest_first(results.annual_strengths_and_gaps):
            own = named[key[0], key[1]]
            is_new = key[4] not in [other[4] for other in own]
            if row["points_lost"] and row["denominator"] and is_new and len(own) < most:
                own.append(key)
        table: Rows = {}
        for (person, year), outcome in results.annual_outcomes.items():
            if not outcome["has_improvement_plan"]:
                continue
            published_on = min(
                (
                    step.day
                    for step in self.steps
                    if step.name == "published"
                    and step.period == ("year", date(year, 1, 1))
                    and step.is_for(person)
                ),
                default=None,
            )
            for place, key in enumerate(named[person, year], 1):
                row = results.annual_strengths_and_gaps[key]
                measured = results.annual_metric_scores[key]
                for milestone in milestones:
                    days = timedelta(days=int(milestone["days_after_publication"]))
                    table[person, year, milestone["milestone_id"], key[4]] = {
                        "milestone_name_en": milestone["name_en"],
                        "milestone_name_zh": milestone["name_zh"],
                        "final_grade_id": outcome["final_grade_id"],
                        "due_on": published_on and published_on + days,
                        "metric_place": place,
                        "mean_metric_score": row["mean_metric_score"],
                        "points_lost": row["points_lost"],
                        "metric_value": measured["metric_value"],
                        "target_value": measured["target_value"],
                    }
        return table

    def uncoached(self, results: Results) -> Rows:
        zone = self.plan.calendar.zone
        sessions = [
            (row["employee_id"], row["held_at"].astimezone(zone).year, row["metric_id"])
            for row in self.tables["coaching_sessions"]
            if row["held_at"] <= self.now
        ]
        coached, met = set(sessions), Counter((person, year) for person, year, _ in sessions)
        known = {year for _, year, _ in sessions}
        table: Rows = {}
        for key, row in costliest_first(results.annual_strengths_and_gaps):
            person, year, metric_id = key[0], key[1], key[4]
            outcome = results.annual_outcomes[person, year]
            if (
                row["assessment"] == "gap"
                and outcome["has_improvement_plan"]
                and year in known
                and (person, year, metric_id) not in coached
                and (person, year, metric_id) not in table
            ):
                table[person, year, metric_id] = {
                    "final_grade_id": outcome["final_grade_id"],
                    "mean_metric_score": row["mean_metric_score"],
                    "points_lost": row["points_lost"],
                    "other_sessions": met[person, year],
                }
        return table

    # Distribution

    def simulate(self) -> Rows:
        units = defaultdict(list)
        for (person, year), annual in self.years.items():
            for rule in self.plan.valid_rows("distribution_rules", date(year, 12, 31)):
                if annual.result.status == "final":
                    kind = rule["unit_type"]
                    unit_id = annual.role_id if kind == "role" else kind
                    units[year, kind, unit_id].append((person, annual.result))
        table: Rows = {}
        for (year, kind, unit_id), members in units.items():
            [rule] = self.plan.valid_rows("distribution_rules", date(year, 12, 31))
            seats = self.seats(year, len(members), rule)
            is_small = len(members) < int(rule["minimum_unit_size"])
            for person, result in members:
                better = sum(other.published > result.published for _, other in members)
                tied = sum(other.published == result.published for _, other in members)
                first, last = better + 1, better + tied
                table[person, year] = {
                    "unit_type": kind,
                    "unit_id": unit_id,
                    "unit_size": len(members),
                    "score_rank": first,
                    "score_grade_id": result.grade_id,
                    **self.suggestion(
                        year, result.grade_id, is_small, seats, rule["tie_rule"], first, last
                    ),
                }
        return table

    def seats(self, year: int, size: int, rule: dict[str, str]) -> dict[int, int]:
        """How many people have at least the grade of a place."""
        found = {}
        for quota in self.plan.valid_rows("distribution_quotas", date(year, 12, 31)):
            exact = size * Fraction(quota["cumulative_share"])
            half = Fraction(1, 2) if rule["rounding"] == "half_up" else 0
            found[self.place(year, quota["grade_id"])] = int(exact + half)
        return dict(sorted(found.items()))

    def suggestion(
        self,
        year: int,
        grade_id: str,
        is_small: bool,
        seats: dict[int, int],
        tie_rule: str,
        first: int,
        last: int,
    ) -> Row:
        own = self.place(year, grade_id)
        if is_small or not seats:
            reason = "unit_below_minimum_size" if is_small else "no_quota"
            return {"suggested_grade_id": grade_id, "would_move": False, "reason": reason}
        counted = first if tie_rule == "better" else last
        allowed = next((place for place, seat in seats.items() if counted <= seat), None)
        suggested = max(own, max(seats) + 1 if allowed is None else allowed)
        split = min((place for place, seat in seats.items() if first <= seat < last), default=None)
        if suggested > own:
            is_tie = split is not None and split < suggested
            reason = "tied_and_moved" if is_tie else "over_quota"
        else:
            is_tie = split is not None and split >= suggested
            reason = "tied_and_kept" if is_tie else "within_quota"
        return {
            "suggested_grade_id": self.grades[year][suggested - 1],
            "would_move": suggested != own,
            "reason": reason,
        }

    def distribution(self, simulated: Rows) -> Rows:
        units = defaultdict(list)
        for (_, year), row in simulated.items():
            units[year, row["unit_type"], row["unit_id"]].append(row)
        table: Rows = {}
        for (year, kind, unit_id), rows in units.items():
            [rule] = self.plan.valid_rows("distribution_rules", date(year, 12, 31))
            quotas = {
                quota["grade_id"]: Fraction(quota["cumulative_share"])
                for quota in self.plan.valid_rows("distribution_quotas", date(year, 12, 31))
            }
            is_small = len(rows) < int(rule["minimum_unit_size"])
            seats = {} if is_small else self.seats(year, len(rows), rule)
            passed = 0
            for place, grade_id in enumerate(self.grades[year], 1):
                people = sum(row["score_grade_id"] == grade_id for row in rows)
                passed += people
                most = seats.get(place)
                table[year, unit_id, grade_id] = {
                    "unit_type": kind,
                    "unit_size": len(rows),
                    "is_below_minimum_size": is_small,
                    "people": people,
                    "people_share": rounded(Fraction(people, len(rows)), 6),
                    "cumulative_people": passed,
                    "cumulative_share": rounded(Fraction(passed, len(rows)), 6),
                    "quota_share": rounded_or_none(quotas.get(grade_id), 6),
                    "quota_people": most,
                    "excess_people": None if most is None else max(passed - most, 0),
                    "suggested_people": sum(row["suggested_grade_id"] == grade_id for row in rows),
                }
        return table

    # Recognition

    def recognitions(self, outcomes: dict[Year, Row]) -> Rows:
        graded = {key: row for key, row in outcomes.items() if row["final_grade_id"]}
        table: Rows = {}
        for rule in self.plan.rows("recognition_rules"):
            compared = defaultdict(dict)
            for (person, year), row in graded.items():
                value = self.recognised(rule["kind"], person, year, graded)
                if value is not None:
                    within = "" if rule["kind"] == "longest_series" else row["role_id"]
                    compared[year, within][person] = value
            for (year, _), values in compared.items():
                free = {
                    person: value
                    for person, value in values.items()
                    if graded[person, year]["grade_cap_id"] is None
                }
                best = max(free.values(), default=None)
                if best is None or len(values) < int(rule["minimum_people"]):
                    continue
                for person, value in free.items():
                    if value == best >= Fraction(rule["minimum_value"]):
                        table[person, year, rule["recognition_id"]] = {
                            "recognition_name_en": rule["name_en"],
                            "recognition_name_zh": rule["name_zh"],
                            "role_id": graded[person, year]["role_id"],
                            "recognised_value": rounded(Fraction(value), 2),
                            "people_compared": len(values),
                        }
        return table

    def recognised(
        self, kind: str, person: str, year: int, graded: dict[Year, Row]
    ) -> Fraction | None:
        own, before = graded[person, year], graded.get((person, year - 1))
        if kind == "best_score":
            return Fraction(own["published_score"])
        if kind == "most_improved":
            if before is None or before["role_id"] != own["role_id"]:
                return None
            return Fraction(own["published_score"]) - Fraction(before["published_score"])
        years = 0
        while (person, year - years) in graded and self.place(
            year - years, graded[person, year - years]["final_grade_id"]
        ) == 1:
            years += 1
        return Fraction(years)


GRADE_COLUMNS = (
    *("role_id", "status", "published_score", "score_grade_id", "grade_cap_id"),
    *("best_grade_id", "grade_cap_reason", "committee_grade_id", "committee_reason"),
    *("decided_on", "decided_by", "is_cap_lifted", "final_grade_id", "final_grade_basis"),
)
OUTCOME_COLUMNS = (
    *("role_id", "status", "final_grade_id", "bonus_coefficient"),
    *("is_eligible_for_promotion", "promotion_reason", "has_improvement_plan"),
)


def by_period(rows: dict[Year, Row]) -> Kept:
    return {(person, ("year", date(year, 1, 1))): row for (person, year), row in rows.items()}


def by_year(rows: Kept) -> dict[Year, Row]:
    return {(person, period[1].year): row for (person, period), row in rows.items()}


def costliest_first(assessed: Rows) -> Iterable[tuple[tuple, Row]]:
    """Those with a result, each person's metrics in order of what they cost."""
    ranked = [item for item in assessed.items() if item[1]["rank_by_points_lost"]]
    return sorted(ranked, key=lambda item: (item[0][:2], item[1]["rank_by_points_lost"]))
