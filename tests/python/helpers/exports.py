"""Edit copies of an export folder, line by line; what is wrong with them is the tests' doing."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from helpers.project import EXPORTS

Row = dict[str, str]


@dataclass(frozen=True)
class Exports:
    """A folder of exports with one CSV file for each table."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path, source: Path = EXPORTS) -> Exports:
        shutil.copytree(source, folder)
        return cls(folder)

    def file(self, table: str) -> Path:
        return self.folder / table / f"{table}.csv"

    def lines(self, table: str) -> list[bytes]:
        """The header and the rows, without line feeds."""
        return self.file(table).read_bytes().removesuffix(b"\n").split(b"\n")

    def write(self, table: str, lines: list[bytes], end: bytes = b"\n") -> None:
        self.file(table).write_bytes(b"\n".join(lines) + end)

    def columns(self, table: str) -> list[str]:
        return self.lines(table)[0].decode().strip().split(",")

    def rows(self, table: str) -> list[Row]:
        """The rows of plain lines, without those that have quotes or the wrong length."""
        columns = self.columns(table)
        rows = []
        for line in self.lines(table)[1:]:
            fields = line.decode(errors="replace").split(",")
            if len(fields) == len(columns) and '"' not in line.decode(errors="replace"):
                rows.append(dict(zip(columns, fields, strict=True)))
        return rows

    def find(self, table: str, **wanted: str) -> Row:
        """The first plain row with these values."""
        for row in self.rows(table):
            if all(row[column] == value for column, value in wanted.items()):
                return row
        raise LookupError(f"{table} has no row with {wanted}")

    def append(self, table: str, *rows: Row) -> None:
        columns = self.columns(table)
        lines = [",".join(row[column] for column in columns).encode() for row in rows]
        self.write(table, [*self.lines(table), *lines])

    def change(self, table: str, edit: Callable[[Row], Row | None]) -> None:
        """Edit every plain row; None drops it. Quoted and malformed lines stay as they are."""
        columns = self.columns(table)
        header, *lines = self.lines(table)
        edited = []
        for line in lines:
            fields = line.decode(errors="replace").split(",")
            if len(fields) != len(columns) or b'"' in line:
                edited.append(line)
            elif row := edit(dict(zip(columns, fields, strict=True))):
                edited.append(",".join(row.values()).encode())
        self.write(table, [header, *edited])

    def keep(self, table: str, is_kept: Callable[[Row], bool]) -> None:
        self.change(table, lambda row: row if is_kept(row) else None)

    def rename_columns(self, table: str, **names: str) -> None:
        header, *lines = self.lines(table)
        columns = [names.get(name, name) for name in header.decode().strip().split(",")]
        self.write(table, [",".join(columns).encode(), *lines])


def laid_out_anew(folder: Path, seed: int = 1) -> Exports:
    """The example's rows shuffled and split into nights, one night of each table as Parquet.

    Rows of one key stay in one night: between nights, the same row twice is a newer version.
    """
    rng = random.Random(seed)
    original = Exports(EXPORTS)
    for path in sorted(EXPORTS.iterdir()):
        header, *lines = original.lines(path.name)
        rng.shuffle(lines)
        nights: list[list[bytes]] = [[], [], []]
        for line in lines:
            is_plain = is_utf8(line) and b'"' not in line and line.count(b",") == header.count(b",")
            number = zlib.crc32(line.split(b",")[0]) % len(nights) if is_plain else 0
            nights[number].append(line)
        for number, night in enumerate(nights):
            part = folder / path.name / f"load_date=2026-02-0{number + 1}" / "part.csv"
            part.parent.mkdir(parents=True)
            part.write_bytes(b"\n".join([header, *night]) + b"\n")
        to_parquet(part)
    return Exports(folder)


def to_parquet(file: Path) -> None:
    """Replace a CSV file by its rows, as text, in Parquet, with a `filename` of the exporter's."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"copy (from read_csv('{file}', header = true, all_varchar = true, delim = ',',"
            f" filename = true))"
            f" to '{file.with_suffix('.parquet')}'"
        )
    file.unlink()


def is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
