"""What holds for all inputs: the compiled SQL of the models over rows that Hypothesis makes up.

The SQL is that of the session's build, run in memory: one example takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

import duckdb
import pytest
from conftest import Warehouse
from helpers.project import Rows, connected
from helpers.replay import Replay, literal, twin
from hypothesis import assume, given
from hypothesis import strategies as st
from oracle.arithmetic import read_curve, rounded

MONTH = date(2025, 3, 1)


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals of so many places; ties and ends of the range come up as often as others."""
    scale = 10**places
    numbers = st.integers(int(Decimal(low) * scale), int(Decimal(high) * scale))
    return numbers.map(lambda number: Decimal(number).scaleb(-places))


# The macro `divide`: places of the quotient, and scale of its parts

SHAPES = [(6, 16), (4, 18), (10, 16), (6, 22)]
Pair = tuple[Decimal, Decimal]
Quotients = Callable[[list[Pair], int, int], list[Decimal | None]]


@pytest.fixture(scope="module")
def quotients(warehouse: Warehouse) -> Quotients:
    """A function of pairs, places and scale: the quotients as the macro computes them."""
    expressions = {
        (places, scale): warehouse.compiled_sql(
            f"{{{{ divide('numerator', 'denominator', {places}, scale={scale}) }}}}"
        )
        for places, scale in SHAPES
    }
    connection = connected()

    def quotients_of(pairs: list[Pair], places: int, scale: int) -> list[Decimal | None]:
        values = ", ".join(
            f"({number}, {literal(one)}, {literal(other)})"
            for number, (one, other) in enumerate(pairs)
        )
        rows = connection.execute(
            "with pairs as (select number, cast(n as decimal(38, 6)) as numerator,"
            " cast(d as decimal(38, 6)) as denominator"
            f" from (values {values}) as given (number, n, d))"
            f" select {expressions[places, scale]} from pairs order by number"
        )
        return [quotient for (quotient,) in rows.fetchall()]

    return quotients_of


def pairs_below(limit: str) -> st.SearchStrategy[list[Pair]]:
    """Numerators up to the limit, and denominators above zero, among them ones that make ties."""
    denominators = decimals("0.000001", "1000000", 6) | st.sampled_from(
        [Decimal(text) for text in ("0.000064", "2", "4", "8", "12", "3", "1024", "2000000")]
    )
    pair = st.tuples(decimals(f"-{limit}", limit, 6), denominators)
    return st.lists(pair, min_size=1, max_size=60)


@pytest.mark.parametrize(("places", "scale"), SHAPES)
def test_a_quotient_is_rounded_once_from_the_exact_value(
    quotients: Quotients, places: int, scale: int
):
    limit = str(10 ** (37 - places - scale))

    @given(pairs_below(limit))
    def holds(pairs: list[Pair]) -> None:
        expected = [rounded(Fraction(one) / Fraction(other), places) for one, other in pairs]
        assert quotients(pairs, places, scale) == expected

    holds()


def test_a_tie_is_rounded_away_from_zero(quotients: Quotients):
    ties = [(Decimal("0.000001"), Decimal(2)), (Decimal("-0.000001"), Decimal(2))]
    assert quotients(ties, 6, 16) == [Decimal("0.000001"), Decimal("-0.000001")]


def test_nothing_is_divided_by_zero(quotients: Quotients):
    assert quotients([(Decimal(1), Decimal(0)), (Decimal(0), Decimal(0))], 6, 16) == [None, None]


def test_a_quotient_too_large_is_an_error_and_no_wrong_digit(quotients: Quotients):
    with pytest.raises(duckdb.Error):
        quotients([(Decimal(10**22), Decimal(1))], 6, 16)


# Scores

