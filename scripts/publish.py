"""The published copy of the warehouse, which BI reads: one folder per build, and one link to it.

    python -m scripts.publish list
    python -m scripts.publish verify [BUILD]
    python -m scripts.publish use BUILD

    published/
        current -> builds/000012-20260131T021500Z      replaced in one step
        scorecards.duckdb -> current/scorecards.duckdb
        manifest.json -> current/manifest.json
        builds/000012-20260131T021500Z/                never changed once it is there
            scorecards.duckdb   manifest.json   parquet/<table>.parquet

`verify` compares a build with its manifest, row by row; `use` makes an earlier build current.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from scripts import lock, run_log, warehouse
from scripts.content_hash import content_hash, literal, quoted

SCHEMA = "marts"
DATABASE = "scorecards.duckdb"
MANIFEST = "manifest.json"
PARQUET = "parquet"
# Every DuckDB since 1.0 reads it. The default of today's DuckDB can be read by itself alone.
STORAGE_VERSION = "v1.0.0"
UNSOUND = "is the disk sound?"
# Tables that say what the rest is; they differ from build to build even if the marts do not.
ABOUT = ("build", "run_log", "run_log_tables")

Manifest = dict[str, Any]


class Problem(Exception):
    """Something cannot be published; the message is a sentence for the one who is called."""


@dataclass(frozen=True)
class Build:
    """What a publication says of itself: the one row of its table `build`. Instants are UTC."""

    build_id: str
    build_number: int
    started_at: datetime
    as_of_at: datetime | None
    git_commit: str | None
    git_is_dirty: bool | None
    project_version: str
    dbt_version: str
    duckdb_version: str


BUILD_TYPES = {"build_number": "bigint", "git_is_dirty": "boolean"}


@dataclass(frozen=True)
class Mart:
    """A table to publish, with its description and those of its columns."""

    name: str
    description: str
    columns: dict[str, str]


# Where things are


def builds(published: Path) -> list[Path]:
    """The folders of all builds, by number; the clock has no say in their order."""
    found = (published / "builds").glob("[0-9]*-*")
    return sorted(found, key=lambda folder: number_of(folder.name))


def number_of(build_id: str) -> int:
    number = build_id.split("-")[0]
    return int(number) if number.isdigit() else 0


def current(published: Path) -> Path | None:
    """The folder of the current build: resolve once, then read its files as long as you like."""
    link = published / "current"
    return link.resolve() if link.exists() else None


def manifest_of(folder: Path) -> Manifest:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{MANIFEST} of {folder.name} cannot be read: {error}") from None


# Writing


def write(
    published: Path, working: Path, marts: list[Mart], build: Build, nights: list[run_log.Night]
) -> Path:
    """Write a build into a hidden folder, read it back to compare, and return the folder."""
    folder = published / "builds" / f".{build.build_id}"
    (folder / PARQUET).mkdir(parents=True)
    with warehouse.reading(working) as connection:
        connection.execute(
            f"attach {literal(str(folder / DATABASE))} as publication"
            f" (read_write, storage_version '{STORAGE_VERSION}')"
        )
        schema = f"publication.{SCHEMA}"
        connection.execute(f"create schema {schema}")
        for mart in marts:
            copy_mart(connection, mart, schema)
        create_build(connection, schema, build)
        run_log.create_tables(connection, schema, nights, folder)
        tables, written = {}, {}
        for name in [*(mart.name for mart in marts), *ABOUT]:
            relation = f"{schema}.{quoted(name)}"
            write_parquet(connection, relation, folder / PARQUET / f"{name}.parquet", build)
            written[name] = fingerprint(connection, relation)
            rows, hashed = content_hash(connection, relation)
            described = connection.execute(f"describe {relation}").fetchall()
            columns = {column: kind for column, kind, *_ in described}
            tables[name] = {"rows": rows, "content_hash": hashed, "columns": columns}
        connection.execute("detach publication")
    read_back(folder, written)
    manifest = {
        **asdict(build),
        "finished_at": utc_now(),
        "storage_version": STORAGE_VERSION,
        "schema": SCHEMA,
        # Two builds with the same hash hold the same rows in the same marts.
        "content_hash": hash_of_hashes(tables),
        "tables": tables,
        "files": {
            str(file.relative_to(folder)): {
                "bytes": file.stat().st_size,
                "sha256": file_hash(file),
            }
            for file in files_in(folder)
        },
    }
    text = json.dumps(manifest, indent=2, default=str, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
    return folder


def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
    """Rows and a quick hash, which only this version of DuckDB computes so."""
    query = f"select count(*), coalesce(sum(hash(one)), 0) from {relation} as one"
    return connection.execute(query).fetchone()


def read_back(folder: Path, written: dict[str, tuple[int, int]]) -> None:
    """See whether the files hold what was written into them."""
    try:
        with warehouse.connected(folder / DATABASE, read_only=True) as connection:
            for name, expected in written.items():
                for relation in relations_of(folder, name):
                    if fingerprint(connection, relation) != expected:
                        raise Problem(f"{relation} does not hold what was written: {UNSOUND}")
    except duckdb.Error as error:
        # The working file is another, and has been read to its end.
        if warehouse.is_broken(str(error), folder / DATABASE):
            raise Problem(f"{warehouse.first_line(error)} in what was written: {UNSOUND}") from None
        raise


def relations_of(folder: Path, name: str) -> tuple[str, str]:
    """A table in the DuckDB file of a build, and in its Parquet file."""
    parquet = literal(str(folder / PARQUET / f"{name}.parquet"))
    return f"{SCHEMA}.{quoted(name)}", f"read_parquet({parquet})"


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def copy_mart(connection: duckdb.DuckDBPyConnection, mart: Mart, schema: str) -> None:
    """Copy a table or a view, sorted: the same rows make the same file."""
    source, target = (f"{name}.{quoted(mart.name)}" for name in (SCHEMA, schema))
    described = connection.execute(f"describe {source}").fetchall()
    # PostgreSQL, and more readers than one would think, stop at a NUL in a text.
    columns = [
        f"replace({quoted(name)}, chr(0), '␀') as {quoted(name)}"
        if kind == "VARCHAR"
        else quoted(name)
        for name, kind, *_ in described
    ]
    connection.execute(
        f"create table {target} as select {', '.join(columns)} from {source} order by all"
    )
    if mart.description:
        connection.execute(f"comment on table {target} is {literal(mart.description)}")
    for name, *_ in described:
        if mart.columns.get(name):
            connection.execute(
                f"comment on column {target}.{quoted(name)} is {literal(mart.columns[name])}"
            )


def create_build(connection: duckdb.DuckDBPyConnection, schema: str, build: Build) -> None:
    values = asdict(build)
    typed = ", ".join(
        f"cast(? as {'timestamp' if name.endswith('_at') else BUILD_TYPES.get(name, 'varchar')})"
        f" as {name}"
        for name in values
    )
    connection.execute(f"create table {schema}.build as select {typed}", list(values.values()))


def write_parquet(
    connection: duckdb.DuckDBPyConnection, relation: str, file: Path, build: Build
) -> None:
    connection.execute(
        f"copy {relation} to {literal(str(file))} (format parquet, compression zstd,"
        f" kv_metadata {{build_id: {literal(build.build_id)}}})"
    )


def files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.name != MANIFEST)


def file_hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def hash_of_hashes(tables: dict[str, dict[str, Any]]) -> str:
    marts = [
        f"{name}:{tables[name]['content_hash']}" for name in sorted(tables) if name not in ABOUT
    ]
    return hashlib.sha256("\n".join(marts).encode()).hexdigest()


# Verifying


def verify(folder: Path) -> list[str]:
    """What differs between a build and its manifest, in sentences; nothing, if all is well."""
    try:
        manifest = manifest_of(folder)
    except Problem as problem:
        return [str(problem)]
    said = []
    present = {str(file.relative_to(folder)): file for file in files_in(folder)}
    for name in sorted(present.keys() ^ manifest["files"].keys()):
        said.append(f"{name} is {'not in the manifest' if name in present else 'missing'}.")
    for name in sorted(present.keys() & manifest["files"].keys()):
        if file_hash(present[name]) != manifest["files"][name]["sha256"]:
            said.append(f"{name} has other bytes than were published.")
    if said:
        return said
    try:
        with warehouse.connected(folder / DATABASE, read_only=True) as connection:
            for name, expected in manifest["tables"].items():
                for relation in relations_of(folder, name):
                    found = content_hash(connection, relation)
                    if found != (expected["rows"], expected["content_hash"]):
                        said.append(f"{relation} has {found[0]:,} rows, or others than published.")
    except duckdb.Error as error:
        said.append(warehouse.first_line(error))
    return said


# Making it current


def make_ready(published: Path, build_id: str) -> None:
    """Everything that turning the link needs, so that it cannot fail for want of room.

    There is no link to the Parquet files: many readers, DuckDB among them, open such a file
    several times for one query. They resolve `current` first.
    """
    for name in (DATABASE, MANIFEST):
        link(published, name, f"current/{name}")
        turn(published, name)
    link(published, "current", f"builds/{build_id}")


def make_current(published: Path) -> None:
    """Show readers the build that was made ready: all of its files, in one step."""
    turn(published, "current")
    sync(published)


def place(published: Path, folder: Path, build_id: str) -> None:
    """Give a written build its name, when all of it has reached the disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            # Nobody opens it for writing by mistake, which would lock all others out.
            path.chmod(path.stat().st_mode & ~0o222)
        sync(path)
    sync(folder)
    final = published / "builds" / build_id
    folder.rename(final)
    sync(final.parent)


