"""How the exports are read: lines, types, rejections, versions (docs/contract.md).

Every record of a file ends staged, superseded or rejected; the oracle keeps the staged rows, all
versions, and the places of the rejected ones. It reads CSV only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .arithmetic import settled
from .contract import CONTRACT, Row, Table

Tables = dict[str, list[Row]]
Files = tuple[tuple[str, bytes], ...]  # their paths below the exports' folder, and contents

FIRST_POSSIBLE_DAY = date(1900, 1, 1)
FIRST_POSSIBLE_INSTANT_DAY = date(2000, 1, 1)
LAST_POSSIBLE_DAY = date(2099, 12, 31)

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ](?P<clock>\d{2}:\d{2}(:\d{2}(\.\d+)?)?)"
    r"(?P<offset>Z|z|[+-]\d{2}(:?\d{2})?)?",
    re.ASCII,
)
FIELD = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:,|$)|([^,"]*)(?:,|$)')
LOAD_DATE = re.compile(r"load_date=(\d{4}-\d{2}-\d{2})")


class Rejected(Exception):
    """The record breaks the contract."""


class Place(NamedTuple):
    """Where a record stands: the file below the exports' folder, and its line, from 1."""

    table: str
    line: int
    file: str


@dataclass
class Record:
    place: Place
    row: Row
    load_date: date


@dataclass
class Exports:
    tables: Tables
    versions: Tables  # with the older ones of each record
    rejected: set[Place]


def read_exports(folder: Path, source_zone: ZoneInfo, absent: Collection[str] = ()) -> Exports:
    exports = Exports({}, {}, set())
    for name in CONTRACT:
        files = () if name in absent else _files(folder, name)
        newest_first, rejected = _read_table(name, files, source_zone)
        exports.tables[name] = [versions[0] for versions in newest_first]
        exports.versions[name] = [row for versions in newest_first for row in versions]
        exports.rejected |= rejected
    return exports


@lru_cache(maxsize=2 * len(CONTRACT))
def _read_table(
    name: str, files: Files, zone: ZoneInfo
) -> tuple[tuple[tuple[Row, ...], ...], frozenset[Place]]:
    """What was read once is not read again, wherever it lies: nobody can change its rows.

    The versions of each record, the newest first; and the places of the rejected ones.
    """
    table, rejected = CONTRACT[name], set()
    records: list[Record] = []
    for source_file, content in files:
        records += _read_file(source_file, content, table, zone, rejected)
    newest_first = tuple(
        tuple(MappingProxyType(row) for row in versions)
        for versions in _versions(records, table, rejected)
    )
    return newest_first, frozenset(rejected)


# Files and lines


def _files(folder: Path, name: str) -> Files:
    files = sorted((folder / name).rglob("*.csv"))
    if any((folder / name).rglob("*.parquet")):
        raise ValueError(f"The export {name} has Parquet files; the oracle reads CSV only")
    if not files:
        raise ValueError(f"The export {name} is missing: no CSV file in {folder / name}")
    return tuple((file.relative_to(folder).as_posix(), file.read_bytes()) for file in files)


def _read_file(
    source_file: str, content: bytes, table: Table, zone: ZoneInfo, rejected: set[Place]
) -> Iterator[Record]:
    load_dates = LOAD_DATE.findall(source_file)
    load_date = date.fromisoformat(load_dates[-1]) if load_dates else date.min
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    header = [name.lower() for name in split_line(lines[0].decode())]
    missing = sorted(set(table.columns) - set(header))
    if missing:
        raise ValueError(f"{source_file} has no column {', '.join(missing)}")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        place = Place(table.name, number, source_file)
        try:
            yield Record(place, _typed_row(line, header, table, zone), load_date)
        except Rejected:
            rejected.add(place)


def split_line(line: str) -> list[str]:
    """The trimmed fields of one line."""
    line = line.removesuffix("\r")
    if '"' not in line:
        return [text.strip() for text in line.split(",")]
    texts, position = [], 0
    while True:
        field = FIELD.match(line, position)
        if field is None:
            raise Rejected("a quote is not balanced")
        quoted, bare = field.groups()
        texts.append((bare if quoted is None else quoted.replace('""', '"')).strip())
        position = field.end()
        if not field[0].endswith(","):
            return texts


def _typed_row(line: bytes, header: list[str], table: Table, zone: ZoneInfo) -> Row:
    try:
        texts = split_line(line.decode())
    except UnicodeDecodeError as error:
        raise Rejected("not UTF-8") from error
    if len(texts) != len(header):
        raise Rejected("wrong number of fields")
    fields = dict(zip(header, texts, strict=True))
    row: Row = {}
    for name, column in table.columns.items():
        text = fields[name]
        row[name] = typed(text, column.type, zone) if text else None
        if not column.takes(row[name]):
            raise Rejected(f"{name} cannot be {text!r}")
    if any(is_at_fault(row) for is_at_fault in table.faults):
        raise Rejected("breaks a rule")
    return row


# Types


def typed(text: str, type_name: str, zone: ZoneInfo) -> Any:
    try:
        if type_name == "timestamp":
            return _timestamp(text, zone)
        return PARSERS[type_name](text)
    except (ValueError, OverflowError) as error:
        raise Rejected(f"not a {type_name}") from error


def _boolean(text: str) -> bool:
    word = text.lower()
    if word in ("true", "t", "yes", "1"):
        return True
    if word in ("false", "f", "no", "0"):
        return False
    raise ValueError(text)


def _number(text: str) -> Fraction:
    if not NUMBER.fullmatch(text):
        raise ValueError(text)
    return Fraction(text)


def _integer(text: str) -> int:
    number = _number(text)
    if number.denominator != 1:
        raise ValueError(text)
    return int(number)


def _date(text: str) -> date:
    if not DATE.fullmatch(text):
        raise ValueError(text)
    return _possible(date.fromisoformat(text), FIRST_POSSIBLE_DAY)


def _timestamp(text: str, source_zone: ZoneInfo) -> datetime:
    parts = TIMESTAMP.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    local = datetime.fromisoformat(f"{parts['day']} {parts['clock']}")
    instant = local.replace(tzinfo=_zone_of(parts["offset"], source_zone)).astimezone(UTC)
    _possible(instant.date(), FIRST_POSSIBLE_INSTANT_DAY)
    return instant


def _zone_of(offset: str | None, source_zone: ZoneInfo) -> ZoneInfo | timezone:
    if offset is None:
        return source_zone
    if offset in "Zz":
        return UTC
    digits = offset[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-ahead if offset[0] == "-" else ahead)


def _possible(day: date, first: date) -> date:
    if not first <= day <= LAST_POSSIBLE_DAY:
        raise ValueError(day)
    return day


PARSERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "boolean": _boolean,
    "integer": _integer,
    "decimal": lambda text: settled(_number(text), 4),
    "date": _date,
}


# Versions and duplicates


def _versions(records: list[Record], table: Table, rejected: set[Place]) -> list[list[Row]]:
    """The versions of every key that nothing contradicts; all but the first are superseded."""
    versions: dict[tuple, dict[tuple, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        key = tuple(record.row[name] for name in table.key)
        version = (record.row[table.version] if table.version else None, record.load_date)
        versions[key][version].append(record)

    found = []
    for of_key in versions.values():
        newest_first = []
        for version in sorted(of_key, reverse=True):
            twins = of_key[version]
            if all(twin.row == twins[0].row for twin in twins):
                newest_first.append(twins[0].row)
                rejected.update(twin.place for twin in twins[1:])
            else:
                rejected.update(twin.place for twin in twins)
        if newest_first:
            found.append(newest_first)
    return found