SCORING = [
    "int_curve_segments",
    "int_metrics_scored",
    "int_dimensions_scored",
    "int_months_judged",
    "int_month_metrics_computed",
    "int_month_dimensions_computed",
    "int_month_scorecards_computed",
]
POLICIES = ["redistribute", "neutral", "zero"]
SHAPES_OF_CURVES = ["linear", "step"]
Points = list[tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Curve:
    shape: str
    points: Points

    def exact(self, x: Fraction) -> Fraction:
        return read_curve(self.shape, [(Fraction(v), Fraction(s)) for v, s in self.points], x)


@dataclass(frozen=True)
class Asked:
    """A metric of somebody's month; without a denominator there is no evidence."""

    curve: Curve
    numerator: Decimal | None
    denominator: Decimal | None
    target: Decimal = Decimal("0.9")
    personal_target: Decimal | None = None
    cap: Decimal = Decimal(100)
    policy: str = "redistribute"
    dimension: str = "d0"
    dimension_weight: Decimal = Decimal(1)
    weight: Decimal = Decimal(1)
    employee: str = "E1"

    @property
    def exact_score(self) -> Decimal | None:
        """The score by the rules, from exact fractions."""
        if self.denominator is not None:
            x = Fraction(self.numerator) / Fraction(self.denominator)
            if self.personal_target is not None:
                x *= Fraction(self.target) / Fraction(self.personal_target)
        elif self.policy == "neutral":
            x = Fraction(self.target)
        else:
            return Decimal(0) if self.policy == "zero" else None
        return rounded(min(self.curve.exact(x), Fraction(self.cap)), 4)


class Scoring:
    """The scoring models, from what is asked to the month's scorecards."""

    def __init__(self, warehouse: Warehouse) -> None:
        filled = ["grade_bands", "int_as_of", "int_parameters_pivoted", "int_time_zone_offsets"]
        self.replay = twin(warehouse.compiled, warehouse.database, SCORING, filled)
        self.replay.connection.execute(
            "update intermediate.int_parameters_pivoted set minimum_weight_covered = 0.000001"
        )

    def score(self, asked: list[Asked], *shown: str) -> list[Rows]:
        """The shown tables; the metric of number n is called "m0n"."""
        return self.replay.results(self.inputs(asked), SCORING, *shown)

    def metric_scores(self, asked: list[Asked]) -> list[Decimal | None]:
        """The scores of the metrics, in their order."""
        [rows] = self.replay.results(self.inputs(asked), SCORING[:2], "int_metrics_scored")
        return [row["metric_score"] for row in sorted(rows, key=lambda row: row["metric_id"])]

    def inputs(self, asked: list[Asked]) -> dict[str, Rows]:
        inputs: dict[str, Rows] = {
            name: []
            for name in ("curves", "curve_points", "int_metrics_asked", "int_metrics_windowed")
        }
        for number, metric in enumerate(asked):
            curve_id = f"c{number:02}"
            inputs["curves"].append({"curve_id": curve_id, "shape": metric.curve.shape})
            inputs["curve_points"] += [
                {"curve_id": curve_id, "value": value, "score": score}
                for value, score in metric.curve.points
            ]
            key = {
                "employee_id": metric.employee,
                "month_start": MONTH,
                "scorecard_id": "agent",
                "dimension_id": metric.dimension,
                "metric_id": f"m{number:02}",
            }
            inputs["int_metrics_asked"].append(
                {
                    **key,
                    "eligible_days": 20,
                    "is_appraised": True,
                    "dimension_weight": metric.dimension_weight,
                    "metric_weight": metric.weight,
                    "missing_policy": metric.policy,
                    "curve_id": curve_id,
                    "standard_target_value": metric.target,
                    "personal_target_value": metric.personal_target,
                    "score_cap": metric.cap,
                }
            )
            inputs["int_metrics_windowed"].append(
                {
                    **key,
                    "numerator": metric.numerator,
                    "denominator": metric.denominator,
                    "missing_reason": "no_evidence" if metric.denominator is None else None,
                }
            )
        inputs["employee_months"] = [
            {
                "employee_id": employee,
                "month_start": MONTH,
                "scorecard_id": "agent",
                "role_id": "agent",
                "eligible_days": 20,
                "is_appraised": True,
            }
            for employee in sorted({metric.employee for metric in asked})
        ]
        return inputs


@pytest.fixture(scope="module")
def scoring(warehouse: Warehouse) -> Scoring:
    return Scoring(warehouse)


SCORES = decimals("0", "120", 4)


@st.composite
def curves(draw: st.DrawFn, is_rising: bool = False) -> Curve:
    """Up to six points, and no two neighbours with one score."""
    steps = decimals("0.0001", "300", 4) | decimals("0.01", "0.5", 2)
    values = list(accumulate(draw(st.lists(steps, min_size=2, max_size=6))))
    if is_rising:
        scores = sorted(draw(st.sets(SCORES, min_size=len(values), max_size=len(values))))
    else:
        ups = draw(st.lists(decimals("0.0001", "60", 4), min_size=6, max_size=6))
        scores = [up if n % 2 else 60 + up for n, up in enumerate(ups)]
    shape = draw(st.sampled_from(SHAPES_OF_CURVES))
    return Curve(shape, list(zip(values, scores, strict=False)))


@st.composite
def fractions_of(draw: st.DrawFn, curve: Curve) -> Pair:
    """A numerator and a denominator whose quotient is on a point, between two, or anywhere."""
    denominator = draw(decimals("0.01", "5000", 2))
    place = draw(st.sampled_from(["on a point", "between", "between", "anywhere"]))
    if place == "anywhere":
        return draw(decimals("0", "2000000", 6)), denominator
    (low, _), (high, _) = draw(st.sampled_from(list(pairwise(curve.points))))
    if place == "on a point":
        nudge = draw(st.sampled_from(["0", "0.000001", "-0.000001"]))
        return high * denominator + Decimal(nudge), denominator
    share = draw(decimals("0.01", "0.99", 2))
    return (low * denominator + (high - low) * denominator * share).quantize(
        Decimal("0.000001")
    ), denominator


@st.composite
def metrics(draw: st.DrawFn) -> Asked:
    curve = draw(curves())
    numerator, denominator = draw(fractions_of(curve))
    has_evidence = draw(st.integers(0, 3)) > 0
    return Asked(
        curve,
        numerator if has_evidence else None,
        denominator if has_evidence else None,
        target=draw(decimals("0.5", "900", 4)),
        personal_target=draw(st.none() | st.none() | decimals("0.5", "900", 4)),
        cap=draw(st.sampled_from([Decimal(100), Decimal("104.5"), Decimal(120)])),
        policy=draw(st.sampled_from(POLICIES)),
    )


@given(asked=st.lists(metrics(), min_size=10, max_size=20))
def test_a_curve_is_read_exactly_and_rounded_once(scoring: Scoring, asked: list[Asked]):
    assert scoring.metric_scores(asked) == [metric.exact_score for metric in asked]


@given(asked=st.lists(metrics(), min_size=10, max_size=20))
def test_a_score_lies_between_zero_and_the_cap(scoring: Scoring, asked: list[Asked]):
    for metric, score in zip(asked, scoring.metric_scores(asked), strict=True):
        assert score is None or 0 <= score <= metric.cap


@given(
    curve=curves(is_rising=True),
    numerators=st.lists(decimals("0", "1500", 6), min_size=10, max_size=40),
    falls=st.booleans(),
)
def test_a_better_value_never_scores_less(
    scoring: Scoring, curve: Curve, numerators: list[Decimal], falls: bool
):
    if falls:
        scores = [score for _, score in reversed(curve.points)]
        values = [value for value, _ in curve.points]
        curve = replace(curve, points=list(zip(values, scores, strict=True)))
    found = scoring.metric_scores([Asked(curve, n, Decimal(1)) for n in sorted(numerators)])
    if falls:
        found.reverse()
    assert all(one <= other for one, other in pairwise(found))


# Months


@st.composite
def weights(draw: st.DrawFn, places: int) -> list[Decimal]:
    """Up to four weights above zero, of so many places, that sum to 1."""
    one = 10**places
    cuts = [0, *sorted(draw(st.sets(st.integers(1, one - 1), max_size=3))), one]
    return [Decimal(high - low).scaleb(-places) for low, high in pairwise(cuts)]


@st.composite
def scorecards(draw: st.DrawFn, places: int = 6) -> list[Asked]:
    """What a person is asked in a month, by up to four dimensions of up to four metrics."""
    asked = []
    for number, dimension_weight in enumerate(draw(weights(places))):
        for weight in draw(weights(places)):
            metric = draw(metrics())
            asked.append(
                replace(
                    metric,
                    dimension=f"d{number}",
                    dimension_weight=dimension_weight,
                    weight=weight,
                )
            )
    return asked


def scored_weights(asked: list[Asked]) -> tuple[Fraction, dict[str, Fraction]]:
    """The summed weight of the dimensions with a score, and inside each of its scored metrics."""
    inside: dict[str, Fraction] = {}
    dimensions: dict[str, Fraction] = {}
    for metric in asked:
        if metric.exact_score is not None:
            name = metric.dimension
            inside[name] = inside.get(name, Fraction(0)) + Fraction(metric.weight)
            dimensions[name] = Fraction(metric.dimension_weight)
    return sum(dimensions.values(), Fraction(0)), inside


@given(asked=scorecards())
def test_a_month_adds_up(scoring: Scoring, asked: list[Asked]):
    metric_rows, dimension_rows, cards = scoring.score(
        asked,
        "int_month_metrics_computed",
        "int_month_dimensions_computed",
        "int_month_scorecards_computed",
    )
    [card] = cards
    outer, inside = scored_weights(asked)
    scored = [row for row in metric_rows if row["metric_score"] is not None]
    if card["monthly_score"] is None:
        assert all(row["contribution"] is None for row in metric_rows)
        return
    assert abs(sum(row["effective_weight"] for row in scored) - 1) <= Decimal("0.00001")
    assert sum(row["contribution"] for row in scored) == card["monthly_score"]
    assert sum(row["contribution"] or 0 for row in dimension_rows) == card["monthly_score"]
    assert card["published_score"] == rounded(Fraction(card["monthly_score"]), 2)
    for row in scored:
        metric = asked[int(row["metric_id"][1:])]
        share = (
            Fraction(metric.dimension_weight)
            * Fraction(metric.weight)
            / (outer * inside[metric.dimension])
        )
        assert row["effective_weight"] == rounded(share, 6)
        assert row["contribution"] == rounded(Fraction(row["metric_score"]) * share, 6)


@given(asked=scorecards(), seed=st.randoms(use_true_random=False))
def test_neither_row_order_nor_a_second_run_matters(
    scoring: Scoring, asked: list[Asked], seed: Any
):
    names = [
        "int_month_metrics_computed",
        "int_month_dimensions_computed",
        "int_month_scorecards_computed",
    ]
    inputs = scoring.inputs(asked)
    first = scoring.replay.results(inputs, SCORING, *names)
    for rows in inputs.values():
        seed.shuffle(rows)
    for again in (scoring.replay.results(inputs, SCORING, *names) for _ in range(2)):
        assert [sorted(map(str, rows)) for rows in again] == [
            sorted(map(str, rows)) for rows in first
        ]


@given(asked=scorecards(), score=SCORES, data=st.data())
def test_a_missing_metric_lowers_no_score_of_equal_metrics(
    scoring: Scoring, asked: list[Asked], score: Decimal, data: st.DataObject
):
    flat = Curve("linear", [(Decimal(0), score), (Decimal(1), score)])
    equal = [
        replace(metric, curve=flat, numerator=Decimal(1), denominator=Decimal(2), cap=Decimal(120))
        for metric in asked
    ]
    there = data.draw(st.lists(st.booleans(), min_size=len(equal), max_size=len(equal)))
    assume(any(there))
    partly = [
        metric
        if is_there
        else replace(metric, numerator=None, denominator=None, policy="redistribute")
        for metric, is_there in zip(equal, there, strict=True)
    ]
    [[card]] = scoring.score(partly, "int_month_scorecards_computed")
    if card["monthly_score"] is not None:
        # Each contribution is rounded to 6 places.
        assert abs(card["monthly_score"] - score) <= len(asked) * Decimal("0.0000005")


@given(asked=scorecards(places=4), share=st.sampled_from(["0.5", "0.25", "0.1"]))
def test_only_the_proportions_of_weights_count(scoring: Scoring, asked: list[Asked], share: str):
    """Weights that sum to a half give the same scores: what is missing does just that."""
    smaller = [
        replace(
            metric,
            dimension_weight=metric.dimension_weight * Decimal(share),
            weight=metric.weight * Decimal(share),
        )
        for metric in asked
    ]
    one, other = (
        {row["metric_id"]: row["contribution"] for row in rows}
        for [rows] in (
            scoring.score(each, "int_month_metrics_computed") for each in (asked, smaller)
        )
    )
    # Nobody's month is scored on less than a millionth of the weight.
    assume(None not in other.values() or None in one.values())
    assert one == other


# Business time: Monday to Friday, 09:00 to 18:00, holidays and make-up days of the plan

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 12, 31)
LOCAL_OFFSET = timedelta(hours=8)


