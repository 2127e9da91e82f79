"""Writes `seeds/plan/calendar_days.csv`: the days that differ from the weekly schedule.

    python -m scripts.generate_calendar [--out FILE] [--first-year 2024] [--last-year 2026]

One row per exceptional day: a public holiday of the Chinese mainland (weekend days inside a
holiday included) or a make-up working weekend day (调休). Source: the package `chinesecalendar`,
which follows the yearly notices of the State Council; a year whose notice it doesn't know is
refused, for an absent holiday would silently be a working day.
"""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import date
from pathlib import Path

from chinese_calendar import constants

COLUMNS = (
    "calendar_date",
    "is_working_day",
    "hours_as_weekday",
    "name_en",
    "name_zh",
    "basis",
)
ROOT = Path(__file__).resolve().parents[1]
DEFAULT_OUT = ROOT / "seeds" / "plan" / "calendar_days.csv"

# ISO weekday whose hours a make-up day has.
MONDAY = 1

# The package's short names, in full.
FULL_NAMES_ZH = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


class UnknownYearError(ValueError):
    """The calendar package has no State Council notice for a year."""


def known_years() -> range:
    """The years, first to last, for which the calendar package has holidays."""
    return range(min(constants.holidays).year, max(constants.holidays).year + 1)


def check_years(first_year: int, last_year: int) -> None:
    """Raise UnknownYearError unless every year from first to last is known."""
    known = known_years()
    unknown = [year for year in range(first_year, last_year + 1) if year not in known]
    if unknown:
        raise UnknownYearError(
            f"chinesecalendar knows the holidays of {known[0]} to {known[-1]}, "
            f"not of {', '.join(map(str, unknown))}: upgrade it or ask for fewer years"
        )


def is_working_day(day: date) -> bool:
    """Whether `day` is a working day: Monday to Friday, no public holiday, or a make-up day."""
    check_years(day.year, day.year)
    return day in constants.workdays or (day.weekday() < 5 and day not in constants.holidays)


def make_up_days(year: int) -> list[date]:
    """The make-up working weekend days (调休) of `year`, in order."""
    check_years(year, year)
    return sorted(day for day in constants.workdays if day.year == year)


def exceptional_days(first_year: int, last_year: int) -> list[dict[str, str]]:
    """The rows of the seed, one per exceptional day of the years first to last, by date."""
    check_years(first_year, last_year)
    names = {
        holiday.value: FULL_NAMES_ZH.get(holiday.chinese, holiday.chinese)
        for holiday in constants.Holiday
    }
    rows = []
    for day, holiday in sorted({**constants.holidays, **constants.workdays}.items()):
        if not first_year <= day.year <= last_year:
            continue
        works = day in constants.workdays
        rows.append(
            {
                "calendar_date": day.isoformat(),
                "is_working_day": str(works).lower(),
                "hours_as_weekday": str(MONDAY) if works else "",
                "name_en": f"Make-up working day for {holiday}" if works else holiday,
                "name_zh": f"{names[holiday]}调休上班" if works else names[holiday],
                "basis": "default",
            }
        )
    return rows


def write_calendar(out: Path, first_year: int, last_year: int) -> int:
    """Write the seed to `out` and return its number of rows."""
    rows = exceptional_days(first_year, last_year)
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Write the calendar seed.")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="the seed's file")
    parser.add_argument("--first-year", type=int, default=2024)
    parser.add_argument("--last-year", type=int, default=2026)
    options = parser.parse_args(arguments)
    try:
        count = write_calendar(options.out, options.first_year, options.last_year)
    except UnknownYearError as error:
        print(f"generate_calendar: {error}", file=sys.stderr)
        return 1
    print(f"{options.out}: {count} days")
    return 0


if __name__ == "__main__":
    sys.exit(main())
