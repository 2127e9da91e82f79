"""Slices of days, and the Parquet files of each."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import duckdb
import yaml

from scripts.generate_calendar import is_working_day

from .dirt import with_dirt
from .people import people_of

ROOT = Path(__file__).resolve().parents[2]
SQL = Path(__file__).with_name("sql")
FIRST_DAY, FIRST_NIGHT, END = date(2024, 1, 1), date(2026, 1, 1), date(2027, 1, 1)
HISTORY_DAYS, ALL_DAYS = (FIRST_NIGHT - FIRST_DAY).days, (END - FIRST_DAY).days

# Of size 1; a call has 1.14 legs.
TICKETS, CALLS, CUSTOMERS = 1_000_000, 876_000, 400_000
# Contacts of a day, next to those of another working day.
MONDAY, DAY_OFF = 1.2, 0.5
# How many days a slice looks back: to contacts that go on, and to those that they repeat.
LOOKBACK = 60 + 10

ONCE = ("setup", "people", "learning", "appraisal", "operations")
FOR_EACH_SLICE = ("contacts", "tickets", "calls", "surveys", "quality")
# The tables that come from one slice, each with what orders its rows. The others hold all their
# records, each with the day on which it landed.
TIMES = {
    "tickets": "updated_at",
    "ticket_events": "occurred_at",
    "call_legs": "ended_at",
    "survey_responses": "updated_at",
    "quality_review_items": "reviewed_at",
}
TYPES = {"string": "varchar", "timestamp": "timestamptz", "decimal": "decimal(18, 4)"}


@dataclass(frozen=True)
class Table:
    """An export: its columns with their SQL types, and its key."""

    name: str
    columns: dict[str, str]
    key: list[str]


@dataclass(frozen=True)
class Slice:
    """Days that land in one folder; half-open."""

    first: date
    end: date


def months() -> list[Slice]:
    """The slices of the history."""
    firsts = [date(2024 + number // 12, number % 12 + 1, 1) for number in range(24)]
    return [Slice(*pair) for pair in zip(firsts, [*firsts[1:], FIRST_NIGHT], strict=True)]


def nights(first: int, count: int) -> list[Slice]:
    """Single days after the history, counted from 1."""
    days = [FIRST_NIGHT + timedelta(number - 1) for number in range(first, first + count)]
    return [Slice(day, day + timedelta(1)) for day in days]


@cache
def contract() -> list[Table]:
    """The exports as the dbt sources declare them."""
    return [
        Table(
            table["name"],
            {
                column["name"]: TYPES.get(column["data_type"], column["data_type"])
                for column in table["columns"]
            },
            table["config"]["meta"]["key"],
        )
        for file in sorted(ROOT.glob("models/staging/*/_*__sources.yml"))
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
        for table in source["tables"]
    ]


def number_of(day: date) -> int:
    return (day - FIRST_DAY).days


def shared_out(total: float, weights: list[float]) -> Iterator[tuple[int, int]]:
    """First number and count of each day's contacts; the history's sum to the total."""
    unit, passed = total / sum(weights[:HISTORY_DAYS]), 0.0
    for weight in weights:
        first, passed = round(passed), passed + weight * unit
        yield first, max(round(passed) - first, 1)


class Generator:
    """A database that knows one department, and writes its exports slice by slice."""

    def __init__(
        self,
        slices: list[Slice],
        size: float,
        seed: int = 1,
        dirty: float = 0,
        threads: int | None = None,
    ) -> None:
        self.dirty = dirty
        self.files = {file.stem: file.read_text(encoding="utf-8") for file in SQL.glob("*.sql")}
        self.connection = duckdb.connect()
        self.connection.execute(
            "set TimeZone = 'UTC'; set memory_limit = '3GB'; set enable_progress_bar = false"
        )
        if threads:
            self.connection.execute(f"set threads = {threads}")
        self.set(
            seed=seed,
            customers=max(round(CUSTOMERS * size), 100),
            first_day_needed=max(number_of(slices[0].first) - LOOKBACK, 0),
            end_day_needed=number_of(slices[-1].end),
        )
        self.load_days(size)
        self.load_people(size, seed)
        self.run(ONCE)

    def set(self, **variables: int | list[int]) -> None:
        for name, value in variables.items():
            self.connection.execute(f"set variable {name} = {value}")

    def run(self, names: Iterable[str]) -> None:
        for name in names:
            self.connection.execute(self.files[name])

    def load(self, name: str, types: dict[str, str], rows: Iterable[tuple]) -> None:
        """A table of rows; its columns with their types."""
        records = json.dumps([dict(zip(types, row, strict=True)) for row in rows])
        self.connection.execute(
            f"create table {name} as select unnest(from_json(?, ?), recursive := true)",
            [records, json.dumps([types])],
        )

    def load_days(self, size: float) -> None:
        """Days with their contacts, months, and for each day the next working day."""
        days = range(ALL_DAYS)
        dates = [FIRST_DAY + timedelta(day) for day in days]
        works = [is_working_day(day) for day in dates]
        weights = [
            DAY_OFF if not open_day else MONDAY if day.weekday() == 0 else 1.0
            for day, open_day in zip(dates, works, strict=True)
        ]
        tickets, calls = shared_out(TICKETS * size, weights), shared_out(CALLS * size, weights)
        names = ("day", "first_ticket", "tickets", "first_call", "calls")
        self.load(
            "days",
            dict.fromkeys(names, "bigint") | {"is_working_day": "boolean"},
            (
                (day, *of_tickets, *of_calls, open_day)
                for day, of_tickets, of_calls, open_day in zip(
                    days, tickets, calls, works, strict=True
                )
            ),
        )
        firsts = [day for day in days if dates[day].day == 1]
        self.load(
            "months",
            dict.fromkeys(("month", "month_day", "next_month_day"), "bigint"),
            zip(range(len(firsts)), firsts, [*firsts[1:], ALL_DAYS], strict=True),
        )
        # Plans reach beyond the last day.
        following = [*range(ALL_DAYS, ALL_DAYS + 400)]
        for day in reversed(days):
            following.insert(0, day if works[day] else following[0])
        self.set(working_days=following)

    def load_people(self, size: float, seed: int) -> None:
        people = people_of(size, seed, ALL_DAYS)
        self.load(
            "people",
            {"number": "bigint", "hired": "bigint", "last_day": "bigint", "reason": "varchar"},
            ((person.number, person.hired, person.last_day, person.reason) for person in people),
        )
        numbers = ("number", "supervisor", "since", "until", "role_ends")
        self.load(
            "positions_held",
            dict.fromkeys(numbers, "bigint")
            | {"role": "varchar", "team": "varchar", "is_probation": "boolean"},
            (
                (
                    person.number,
                    job.supervisor and job.supervisor.number,
                    job.since,
                    job.until,
                    person.role_ends(job),
                    job.role,
                    job.team,
                    job.is_probation,
                )
                for person in people
                for job in person.jobs
            ),
        )

    def write(self, part: Slice, out: Path) -> dict[str, tuple[int, int]]:
        """Write the files of a slice; returns rows and bytes by table."""
        self.set(first_day=number_of(part.first), end_day=number_of(part.end))
        self.run(FOR_EACH_SLICE)
        return {
            table.name: self.write_table(
                table, out / table.name / f"load_date={part.end}" / f"{table.name}.parquet"
            )
            for table in contract()
        }

    def write_table(self, table: Table, file: Path) -> tuple[int, int]:
        """A file, if there are rows. It appears when it is complete."""
        file.unlink(missing_ok=True)
        unfinished = file.parents[2] / f".{table.name}.unfinished"
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        path = str(unfinished).replace("'", "''")
        rows = self.connection.execute(
            f"copy ({self.rows_of(table)}) to '{path}' (format parquet, compression zstd)"
        ).fetchone()[0]
        size = unfinished.stat().st_size
        if not rows:
            unfinished.unlink()
            return 0, 0
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(file)
        return rows, size

    def rows_of(self, table: Table) -> str:
        """SQL of a table's rows in the slice, in order."""
        columns = ", ".join(
            f"cast({name} as {kind}) as {name}" for name, kind in table.columns.items()
        )
        key = ", ".join(table.key)
        if table.name not in TIMES:
            # What changed twice in a slice lands once.
            return f"""
                select {columns} from {table.name}
                where in_slice(landed_on)
                qualify row_number() over (partition by {key} order by landed_on desc) = 1
                order by {key}
            """
        rows, order = f"select {columns} from {table.name}", [TIMES[table.name], *table.key]
        if self.dirty:
            rows = with_dirt(table.name, table.key, rows, self.dirty)
            order += table.columns
        return f"from ({rows}) order by {', '.join(order)}"