class BusinessTime:
    """The business seconds from a ticket's creation to its first reply."""

    models = ("int_tickets_credited",)

    def __init__(self, warehouse: Warehouse) -> None:
        filled = ["int_calendar_days", "int_parameters_pivoted", "int_time_zone_offsets"]
        self.replay = twin(warehouse.compiled, warehouse.database, self.models, filled)

    def seconds(self, spans: list[tuple[datetime, datetime]]) -> list[int]:
        """`spans` are local times."""
        tickets: Rows = []
        events: Rows = []
        for number, (start, end) in enumerate(spans):
            tickets.append(ticket_version(f"{number:04}", start - LOCAL_OFFSET))
            events.append(
                {
                    "event_id": f"{number:04}",
                    "ticket_id": f"{number:04}",
                    "occurred_at": end - LOCAL_OFFSET,
                    "event_type": "replied",
                    "actor_id": "E1",
                    "actor_type": "agent",
                }
            )
        inputs = {"base_helpdesk__ticket_versions": tickets, "stg_helpdesk__ticket_events": events}
        [rows] = self.replay.results(inputs, self.models, *self.models)
        return [
            row["first_reply_business_seconds"]
            for row in sorted(rows, key=lambda row: row["ticket_id"])
        ]


@pytest.fixture(scope="module")
def business_time(warehouse: Warehouse) -> BusinessTime:
    return BusinessTime(warehouse)


