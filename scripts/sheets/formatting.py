"""Numbers, dates and units as a reader expects them, and the lines of the small pictures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

MONTHS = 12
SPARK_STEP, SPARK_HEIGHT = 9, 20
MISSING = "–"

SECONDS = {"en": ("{} s", "{}:{:02} min"), "zh": ("{} 秒", "{} 分 {:02} 秒")}
MINUTES = {"en": "{:.1f} min", "zh": "{:.1f} 分钟"}
PER_YEAR = {"en": "{:.1f} % a year", "zh": "每年 {:.1f} %"}


def number(value: Decimal | None, places: int = 0) -> str:
    return MISSING if value is None else f"{value:,.{places}f}"


def percent(value: Decimal | None, places: int = 1) -> str:
    return MISSING if value is None else f"{100 * value:.{places}f} %"


def count(value: Decimal | None) -> str:
    """A sample: whole, unless the metric counts hours, weights or shares."""
    if value is None:
        return MISSING
    return number(value, 0 if value == value.to_integral_value() else 1)


def measured(value: Decimal | None, unit: str | None, language: str) -> str:
    """A value of a metric in its unit."""
    if value is None:
        return MISSING
    if unit in ("share", "ratio"):
        return percent(value)
    if unit == "seconds":
        short, long = SECONDS[language]
        seconds = int(value.to_integral_value())
        return short.format(seconds) if seconds < 100 else long.format(*divmod(seconds, 60))
    if unit == "business minutes":
        return MINUTES[language].format(value)
    if unit == "leavers per member-year":
        return PER_YEAR[language].format(100 * value)
    return number(value, 2)


def points(value: Decimal | None) -> tuple[str, str]:
    """Points in two parts: what one reads, and the digits that make it exact."""
    if value is None:
        return MISSING, ""
    whole, _, places = f"{value:.6f}".partition(".")
    return f"{whole}.{places[:2]}", places[2:]


def possible(weight: Decimal | None) -> str:
    """Points that a weight is worth."""
    return MISSING if weight is None else f"{100 * weight:.2f}"


def day(value: date | None, language: str) -> str:
    if value is None:
        return MISSING
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b %Y}"


def day_of_year(value: date, language: str) -> str:
    return f"{value.month}月{value.day}日" if language == "zh" else f"{value.day} {value:%b}"


def instant(value: datetime | None) -> str:
    return MISSING if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def spark(scores: dict[int, Decimal | None]) -> list[str]:
    """A line for each run of months with a score, as the points of an SVG polyline."""
    lines: list[list[str]] = [[]]
    for month in range(1, MONTHS + 1):
        score = scores.get(month)
        if score is None:
            lines.append([])
        else:
            height = SPARK_HEIGHT - SPARK_HEIGHT * min(score, 100) / 100
            lines[-1].append(f"{SPARK_STEP * (month - 1)},{height:.1f}")
    return [" ".join(line) for line in lines if line]