def link(published: Path, name: str, target: str) -> None:
    """Make a symbolic link beside its place."""
    place = published / name
    if place.exists() and not place.is_symlink():
        raise Problem(f"{name} in the published folder is no link of ours: move it away.")
    new = published / f".{name}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(target)


def turn(published: Path, name: str) -> None:
    """Put a link in its place; at every instant there is one."""
    (published / f".{name}.new").replace(published / name)


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Cleaning up


def remove_leftovers(published: Path) -> None:
    """What killed nights left half done; a file system keeps hidden files of its own there."""
    for left in (published / "builds").glob(".[0-9]*-*"):
        remove(left)


def prune(published: Path, keep: int, before: Path | None = None) -> list[str]:
    """Remove all but the newest builds, the current one and the one before; returns the removed."""
    kept = [current(published), before, *builds(published)[-keep:]]
    names = {folder.name for folder in kept if folder}
    removed = []
    for folder in builds(published):
        if folder.name not in names:
            # Under its name it is whole or gone.
            hidden = folder.with_name(f".{folder.name}.removed")
            folder.rename(hidden)
            remove(hidden)
            removed.append(folder.name)
    return removed


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# By hand


def find(published: Path, build_id: str | None) -> Path:
    """The folder of a build, by its id or its number; without either, the current one."""
    if build_id is None:
        if folder := current(published):
            return folder
        raise Problem(f"Nothing is published in {published} yet: make nightly")
    for folder in builds(published):
        if build_id in (folder.name, str(number_of(folder.name))):
            return folder
    names = ", ".join(folder.name for folder in builds(published)) or "none"
    raise Problem(f"There is no build {build_id}; there are: {names}")