@pytest.fixture(scope="module")
def working_minutes(connection: duckdb.DuckDBPyConnection) -> bytes:
    """A byte for each minute of the calendar, 1 in working hours, from the seeds themselves."""
    hours = {
        weekday: (opens_at, closes_at)
        for weekday, opens_at, closes_at in connection.execute(
            "select weekday, opens_at, closes_at from plan.working_hours"
        ).fetchall()
        if opens_at
    }
    exceptions = {
        day: weekday if is_working else None
        for day, is_working, weekday in connection.execute(
            "select calendar_date, is_working_day, hours_as_weekday from plan.calendar_days"
        ).fetchall()
    }
    minutes = bytearray()
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        opens_at, closes_at = hours.get(exceptions.get(day, day.isoweekday()), ("00:00", "00:00"))
        for minute in range(24 * 60):
            clock = f"{minute // 60:02}:{minute % 60:02}"
            minutes.append(opens_at <= clock < closes_at)
    return bytes(minutes)


# Around a make-up Sunday, the National Day holidays and the turn of a year as often as anywhere.
LOCAL_MINUTES = st.datetimes(datetime(2024, 1, 2), datetime(2026, 12, 30)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
) | st.builds(
    lambda day, minute: datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute),
    st.dates(date(2025, 9, 26), date(2025, 10, 13))
    | st.dates(date(2024, 12, 30), date(2025, 1, 3)),
    st.integers(0, 24 * 60 - 1) | st.sampled_from([0, 9 * 60, 18 * 60, 18 * 60 - 1]),
)


