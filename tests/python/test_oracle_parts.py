"""Pieces of the oracle that can be checked by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from oracle.arithmetic import months_later, rounded, whole_seconds
from oracle.contract import CONTRACT
from oracle.evidence import Call, Review, Ticket, is_top_box
from oracle.plan import Curve, Plan
from oracle.reading import Rejected, read_exports, split_line, typed

ROOT = Path(__file__).resolve().parents[2]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan(ROOT / "seeds" / "plan")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


# Arithmetic


def test_rounds_half_away_from_zero():
    assert rounded(Fraction("89.995"), 2) == Decimal("90.00")
    assert rounded(Fraction("-0.5"), 0) == -1
    assert rounded(Fraction("89.994999"), 2) == Decimal("89.99")
    assert str(rounded(Fraction(2, 3), 6)) == "0.666667"
    assert str(rounded(0, 2)) == "0.00"


def test_counts_months_across_years():
    assert months_later(date(2025, 1, 1), -1) == date(2024, 12, 1)
    assert months_later(date(2025, 12, 1), 1) == date(2026, 1, 1)


def test_whole_seconds_are_rounded_down():
    start = datetime(2025, 3, 3, tzinfo=UTC)
    assert whole_seconds(start, start.replace(second=9, microsecond=999_999)) == 9


# Business time: Monday to Friday 09:00 to 18:00


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2025-03-03 18:00", "2025-03-04 09:05", 300),
        ("2025-03-03 10:00", "2025-03-03 10:00:59", 59),
        ("2025-03-07 17:30", "2025-03-10 09:30", 3600),  # over a weekend
        ("2025-04-30 17:00", "2025-05-06 10:00", 7200),  # over Labour Day
        ("2025-09-28 00:00", "2025-09-29 00:00", 9 * 3600),  # a Sunday that works
        ("2025-03-04 10:00", "2025-03-04 09:00", 0),
        ("2023-12-29 10:00", "2024-01-03 10:00", None),  # before the calendar's years
    ],
)
def test_business_seconds(plan: Plan, start: str, end: str, seconds: int | None):
    assert plan.calendar.business_seconds(local(start), local(end)) == seconds


# Curves


@pytest.mark.parametrize(
    ("x", "score"),
    [(59, 0), (60, 0), (240, 85), (300, 100), (390, 100), (480, 100), (600, 80), (9999, 0)],
)
def test_zone_goes_up_stays_and_goes_down(plan: Plan, x: int, score: int):
    assert plan.curves["handle_seconds"].score(Fraction(x)) == score


def test_steps_keep_the_score_of_the_last_point():
    points = [(Fraction(1, 2), Fraction(60)), (Fraction(1), Fraction(100))]
    steps = Curve("step", points)
    assert [steps.score(Fraction(x, 4)) for x in (1, 2, 3, 4, 5)] == [60, 60, 60, 100, 100]


# Reading


def test_a_line_is_split_at_commas_outside_quotes():
    assert split_line('a , "b,""c""" ,,d\r') == ["a", 'b,"c"', "", "d"]
    for line in ('a,"b', 'a,b"', 'a,"b"c'):
        with pytest.raises(Rejected):
            split_line(line)


def test_types():
    noon = datetime(2025, 3, 1, 4, tzinfo=UTC)
    for text in ("2025-03-01T12:00", "2025-03-01 12:00:00", "2025-03-01T04:00:00Z"):
        assert typed(text, "timestamp", SHANGHAI) == noon
    assert typed("2025-03-01T00:00:00-0400", "timestamp", SHANGHAI) == noon
    assert typed("1.23455", "decimal", SHANGHAI) == Fraction("1.2346")
    assert typed("No", "boolean", SHANGHAI) is False
    for text, type_name in [
        ("12.5", "integer"),
        ("maybe", "boolean"),
        ("2025-02-30", "date"),
        ("1899-12-31", "date"),
        ("nan", "decimal"),
        ("2100-01-01T00:00:00Z", "timestamp"),
    ]:
        with pytest.raises(Rejected):
            typed(text, type_name, SHANGHAI)


