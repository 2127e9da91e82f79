"""What was published stays, whatever becomes of the working file: it is carried into the next one.

    python -m scripts.kept              save it beside the working file, before that is removed
    python -m scripts.kept --remove     and remove the working file, and the one that was set aside

A new working file takes up the versions of whichever holds the most: what was saved, the file that
was set aside, or the current publication (which has no records and no plan behind them).

Exit codes: 0 saved, or nothing to save · 1 not all of it could be saved · 3 a night or a build is
running.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb

from scripts import lock, publish, warehouse
from scripts.content_hash import literal

# The versions last: without them, the rows do not count.
TABLES = ("scores", "outcomes", "records", "plan_rows", "versions")
# Where a publication holds a table, and how its rows are read back.
PUBLISHED = {
    "scores": "select distinct * exclude (version_number, step, step_id, stepped_on)"
    " from {file}.marts.published_scores",
    "outcomes": "select distinct * exclude (version_number, step, step_id, stepped_on)"
    " from {file}.marts.published_outcomes",
    "versions": "from {file}.marts.published_versions",
}


def saved() -> Path:
    """Where the versions are kept while there is no working file."""
    working = warehouse.path()
    return working.with_name(f"{working.stem}.kept{working.suffix}")


def copies(file: Path) -> dict[str, str]:
    """How the tables of `published` are read from a file attached as `kept`: those that it has."""
    with warehouse.connected(file, read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
    names = {name for (name,) in found}
    if "published.versions" in names:
        return {
            name: f"from kept.published.{name}" for name in TABLES if f"published.{name}" in names
        }
    if "marts.published_versions" in names:
        return {
            name: query.format(file="kept")
            for name, query in PUBLISHED.items()
            if f"marts.published_{name}" in names
        }
    return {}


def versions(file: Path) -> int:
    """How many versions a file holds; 0 if there is no such file, or if it is broken."""
    if not file.exists():
        return 0
    try:
        queries = copies(file)
        if not queries:
            return 0
        with warehouse.connected() as connection:
            connection.execute(f"attach {literal(str(file))} as kept (read_only)")
            return connection.execute(f"select count(*) from ({queries['versions']})").fetchone()[0]
    except duckdb.Error as error:
        if warehouse.is_broken(str(error), file):
            return 0
        raise


def copy(source: Path, target: Path) -> None:
    """Make a file that holds the versions of another, and nothing else."""
    queries = copies(source)
    unfinished = target.with_name(f"{target.name}.unfinished")
    remove(unfinished)
    try:
        with warehouse.connected(
            unfinished, config={"storage_compatibility_version": "latest"}
        ) as connection:
            connection.execute(f"attach {literal(str(source))} as kept (read_only)")
            connection.execute("create schema published")
            for name in (name for name in TABLES if name in queries):
                connection.execute(f"create table published.{name} as {queries[name]}")
            # What cannot be written is an error here; at the closing nobody would hear of it.
            connection.execute("checkpoint")
        unfinished.replace(target)
    finally:
        remove(unfinished)


def remove(file: Path) -> None:
    """Remove a file and its log, which would be taken for that of the next one."""
    for suffix in ("", ".wal"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def read(source: Path) -> None:
    """Read all that `copy` would: the error of a broken file comes now."""
    with warehouse.connected() as connection:
        connection.execute(f"attach {literal(str(source))} as kept (read_only)")
        for query in copies(source).values():
            connection.execute(f"select sum(hash(one)) from ({query}) as one").fetchall()


class Taken(NamedTuple):
    """How many versions were copied, from which file, and which broken one holds more."""

    versions: int = 0
    source: str = ""
    lost: str = ""

    def __str__(self) -> str:
        if not self.versions:
            return self.lost
        taken = f"{self.versions} versions of published results are taken over from {self.source}."
        return f"{taken} {self.lost}".strip()


def take(sources: list[Path], target: Path) -> Taken:
    """Copy the versions of the file that holds the most, the first of several.

    One that proves broken is passed over; the target itself, if it holds the most, stays.
    """
    counts = {source: versions(source) for source in sources}
    most, lost = max(counts.values()), ""
    for source in sorted(counts, key=counts.__getitem__, reverse=True):
        count = counts[source]
        if not count:
            break
        try:
            if source == target:
                read(source)
            else:
                copy(source, target)
        except duckdb.Error as error:
            if not warehouse.is_broken(str(error), source):
                raise
            lost = lost or f"{source.name} holds {count} versions, but is broken."
        else:
            return Taken(count, source.name, lost if count < most else "")
    return Taken(lost=lost)


def aside() -> list[Path]:
    """What is beside a working file, and may hold versions of its past."""
    working = warehouse.path()
    return [saved(), working.with_name(f"{working.name}.unreadable")]


def restore() -> str:
    """Begin a new working file with what was published; says from where, or nothing."""
    working = warehouse.path()
    if working.exists():
        return ""
    working.parent.mkdir(parents=True, exist_ok=True)
    # A log without its database would be taken for the new one's.
    Path(f"{working}.wal").unlink(missing_ok=True)
    current = publish.current(warehouse.published())
    return str(take([*aside(), *([current / publish.DATABASE] if current else [])], working))


def save() -> Taken:
    """Keep what was published beside the working file."""
    return take([*aside(), warehouse.path()], saved())


def remove_working_files() -> None:
    """What builds leave but for the lock: somebody may already wait for it."""
    working = warehouse.path()
    remove(working)
    remove(working.with_name(f"{working.name}.unreadable"))
    shutil.rmtree(f"{working}.tmp", ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="kept", description="Save what was published.")
    parser.add_argument("--remove", action="store_true", help="and remove the working file")
    given = parser.parse_args(arguments)
    try:
        with lock.held(warehouse.lock_file()):
            if warehouse.path().exists():
                # One that cannot be opened may hold anything.
                warehouse.opened().close()
            taken = save()
            if given.remove and not taken.lost:
                remove_working_files()
    except lock.Taken as holder:
        print(f"A night or a build is running ({holder}). Wait for it to end.", file=sys.stderr)
        return 3
    except (OSError, duckdb.Error, warehouse.Unreadable) as error:
        print(f"What was published cannot be kept: {warehouse.first_line(error)}", file=sys.stderr)
        return 1
    if taken.lost:
        print(
            f"What was published cannot be kept whole: {taken.lost}"
            " Remove that file by hand if nobody needs it.",
            file=sys.stderr,
        )
        return 1
    if taken.versions:
        print(f"What was published is kept in {saved().name}: the next build takes it up.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