@given(spans=st.lists(st.tuples(LOCAL_MINUTES, LOCAL_MINUTES), min_size=1, max_size=40))
def test_business_time_is_the_count_of_working_minutes(
    business_time: BusinessTime, working_minutes: bytes, spans: list[tuple[datetime, datetime]]
):
    def counted(start: datetime, end: datetime) -> int:
        first, last = (
            int((moment - datetime(2024, 1, 1)).total_seconds() // 60) for moment in (start, end)
        )
        return 60 * sum(working_minutes[first:last])

    assert business_time.seconds(spans) == [counted(*span) for span in spans]


@given(st.lists(st.lists(LOCAL_MINUTES, min_size=3, max_size=3).map(sorted), min_size=1))
def test_business_time_is_additive_to_the_second(
    business_time: BusinessTime, moments: list[list[datetime]]
):
    odd = [
        (start + timedelta(seconds=7), middle + timedelta(seconds=31), end + timedelta(seconds=59))
        for start, middle, end in moments
    ]
    first = business_time.seconds([(start, middle) for start, middle, _ in odd])
    second = business_time.seconds([(middle, end) for _, middle, end in odd])
    whole = business_time.seconds([(start, end) for start, _, end in odd])
    assert [a + b for a, b in zip(first, second, strict=True)] == whole


# First contact resolution

CONTACTS = (
    "int_tickets_credited",
    "int_contacts_matched",
    "int_contacts_judged",
    "int_contacts_by_day",
)
AS_OF = datetime(2025, 6, 30, 12)
WINDOW = timedelta(days=7)


@dataclass(frozen=True)
class Contact:
    """A ticket, or a call of one leg; `reopened` is an instant."""

    kind: str
    number: str
    customer: str | None
    topic: str
    start: datetime
    agent: str
    is_answered: bool = True
    reopened: datetime | None = None


# Starts lie on whole days and seconds beside them: many are a window apart, exactly.
STARTS = st.builds(
    lambda day, second: datetime(2025, 6, 1, 2) + timedelta(days=day, seconds=second),
    st.integers(0, 29),
    st.sampled_from([0, 0, 1, -1]),
)


@st.composite
def contact_lists(draw: st.DrawFn) -> list[Contact]:
    found = []
    for number in range(draw(st.integers(1, 20))):
        kind = draw(st.sampled_from(["ticket", "call"]))
        start = draw(STARTS)
        reopened_after = draw(st.none() | st.sampled_from([1, 6, 7, 8]))
        found.append(
            Contact(
                kind,
                f"{number:02}",
                draw(st.sampled_from(["C1", "C1", "C2", None])),
                draw(st.sampled_from(["bill", "bill", "parcel"])),
                start,
                draw(st.sampled_from(["E1", "E2"])),
                is_answered=kind == "ticket" or draw(st.booleans()),
                reopened=start + timedelta(days=reopened_after)
                if kind == "ticket" and reopened_after
                else None,
            )
        )
    return found


def contact_inputs(contacts: list[Contact]) -> dict[str, Rows]:
    tickets, events, legs = [], [], []
    for contact in contacts:
        common = {"customer_id": contact.customer, "topic": contact.topic}
        if contact.kind == "call":
            leg = {
                "leg_id": contact.number,
                "call_id": contact.number,
                "agent_id": contact.agent,
                "direction": "inbound",
                "outcome": "answered" if contact.is_answered else "abandoned",
                "offered_at": contact.start,
                "answered_at": contact.start if contact.is_answered else None,
                "ended_at": contact.start + timedelta(minutes=5),
            }
            legs.append({**common, **leg, **dict.fromkeys(SECONDS, 60)})
            continue
        tickets.append({**common, **ticket_version(contact.number, contact.start)})
        happened = [("replied", contact.start + timedelta(hours=1))]
        if contact.reopened:
            happened.append(("reopened", contact.reopened))
        events += [
            {
                "event_id": f"{contact.number}{event_type}",
                "ticket_id": contact.number,
                "occurred_at": occurred_at,
                "event_type": event_type,
                "actor_id": contact.agent,
                "actor_type": "agent",
            }
            for event_type, occurred_at in happened
        ]
    return {
        "base_helpdesk__ticket_versions": tickets,
        "stg_helpdesk__ticket_events": events,
        "stg_telephony__call_legs": legs,
    }


SECONDS = ("talk_seconds", "hold_seconds", "wrap_seconds")


def ticket_version(ticket_id: str, created_at: datetime) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "created_at": created_at,
        "updated_at": created_at,
        "loaded_on": created_at.date(),
    }


