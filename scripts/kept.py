"""What was published stays, whatever becomes of the working file: it is carried into the next one.

    python -m scripts.kept      save it beside the working file, before that is removed

A new working file takes up the versions of whichever holds the most: the file that was set aside,
what was saved, or the current publication (which has no records and no plan behind them).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from scripts import publish, warehouse
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
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
            ).fetchall()
    except duckdb.Error:
        return {}
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
    """How many versions a file holds; 0 if it cannot be read."""
    queries = copies(file)
    if not queries:
        return 0
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(file))} as kept (read_only)")
        return connection.execute(f"select count(*) from ({queries['versions']})").fetchone()[0]


def copy(source: Path, target: Path) -> None:
    """Make a file that holds the versions of another, and nothing else."""
    queries = copies(source)
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(
        str(unfinished), config={"storage_compatibility_version": "latest"}
    ) as connection:
        connection.execute(f"attach {literal(str(source))} as kept (read_only)")
        connection.execute("create schema published")
        for name in (name for name in TABLES if name in queries):
            connection.execute(f"create table published.{name} as {queries[name]}")
    unfinished.replace(target)


def restore() -> str:
    """Begin a new working file with what was published; says from where, or nothing."""
    working = warehouse.path()
    if working.exists():
        return ""
    sources = [working.with_name(f"{working.name}.unreadable"), saved()]
    if current := publish.current(warehouse.published()):
        sources.append(current / publish.DATABASE)
    counts = {source: versions(source) for source in sources if source.exists()}
    best = max(counts, key=counts.__getitem__, default=None)
    if best is None or not counts[best]:
        return ""
    working.parent.mkdir(parents=True, exist_ok=True)
    copy(best, working)
    return f"{counts[best]} versions of published results were taken over from {best.name}."


def main() -> int:
    working = warehouse.path()
    if working.exists() and versions(working):
        copy(working, saved())
        print(f"What was published is kept in {saved().name}: the next build takes it up.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
