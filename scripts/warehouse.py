"""Where the warehouse is, and how to open it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import duckdb
from dotenv import find_dotenv, load_dotenv

PROJECT = Path(__file__).resolve().parent.parent

# What DuckDB says of a file that is broken, or written by a DuckDB that this one cannot read.
BROKEN = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Trying to read a database file with version number",
    "Failure while replaying WAL",
    "Could not read enough bytes",
)
# DuckDB names a database after its file. What these say could be the database, or else a schema in
# it, one of DuckDB's own, or a file that is attached.
NAMES_TAKEN = {
    *("raw", "staging", "intermediate", "plan", "marts", "published", "test_failures"),
    *("information_schema", "main", "system", "temp", "kept", "publication"),
}
# What it says of a file that another program has open.
IN_USE = "Could not set lock"


# What dbt reads into the environment, and in this order, however the script was started: a file
# `.env` of the working folder, or above it, and then of the project, where dbt is run.
for in_working_folder in (True, False):
    load_dotenv(find_dotenv(usecwd=in_working_folder), override=False)


class Unreadable(Exception):
    """The warehouse cannot be read; the message is a sentence that says why."""


def setting(name: str, default: str = "") -> str:
    """A setting of the environment; one that is empty is not set."""
    return os.environ.get(name) or default


def path() -> Path:
    """The DuckDB file: `$SCORECARD_DUCKDB`, by default `warehouse.duckdb` in the project."""
    file = PROJECT / setting("SCORECARD_DUCKDB", "warehouse.duckdb")
    if (name := file.name.lstrip(".").split(".")[0].lower()) in NAMES_TAKEN:
        raise Unreadable(
            f"The warehouse cannot be {file.name}, for {name} is something else in DuckDB:"
            " name another file in SCORECARD_DUCKDB."
        )
    return file


def lock_file() -> Path:
    """What those who build the warehouse lock while they do."""
    return path().with_name(f"{path().name}.lock")


def published() -> Path:
    """What BI reads: `$SCORECARD_PUBLISHED`, by default the folder `published` in the project."""
    return PROJECT / setting("SCORECARD_PUBLISHED", "published")


def connected(file: Path | str = ":memory:", **options: Any) -> duckdb.DuckDBPyConnection:
    """A connection that takes no more memory than `$SCORECARD_MEMORY`, as the build does."""
    connection = duckdb.connect(str(file), **options)
    try:
        connection.execute("set memory_limit = ?", [setting("SCORECARD_MEMORY", "4GB")])
    except duckdb.Error as error:
        connection.close()
        raise type(error)(f"SCORECARD_MEMORY: {first_line(error)}") from None
    return connection


def reading(file: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads a warehouse as the build does.

    Views of the warehouse read the exports in place, and the times of these in this zone.
    """
    connection = connected(file, read_only=True)
    time_zone = setting("SCORECARD_SOURCE_TIME_ZONE", "Asia/Shanghai")
    connection.execute("set TimeZone = ?", [time_zone])
    return connection


def opened() -> duckdb.DuckDBPyConnection:
    """The warehouse, opened for reading."""
    if not path().exists():
        raise Unreadable(f"There is no warehouse at {path().name} yet. Build it first: make build")
    try:
        return reading(path())
    except duckdb.Error as error:
        if IN_USE in str(error):
            raise Unreadable(
                f"{path().name} is being written. Wait for the build to end, then try again."
            ) from error
        raise Unreadable(f"{path().name} cannot be opened: {first_line(error)}") from error


def connect() -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading; end with one sentence if that is not possible."""
    try:
        return opened()
    except Unreadable as error:
        sys.exit(str(error))


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: Any = None
) -> list[dict[str, Any]]:
    """The rows of a query by the names of its columns; values by place or by name."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def is_broken(message: str, file: Path | None = None) -> bool:
    """Whether an error of DuckDB's says that a file, or the warehouse, is beyond repair."""
    broken = any(sign in message for sign in BROKEN)
    # The same words can be about an export: a truncated Parquet file, for example. By its name,
    # for DuckDB writes a path with `..` in another way.
    return broken and ("Corrupt database file" in message or (file or path()).name in message)


def set_aside() -> Path | None:
    """Move the warehouse, if there is one, away: the next build starts from nothing.

    Only one is kept.
    """
    if not path().exists():
        return None
    kept = path().with_name(f"{path().name}.unreadable")
    for suffix in ("", ".wal"):
        file, target = Path(f"{path()}{suffix}"), Path(f"{kept}{suffix}")
        target.unlink(missing_ok=True)
        if file.exists():
            file.replace(target)
    return kept


def first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
