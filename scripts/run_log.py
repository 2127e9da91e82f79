"""The run log: what each night took, read, rejected and published, and whether that is usual.

    python -m scripts.run_log

`published/run_log.jsonl` gets a line when a night starts and one when it ends; the last line of a
night counts, and a night without an end was killed. Lines are only ever appended, so nothing that
happens to a night can spoil the nights before. Every publication carries the log as the tables
`run_log` and `run_log_tables`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from scripts import warehouse
from scripts.content_hash import literal

WIDTH = 110

PUBLISHED = "published"
UNCHANGED = "unchanged"  # nothing was new, and nothing was built
FAILED = "failed"
STARTED = "started"  # and not ended: killed, or still running
GOOD = (PUBLISHED, UNCHANGED)

# A value is unusual when it lies outside of everything that the nights before had, and farther
# from their median than this many standard deviations, estimated robustly (1.4826 × MAD).
HISTORY = 14
ENOUGH = 5
DEVIATIONS = 4
SHRUNK = 0.9


@dataclass
class Night:
    """One run of the nightly job. Instants are UTC, as ISO 8601 without an offset."""

    build_number: int
    build_id: str
    started_at: str
    outcome: str = STARTED
    message: str = ""
    warnings: str = ""
    finished_at: str | None = None
    seconds: float | None = None
    build_seconds: float | None = None
    model_seconds: float | None = None
    test_seconds: float | None = None
    publish_seconds: float | None = None
    postgres_seconds: float | None = None
    steps_passed: int | None = None
    steps_failed: int | None = None
    steps_skipped: int | None = None
    rows_read: int | None = None
    rows_new: int | None = None
    rows_rejected: int | None = None
    rows_rejected_new: int | None = None
    as_of_at: str | None = None
    newest_load_date: str | None = None
    lag_days: float | None = None
    git_commit: str | None = None
    # What the night followed from, and the file that it left: compared by the next one.
    inputs: str | None = None
    project: str | None = None
    working_file: str | None = None
    table_rows: dict[str, int] = field(default_factory=dict)

    def compare(self, before: Night | None) -> None:
        """What the night brought, against the last one that was published."""
        if before and None not in (before.rows_read, self.rows_read):
            self.rows_new = self.rows_read - before.rows_read
            self.rows_rejected_new = self.rows_rejected - before.rows_rejected


# Types of the published table `run_log`; `table_rows` becomes `run_log_tables`.
TYPES = {"int": "bigint", "float": "decimal(18, 3)", "str": "varchar"}
COLUMNS = {
    each.name: "timestamp"
    if each.name.endswith("_at")
    else "date"
    if each.name.endswith("_date")
    else TYPES[each.type.removesuffix(" | None")]
    for each in fields(Night)
    if each.name != "table_rows"
}


def file_in(published: Path) -> Path:
    return published / "run_log.jsonl"


def read(published: Path) -> list[Night]:
    """All nights by number; lines that a full disk or a crash cut off are passed over."""
    nights: dict[int, Night] = {}
    known = {each.name for each in fields(Night)}
    try:
        lines = file_in(published).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    for line in lines:
        try:
            values = json.loads(line)
            night = Night(**{name: values[name] for name in values if name in known})
            nights[night.build_number] = night
        except (ValueError, TypeError):
            continue
    return [nights[number] for number in sorted(nights)]


def write(published: Path, night: Night) -> None:
    """Append a line and bring it to the disk."""
    line = json.dumps(asdict(night), ensure_ascii=False).encode(errors="replace") + b"\n"
    with file_in(published).open("a+b") as file:
        # After a line that was cut off, start a new one.
        if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def successful(nights: list[Night]) -> list[Night]:
    return [night for night in nights if night.outcome == PUBLISHED]


def is_unusual(value: float | None, usual: list[float], smallest: float) -> bool:
    """Whether a value is far above the median of the nights before, and above all of them.

    `smallest` is the least difference that matters; of the rest, a twentieth of the median does.
    """
    if value is None or len(usual) < ENOUGH:
        return False
    median = statistics.median(usual)
    deviation = statistics.median(abs(each - median) for each in usual)
    scale = max(1.4826 * deviation, abs(median) / 20, smallest)
    return value > max(usual) and value - median > DEVIATIONS * scale


def unusual(night: Night, nights: list[Night]) -> list[str]:
    """What is unusual about a night, in sentences; `nights` are those before it."""
    before = successful(nights)[-HISTORY:]

    def usual(name: str) -> list[float]:
        return [value for each in before if (value := getattr(each, name)) is not None]

    def is_high(name: str, smallest: float) -> bool:
        return is_unusual(getattr(night, name), usual(name), smallest)

    def is_low(name: str, smallest: float) -> bool:
        value = getattr(night, name)
        lowered = [-each for each in usual(name)]
        return is_unusual(None if value is None else -value, lowered, smallest)

    def median(name: str) -> float:
        return statistics.median(usual(name))

    said = []
    if is_high("build_seconds", 5):
        said.append(
            f"The build took {night.build_seconds:.0f} s, usually {median('build_seconds'):.0f} s."
        )
    if is_high("rows_new", 10) or is_low("rows_new", 10):
        said.append(
            f"The exports brought {night.rows_new:,} rows more than the night before,"
            f" usually {median('rows_new'):,.0f}."
        )
    if is_high("rows_rejected_new", 10):
        said.append(
            f"{night.rows_rejected_new:,} more rows were rejected,"
            f" usually {median('rows_rejected_new'):,.0f} (why: marts.rejected_rows)."
        )
    if is_high("lag_days", 0.25):
        said.append(
            f"The newest record is {night.lag_days:.1f} days older than the newest load_date,"
            f" usually {median('lag_days'):.1f}."
        )
    if before:
        said.extend(compared(night, before[-1]))
    return said


def compared(night: Night, last: Night) -> list[str]:
    """What stood still or went backwards since the last night that was published."""
    said = []
    if night.as_of_at and last.as_of_at and night.as_of_at <= last.as_of_at:
        stood = "stands still at" if night.as_of_at == last.as_of_at else "went back to"
        said.append(f"The as-of {stood} {night.as_of_at} UTC: no newer records were exported.")
    if night.newest_load_date and night.newest_load_date == last.newest_load_date:
        said.append(f"No export has a load_date after {night.newest_load_date}.")
    for table, rows in night.table_rows.items():
        rows_before = last.table_rows.get(table, 0)
        if rows < SHRUNK * rows_before:
            said.append(f"{table} shrank from {rows_before:,} to {rows:,} rows.")
    return said


def create_tables(
    connection: duckdb.DuckDBPyConnection, schema: str, nights: list[Night], folder: Path
) -> None:
    """Create `run_log` and `run_log_tables`; the folder is for a file in passing."""
    file = folder / "nights.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(night)) + "\n" for night in nights)
    typed = {**COLUMNS, "table_rows": "map(varchar, bigint)"}
    read_json = f"read_json({literal(str(file))}, format = 'newline_delimited', columns = {typed})"
    connection.execute(
        f"create table {schema}.run_log as"
        f" select * exclude (table_rows) from {read_json} order by build_number"
    )
    connection.execute(
        f"""
        create table {schema}.run_log_tables as
        with entries as (
            select build_number, unnest(map_entries(table_rows)) as entry from {read_json}
        )
        select build_number, entry.key as table_name, entry.value as row_count
        from entries
        order by all
        """
    )
    file.unlink()


def main() -> int:
    argparse.ArgumentParser(prog="run_log", description="Show the last nights.").parse_args()
    nights = read(warehouse.published())[-HISTORY:]
    if not nights:
        print("No night has run yet: make nightly")
        return 0
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("build", "started (UTC)", "outcome"):
        table.add_column(column, no_wrap=True)
    for column in ("seconds", "rows read", "new", "rejected"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("as of (UTC)", no_wrap=True)
    for night in nights:
        numbers = [night.seconds, night.rows_read, night.rows_new, night.rows_rejected]
        table.add_row(
            str(night.build_number),
            night.started_at.replace("T", " "),
            "killed or running" if night.outcome == STARTED else night.outcome,
            *["·" if number is None else f"{number:,.0f}" for number in numbers],
            (night.as_of_at or "·").replace("T", " "),
        )
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    console.print(table)
    for night in nights:
        for sentence in filter(None, (night.message, night.warnings)):
            console.print(f"{night.build_number}: {sentence}", markup=False, soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
