"""The files: exports as CSV or Parquet, the truth behind them, the list of dirty rows."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from math import inf
from pathlib import Path
from typing import Any

import duckdb

from .dirt import Line, TextRow, csv_line, with_dirt
from .people import TRAITS, Department
from .tables import Exports, contract

# Real exports disagree about offsets and booleans, and so do these.
OFFSETS = {"ticket_events": "Z", "survey_responses": "Z", "quality_review_items": "Z"}
OFFSETS |= {"call_legs": ""}
DEFAULT_OFFSET = "+08:00"
NUMERIC_FLAGS = {"attendance", "quality_review_items"}

# The tables whose cases the truth tells: name and key of what shows them, how many at most.
TOLD = {
    "tickets": ("ticket", ("ticket_id",), 12),
    "call_legs": ("call", ("call_id",), 12),
    "survey_responses": ("survey", ("response_id",), 12),
    "quality_review_items": ("review", ("review_id",), 8),
    "exams": ("exam", ("exam_id", "employee_id", "subject"), 8),
    "ratings": ("rating", ("rating_id",), 8),
    "improvements": ("improvement", ("initiative_id",), inf),
    "interviews": ("interview", ("interview_id",), inf),
    "closings": ("closing", ("closing_id",), inf),
    "grade_decisions": ("decision", ("decision_id",), inf),
    "objections": ("objection", ("objection_id",), inf),
}


def as_text(table: str, value: Any) -> str:
    """A value as this table's system writes it; null is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value)) if table in NUMERIC_FLAGS else str(value).lower()
    if isinstance(value, datetime):
        offset = OFFSETS.get(table, DEFAULT_OFFSET)
        shown = value - timedelta(hours=8) if offset == "Z" else value
        return shown.isoformat(timespec="seconds") + offset
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def files_of(exports: Exports, table: str, split: bool) -> dict[str, list[TextRow]]:
    """Folder → rows. Unsplit, most records show only their newest version."""
    first, last = exports.settings.first_day, exports.settings.last_day

    def night_of(landed: date) -> date:
        day = landed.date() if isinstance(landed, datetime) else landed
        return min(max(day, first), last)

    folders: dict[str, list[TextRow]] = defaultdict(list)
    for record in exports.records[table]:
        nights = [(night_of(landed), row) for landed, row in record.versions]
        if not record.shows_older:
            # What changed twice on a day landed once.
            nights = list(dict(nights).items()) if split else nights[-1:]
        for night, row in nights:
            folder = f"{table}/load_date={night}" if split else table
            folders[folder].append({name: as_text(table, value) for name, value in row.items()})
    return dict(sorted(folders.items()))


def write_exports(
    exports: Exports, out: Path, file_format: str, split: bool, dirty: bool
) -> list[tuple[str, int, str, str]]:
    """Write all tables; returns table, line, kind and file of the dirty rows."""
    dirty_rows = []
    for table in exports.records:
        clear(out / table, table)
        files = files_of(exports, table, split)
        largest = max(files, key=lambda folder: len(files[folder]))
        for folder, rows in files.items():
            path = out / folder / f"{table}.{file_format}"
            path.parent.mkdir(parents=True, exist_ok=True)
            if file_format == "parquet":
                write_parquet(path, table, rows)
                continue
            lines = [Line(csv_line(row.values())) for row in rows]
            if dirty and folder == largest:
                lines = with_dirt(table, rows, exports.settings.year)
            write_csv(path, table, lines)
            for number, line in enumerate(lines, 2):
                if line.kind:
                    dirty_rows.append((table, number, line.kind, f"{folder}/{path.name}"))
    return dirty_rows


def clear(folder: Path, table: str) -> None:
    """Remove the files that an earlier run wrote, in whichever layout, and nothing else."""
    for ending in ("csv", "parquet"):
        for path in [folder / f"{table}.{ending}", *folder.glob(f"load_date=*/{table}.{ending}")]:
            path.unlink(missing_ok=True)
    for night in folder.glob("load_date=*"):
        if not any(night.iterdir()):
            night.rmdir()


def write_csv(path: Path, table: str, lines: Iterable[Line]) -> None:
    content = [csv_line(contract()[table]), *(line.content for line in lines)]
    path.write_bytes(b"\n".join(content) + b"\n")


@cache
def parquet_writer() -> duckdb.DuckDBPyConnection:
    """Opened once: split by day, there are thousands of files."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'; set threads = 1")
    return connection


def write_parquet(path: Path, table: str, rows: Iterable[TextRow]) -> None:
    """Typed columns: instants with an offset as timestamptz, those without as timestamp."""
    types = {"string": "varchar", "decimal": "decimal(18, 4)"}
    if OFFSETS.get(table, DEFAULT_OFFSET):
        types["timestamp"] = "timestamptz"
    columns = ", ".join(
        f"cast(nullif({name}, '') as {types.get(kind, kind)}) as {name}"
        for name, kind in contract()[table].items()
    )
    texts = dict.fromkeys(contract()[table], "varchar")
    staged = path.with_suffix(".csv")
    write_csv(staged, table, (Line(csv_line(row.values())) for row in rows))
    parquet_writer().execute(
        f"copy (select {columns} from read_csv('{staged}', columns = {texts}, auto_detect = false,"
        f" header = true, delim = ',', quote = '\"', nullstr = '\u0001'))"
        f" to '{path}' (format parquet)"
    )
    staged.unlink()


def write_truth(path: Path, department: Department, exports: Exports) -> None:
    """People with traits and cases, then the records that show a case."""
    header = ("entity_type", "entity_id", "role_id", "team_id", *TRAITS, "cases")
    people, records, shown = [], [], Counter[str]()
    for person in department.people:
        job, traits = person.jobs[-1], [getattr(person, trait) for trait in TRAITS]
        entity = "employee", person.employee_id, job.role_id, job.team_id
        people.append((*entity, *traits, ";".join(person.cases)))
    for table, (kind, keys, most) in TOLD.items():
        for record in exports.records[table]:
            cases = [case for case in dict.fromkeys(record.cases) if shown[case] < most]
            shown.update(cases)
            if cases:
                row = record.versions[0][1]
                key = "/".join(row[name] for name in keys)
                records.append((kind, key, *[""] * (2 + len(TRAITS)), ";".join(cases)))
    write_table(path, header, people + sorted(records))


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