def check(folder: Path) -> None:
    if problems := verify(folder):
        raise Problem(f"{folder.name} is damaged: {' '.join(problems)}")


def show_builds(published: Path) -> None:
    now = find(published, None)
    for folder in builds(published):
        try:
            manifest = manifest_of(folder)
        except Problem as problem:
            print(problem)
            continue
        rows = sum(table["rows"] for name, table in manifest["tables"].items() if name not in ABOUT)
        print(
            f"{folder.name}  as of {manifest['as_of_at']}  {rows:>12,} rows"
            f"  {manifest['content_hash'][:12]}{'  current' if folder.name == now.name else ''}"
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="publish", description="Look after published builds.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="list the builds that are kept")
    check = commands.add_parser("verify", help="compare a build with its manifest")
    check.add_argument("build", nargs="?", help="id or number; the current one if left out")
    use = commands.add_parser("use", help="make an earlier build the current one")
    use.add_argument("build", help="id or number")
    for command in (check, use):
        command.add_argument(
            "--postgres",
            metavar="DSN",
            default=warehouse.setting("SCORECARD_POSTGRES"),
            help="the same for this PostgreSQL database (default: $SCORECARD_POSTGRES)",
        )
    return parser.parse_args()


def main() -> int:
    from scripts import postgres  # it needs what is above

    given = arguments()
    published = warehouse.published()
    try:
        if given.command == "list":
            show_builds(published)
            return 0
        folder = find(published, given.build)
        if given.command == "verify":
            check(folder)
            if given.postgres and (problems := postgres.verify(given.postgres, folder)):
                raise Problem(f"PostgreSQL differs from {folder.name}: {' '.join(problems)}")
            print(f"{folder.name} is what was published.")
            return 0
        # Looked at under the lock: the end of a night removes the oldest builds.
        with lock.held(published / ".lock"):
            check(folder)
            if given.postgres:
                with postgres.loaded(given.postgres, folder) as loaded:
                    make_ready(published, folder.name)
                    loaded.commit()
                    make_current(published)
            else:
                make_ready(published, folder.name)
                make_current(published)
        print(f"{folder.name} is current.")
        return 0
    except lock.Taken as holder:
        print(f"A night is running ({holder}). Wait for it to end.", file=sys.stderr)
        return 3
    except (Problem, OSError, duckdb.Error) as error:
        print(warehouse.first_line(error), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
