"""Compare the project's public tables with those of the reference, row by row.

    python -m scripts.bench.compare WAREHOUSE REFERENCE

Prints each table with its rows and the rows that only one side has; exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Comparison:
    """A table; rows that only one side has, of the columns that the reference has."""

    table: str
    rows: int
    only_project: int
    only_reference: int
    missing: str = ""  # what the project lacks
    unread: tuple[str, ...] = ()  # columns that only the project has

    @property
    def is_equal(self) -> bool:
        return not (self.missing or self.only_project or self.only_reference)

    def __str__(self) -> str:
        found = "equal" if self.is_equal else f"-{self.only_project:,} +{self.only_reference:,}"
        words = f"{self.table:<32} {self.rows:>12,} rows  {self.missing or found}"
        return f"{words}  (not compared: {', '.join(self.unread)})" if self.unread else words


def columns(connection: duckdb.DuckDBPyConnection, database: str, table: str) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            "select column_name from duckdb_columns() where database_name = ? and table_name = ?"
            " and schema_name in ('marts', 'main') order by column_index",
            [database, table],
        ).fetchall()
    ]


def compared(connection: duckdb.DuckDBPyConnection, table: str) -> Comparison:
    theirs = columns(connection, "reference", table)
    ours = columns(connection, "project", table)
    if lacking := [column for column in theirs if column not in ours]:
        return Comparison(table, 0, 0, 0, f"the project lacks {', '.join(lacking)}")
    names = ", ".join(theirs)
    project = f"select {names} from project.marts.{table}"
    reference = f"select {names} from reference.main.{table}"
    counts = connection.execute(
        f"select (select count(*) from ({project})),"
        f" (select count(*) from ({project} except all {reference})),"
        f" (select count(*) from ({reference} except all {project}))"
    ).fetchone()
    return Comparison(table, *counts, unread=tuple(c for c in ours if c not in theirs))


def compare(project: Path, reference: Path) -> list[Comparison]:
    """Every table of the reference with the table of that name in the schema `marts`."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{project}' as project (read_only)")
        connection.execute(f"attach '{reference}' as reference (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'reference' order by all"
        ).fetchall()
        return [compared(connection, table) for (table,) in tables]


def main() -> int:
    parser = argparse.ArgumentParser("compare", description=__doc__.splitlines()[0])
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("reference", type=Path)
    options = parser.parse_args()
    comparisons = compare(options.warehouse, options.reference)
    print(*comparisons, sep="\n")
    return 0 if all(comparison.is_equal for comparison in comparisons) else 1


if __name__ == "__main__":
    sys.exit(main())