def first_contacts(contacts: list[Contact]) -> dict[str, tuple[int, int]]:
    """Matured and resolved first contacts of each agent, by the words of the rules."""
    found: dict[str, tuple[int, int]] = {}
    for contact in contacts:
        others = sorted(
            (
                other
                for other in contacts
                if other.is_answered
                and other.customer is not None
                and (other.customer, other.topic) == (contact.customer, contact.topic)
            ),
            key=lambda other: (other.start, other.kind, other.number),
        )
        if contact not in others or contact.start + WINDOW > AS_OF:
            continue
        place = others.index(contact)
        if place and contact.start - others[place - 1].start <= WINDOW:
            continue
        is_repeated = place + 1 < len(others) and others[place + 1].start - contact.start <= WINDOW
        is_reopened = contact.reopened is not None and contact.reopened - contact.start <= WINDOW
        matured, resolved = found.get(contact.agent, (0, 0))
        is_resolved = not is_repeated and not is_reopened
        found[contact.agent] = (matured + 1, resolved + is_resolved)
    return found


@pytest.fixture(scope="module")
def resolution(warehouse: Warehouse) -> Replay:
    filled = ["int_calendar_days", "int_parameters_pivoted", "int_time_zone_offsets", "int_as_of"]
    replay = twin(warehouse.compiled, warehouse.database, CONTACTS, filled)
    replay.connection.execute(f"update intermediate.int_as_of set as_of_at = {literal(AS_OF)}")
    return replay


@given(contacts=contact_lists())
def test_first_contacts_are_counted_by_the_rules(resolution: Replay, contacts: list[Contact]):
    rows, days = resolution.results(
        contact_inputs(contacts), CONTACTS, "int_contacts_judged", "int_contacts_by_day"
    )
    answered = [contact for contact in contacts if contact.is_answered]
    assert len(rows) == len(answered)
    found: dict[str, tuple[int, int]] = {}
    for day in days:
        assert 0 <= day["resolved_contacts"] <= day["first_contacts"]
        matured, resolved = found.get(day["employee_id"], (0, 0))
        found[day["employee_id"]] = (
            matured + day["first_contacts"],
            resolved + day["resolved_contacts"],
        )
    assert sum(matured for matured, _ in found.values()) <= len(answered)
    assert found == first_contacts(contacts)
