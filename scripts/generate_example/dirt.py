"""Rows that the contract must reject, put among the good ones; `dirt.csv` says which."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from .clock import MINUTE

TextRow = dict[str, str]

# Faults of a line rather than of its texts.
BENT: dict[str, Callable[[bytes], bytes]] = {
    "invalid_utf8": lambda line: line.replace(b",", b",\xff\xfe", 1),
    "unbalanced_quote": lambda line: line.replace(b",", b',"', 1),
    "extra_column": lambda line: line + b",surplus",
    "too_few_columns": lambda line: line.rsplit(b",", 2)[0],
}


class Line(NamedTuple):
    """A line of an export; `kind` names the dirt that gets it rejected."""

    content: bytes
    kind: str = ""


def csv_line(values: Iterable[str]) -> bytes:
    """One record as one line of UTF-8, without its line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(values)
    return buffer.getvalue().encode()


def is_complete(table: str, row: TextRow) -> bool:
    """Whether a row has what most dirt replaces, so that one fault makes it bad."""
    if table == "call_legs":
        return row["outcome"] == "answered"
    if table == "survey_responses":
        return row["survey_type"] == "csat" and row["score"] != ""
    if table == "quality_review_items":
        return row["is_applicable"] == "1" and row["is_calibration"] == "0"
    return table != "exams" or row["score"] != ""


def with_dirt(table: str, rows: list[TextRow], year: int) -> list[Line]:
    """The lines of a file, dirty ones among them, a fault about every few hundred lines."""
    with Path(__file__).with_name("dirt.csv").open(encoding="utf-8", newline="") as file:
        found = [dirt for dirt in csv.DictReader(file) if dirt["table"] == table]
    good = [number for number, row in enumerate(rows) if is_complete(table, row)]
    key = next(iter(rows[0]))
    dirty: list[tuple[int, Line]] = []
    for number, dirt in enumerate(found, 1):
        base, kind = good[number * len(good) // (len(found) + 2)], dirt["kind"]
        # With a made-up key, a dirty row is no version of a good one.
        row = rows[base] | ({key: f"BAD{number:02}"} if dirt["key"] == "new" else {})
        changes = dirt["changes"].format(year=year).split(";") if dirt["changes"] else []
        row |= dict(change.split("=") for change in changes)
        bend = BENT.get(kind, bytes)
        dirty.append((base, Line(bend(csv_line(row.values())), kind)))
    base = good[-1 - len(good) // 20]
    for kind, changed in dirt_between_rows(table, rows[base]):
        dirty.append((base, Line(csv_line((rows[base] | changed).values()), kind)))
    lines = [Line(csv_line(row.values())) for row in rows]
    for base, line in sorted(dirty, key=lambda pair: pair[0], reverse=True):
        lines.insert(base + 1, line)
    return lines


def dirt_between_rows(table: str, row: TextRow) -> list[tuple[str, TextRow]]:
    """Dirt that takes two rows, or a rule between columns: kinds and changes."""
    if table == "ratings":
        changes = {"rating_id": "BAD99", "relation": "peer", "rater_id": row["ratee_id"]}
        return [("self_as_peer", changes)]
    twins: list[TextRow] = []
    if table == "tickets":
        twins = [{"ticket_id": "BAD98", "priority": priority} for priority in ("low", "high")]
    elif table == "call_legs":
        twins = [{"leg_id": "BAD98", "wrap_seconds": wrap} for wrap in ("20", "21")]
    elif table == "survey_responses":
        # Two newer versions contradict each other: the one before them stays.
        later = (datetime.fromisoformat(row["updated_at"]) + MINUTE).isoformat(timespec="seconds")
        twins = [{"updated_at": later, "score": score} for score in ("1", "2")]
    return [("conflicting_duplicate", changes) for changes in twins]
