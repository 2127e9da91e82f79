"""The export tables: columns from the contract, ids, order, and records with their versions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from .clock import Settings

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
T = TypeVar("T")

# The first id of tables whose records are numbered when all of them are known.
FIRST_IDS = {
    "violations": "B001",
    "ticket_events": "00001",
    "call_legs": "L0001",
    "survey_responses": "S0001",
    "trainings": "A0001",
    "coaching_sessions": "H0001",
    "ratings": "G0001",
    "closings": "P01",
    "grade_decisions": "J01",
    "interviews": "F001",
    "objections": "O01",
    "suggestions": "N001",
    "improvements": "I001",
    "management_reports": "M001",
}
# The columns that order a table; others stay as they were simulated.
ORDERS = {
    "violations": ("occurred_on", "employee_id"),
    "ticket_events": ("occurred_at",),
    "call_legs": ("offered_at", "call_id"),
    "survey_responses": ("sent_at", "contact_id"),
    "coaching_sessions": ("held_at", "coach_id", "employee_id", "metric_id"),
    "closings": ("stepped_on", "period_start", "period_type"),
    "grade_decisions": ("decided_on", "employee_id"),
    "interviews": ("held_on", "employee_id"),
    "ratings": ("submitted_at", "ratee_id", "criterion_id"),
}


@cache
def contract() -> dict[str, dict[str, str]]:
    """Table → column → type, as the dbt sources declare them; the first column is the id."""
    return {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for file in sorted(ROOT.glob("models/staging/*/_*__sources.yml"))
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
        for table in source["tables"]
    }


def numbered(first: str, items: Sequence[T]) -> Iterator[tuple[str, T]]:
    """The items with ids of one length, like the first one or longer: T0001, T0002, …"""
    prefix = first.rstrip("01")
    digits = max(len(first) - len(prefix), len(str(len(items))))
    return ((f"{prefix}{number:0{digits}}", item) for number, item in enumerate(items, 1))


@dataclass
class Record:
    """The versions of one record, oldest first, each with the day or instant it landed."""

    versions: list[tuple[date, Row]]
    shows_older: bool = False
    cases: list[str] = field(default_factory=list)

    def change(self, landed: date, **changes: Any) -> None:
        self.versions.append((landed, self.versions[-1][1] | changes))


class Exports:
    """The records of all tables, in the order of the first record of each."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.records: dict[str, list[Record]] = defaultdict(list)

    def add(self, table: str, landed: date, *sources: object, **values: Any) -> Record:
        """Add a record; columns not given are attributes of the sources (the last wins) or null."""
        row: Row = dict.fromkeys(contract()[table])
        for source in sources:
            row |= {name: getattr(source, name) for name in row if hasattr(source, name)}
        record = Record([(landed, row | values)])
        self.records[table].append(record)
        return record

    def finish(self) -> None:
        """Order and number the records."""
        for table, order in ORDERS.items():
            self.records[table].sort(key=lambda r: [r.versions[0][1][name] for name in order])
        for table, first_id in FIRST_IDS.items():
            key = next(iter(contract()[table]))
            for record_id, record in numbered(first_id, self.records[table]):
                for _, row in record.versions:
                    row[key] = record_id