def test_the_newest_version_without_contradiction_is_staged(tmp_path: Path):
    folder = tmp_path / "succession_plans"
    nights = {
        "2025-03-01": ["S1,2025-01-01,4,1"],
        "2025-03-02": ["S1,2025-01-01,4,2", "", "S1,2025-01-01,4,2"],
        "2025-03-03": ["S1,2025-01-01,4,3", "S1,2025-01-01,4,4"],
    }
    for night, lines in nights.items():
        (folder / f"load_date={night}").mkdir(parents=True)
        header = "supervisor_id,as_of,key_positions,ready_successors"
        text = "\n".join([header, *lines])
        (folder / f"load_date={night}" / "part.csv").write_text(text, encoding="utf-8")
    exports = read_exports(tmp_path, SHANGHAI, set(CONTRACT) - {"succession_plans"})
    assert [row["ready_successors"] for row in exports.tables["succession_plans"]] == [2]
    assert {(place.file[-19:-9], place.line) for place in exports.rejected} == {
        ("2025-03-02", 4),
        ("2025-03-03", 2),
        ("2025-03-03", 3),
    }


# Evidence


@pytest.mark.parametrize(
    ("score", "scale", "is_satisfied"),
    [(4, (1, 5), True), (3, (1, 5), False), (1, (0, 1), True), (0, (0, 1), False)],
)
def test_top_boxes(score: int, scale: tuple[int, int], is_satisfied: bool):
    response = {"score": score, "scale_min": scale[0], "scale_max": scale[1]}
    assert is_top_box(response, Fraction(2)) is is_satisfied


def test_the_holder_of_a_ticket_is_the_last_assignee_so_far():
    ticket = Ticket(
        {"ticket_id": "T1", "created_at": local("2025-03-03"), "customer_id": None, "topic": None}
    )
    for day, assignee in (("2025-03-03", "A"), ("2025-03-04", None), ("2025-03-06", "B")):
        ticket.add({"occurred_at": local(day), "event_type": "assigned", "assignee_id": assignee})
    assert ticket.holder_at(local("2025-03-02")) is None
    assert ticket.holder_at(local("2025-03-05")) == "A"
    assert ticket.holder_at(local("2025-03-06")) == "B"


def test_a_call_starts_with_its_first_leg_and_ends_with_its_last():
    common = {"customer_id": "C", "topic": "t", "direction": "inbound"}
    legs = [
        common
        | {
            "leg_id": f"L{minute}",
            "agent_id": agent,
            "outcome": outcome,
            "offered_at": local(f"2025-03-03 10:0{minute}"),
            "answered_at": local(f"2025-03-03 10:0{minute}"),
            "ended_at": local(f"2025-03-03 10:0{minute + 1}"),
        }
        for minute, agent, outcome in ((0, "A", "missed"), (1, "B", "transferred"))
    ]
    call = Call("K", legs)
    assert (call.start, call.end) == (local("2025-03-03 10:00"), local("2025-03-03 10:02"))
    assert call.first_handler == "B"


def test_a_failed_fatal_item_takes_all_points(plan: Plan):
    """The sections of the MaestroQA example: 3/3, 5/10, 4/5 and 1/2 make 70 %."""
    shared = {
        "reviewed_at": local("2025-03-03"),
        "agent_id": "A",
        "reviewer_id": "Q",
        "contact_type": None,
        "contact_id": None,
        "status": "final",
        "is_calibration": False,
        "calibration_id": None,
        "is_applicable": True,
        "is_fatal": False,
    }
    scores = [(3, 3, 10), (5, 10, 30), (4, 5, 50), (1, 2, 10)]
    items = [
        shared
        | {
            "item_id": str(number),
            "score": Fraction(score),
            "max_score": Fraction(top),
            "weight": Fraction(weight),
        }
        for number, (score, top, weight) in enumerate(scores)
    ]
    assert Review(items, plan).score == 70
    fatal = items[0] | {"item_id": "fatal", "is_fatal": True, "score": Fraction(0)}
    assert Review([*items, fatal], plan).score == 0
