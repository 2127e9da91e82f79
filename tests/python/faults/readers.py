"""Readers of the published scorecards, each a process of its own, that check every read.

    python -m faults.readers KIND PUBLISHED PAUSE [DSN]

A reader reads a few tables and compares each with the manifest of the build it says it is. It
prints a line when it starts to read and, when its standard input is closed, what it saw.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb
import psycopg

from scripts import publish
from scripts.content_hash import POSTGRES, content_hash, literal, query
from scripts.publish import Manifest

HELD = 40  # reads on one connection before the reader that keeps it opens another
LARGEST = 5_000  # rows of the tables that are read
TABLES = 8  # that are read at a time
TOLD = 5  # errors kept in full

FILES = ("duckdb", "duckdb held", "parquet")
POSTGRES_KINDS = ("postgres transaction", "postgres statement")


@dataclass
class Seen:
    """What a reader saw; `slowest` in seconds."""

    kind: str
    reads: int = 0
    errors: int = 0
    mixed: int = 0
    builds: int = 0
    slowest: float = 0
    told: list[str] = field(default_factory=list)


class Manifests:
    """The manifests of all builds there ever were, each read once."""

    def __init__(self, published: Path) -> None:
        self.published = published
        self.known: dict[str, Manifest] = {}

    def __getitem__(self, build_id: str) -> Manifest:
        if build_id not in self.known:
            self.known[build_id] = publish.manifest_of(self.published / "builds" / build_id)
        return self.known[build_id]


class Mixed(Exception):
    """What was read is not one build."""


Read = Callable[[], str]  # returns the id of the build that was read


def tables_of(manifest: Manifest) -> list[str]:
    """Some at random: all of them, or the large ones, would leave the nights no time."""
    names = [name for name, table in manifest["tables"].items() if table["rows"] <= LARGEST]
    return random.sample(names, min(TABLES, len(names)))


def compare(manifest: Manifest, name: str, found: tuple[int, str]) -> None:
    expected = manifest["tables"][name]
    if found != (expected["rows"], expected["content_hash"]):
        raise Mixed(f"{name} is not as in {manifest['build_id']}")


def check_duckdb(connection: duckdb.DuckDBPyConnection, manifests: Manifests) -> str:
    [(build_id,)] = connection.execute("select build_id from marts.build").fetchall()
    for name in tables_of(manifests[build_id]):
        compare(manifests[build_id], name, content_hash(connection, f"marts.{name}"))
    return build_id


def duckdb_reader(published: Path, manifests: Manifests) -> Read:
    """Opens the file anew for each look, by its everlasting name."""

    def read() -> str:
        with duckdb.connect(str(published / publish.DATABASE), read_only=True) as connection:
            return check_duckdb(connection, manifests)

    return read


def held_reader(published: Path, manifests: Manifests) -> Read:
    """Keeps a connection over many looks, as a dashboard does: it goes on seeing its build."""
    state = {"reads": 0}

    def read() -> str:
        if state["reads"] % HELD == 0:
            if "connection" in state:
                state["connection"].close()
            state["connection"] = duckdb.connect(str(published / publish.DATABASE), read_only=True)
            state["build"] = check_duckdb(state["connection"], manifests)
        state["reads"] += 1
        build_id = check_duckdb(state["connection"], manifests)
        if build_id != state["build"]:
            raise Mixed(f"an open connection went from {state['build']} to {build_id}")
        return build_id

    return read


def parquet_reader(published: Path, manifests: Manifests) -> Read:
    """Resolves the link once, then reads one file after the other."""

    def read() -> str:
        folder = publish.current(published)
        with duckdb.connect() as connection:
            for name in tables_of(manifests[folder.name]):
                file = literal(str(folder / publish.PARQUET / f"{name}.parquet"))
                found = content_hash(connection, f"read_parquet({file})")
                compare(manifests[folder.name], name, found)
        return folder.name

    return read


def postgres_transaction_reader(dsn: str, manifests: Manifests) -> Read:
    """Reads table after table in one transaction."""

    def read() -> str:
        with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("set local role scorecards_reader")
            cursor.execute("select build_id from marts.build")
            [(build_id,)] = cursor.fetchall()
            for name in tables_of(manifests[build_id]):
                columns = manifests[build_id]["tables"][name]["columns"]
                cursor.execute(query(POSTGRES, columns, f'marts."{name}"'))
                compare(manifests[build_id], name, cursor.fetchone())
        return build_id

    return read


def postgres_statement_reader(dsn: str, manifests: Manifests) -> Read:
    """Reads several tables in one statement, without a word about transactions."""

    def read() -> str:
        with psycopg.connect(dsn, autocommit=True) as connection:
            newest = publish.builds(manifests.published)[-1].name
            tables = tables_of(manifests[newest])[:4]
            parts = [
                f"(select array[row_count::text, hash] from ("
                f"{query(POSTGRES, manifests[newest]['tables'][name]['columns'], f'marts.{name}')}"
                f") as one (row_count, hash))"
                for name in tables
            ]
            row = connection.execute(
                f"select build_id, {', '.join(parts)} from marts.build"
            ).fetchone()
        for name, (rows, hashed) in zip(tables, row[1:], strict=True):
            compare(manifests[row[0]], name, (int(rows), hashed))
        return row[0]

    return read


def reader_of(kind: str, published: Path, dsn: str) -> Read:
    manifests = Manifests(published)
    return {
        "duckdb": lambda: duckdb_reader(published, manifests),
        "duckdb held": lambda: held_reader(published, manifests),
        "parquet": lambda: parquet_reader(published, manifests),
        "postgres transaction": lambda: postgres_transaction_reader(dsn, manifests),
        "postgres statement": lambda: postgres_statement_reader(dsn, manifests),
    }[kind]()


def main() -> None:
    kind, published, pause, dsn = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    os.nice(5)
    read = reader_of(kind, published, dsn)
    seen, builds = Seen(kind), set()
    print("reading", flush=True)
    while not select.select([sys.stdin], [], [], pause)[0]:
        began = time.monotonic()
        seen.reads += 1
        try:
            builds.add(read())
        except Mixed as mixed:
            seen.mixed += 1
            seen.told.append(f"mixed: {mixed}")
        except Exception as error:
            seen.errors += 1
            seen.told.append(f"{type(error).__name__}: {error}")
        seen.slowest = max(seen.slowest, round(time.monotonic() - began, 3))
    seen.builds, seen.told = len(builds), seen.told[:TOLD]
    print(json.dumps(asdict(seen)))


# Of those who start readers


@contextlib.contextmanager
def readers(published: Path, dsn: str = "", pause: float = 0.05) -> Iterator[list[Seen]]:
    """Let all kinds of readers read, with a pause between two reads of each.

    The list is filled when they have ended.
    """
    kinds = [*FILES, *(POSTGRES_KINDS if dsn else ())]
    folders = [str(Path(__file__).resolve().parents[1]), str(Path(publish.__file__).parents[1])]
    seen: list[Seen] = []
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "faults.readers", kind, str(published), str(pause), dsn],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        )
        for kind in kinds
    ]
    try:
        for process in processes:
            process.stdout.readline()
        yield seen
        for process in processes:
            process.stdin.close()
            seen.append(Seen(**json.loads(process.stdout.read())))
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdout.close()


if __name__ == "__main__":
    main()
