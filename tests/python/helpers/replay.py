"""Run the SQL that dbt compiled once more, without dbt: milliseconds instead of seconds.

A plan changed by a statement of SQL, or rows made up by Hypothesis, go through exactly the models
and tests of the last build; a transaction that is rolled back brings the state before.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from helpers.project import Rows, connected, label_of, rows_of

Node = dict[str, Any]


@dataclass(frozen=True)
class Compiled:
    """The nodes of a build's manifest, with their SQL."""

    nodes: dict[str, Node] = field(repr=False)

    @classmethod
    def of(cls, target: Path) -> Compiled:
        return cls(json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"])

    @cached_property
    def order(self) -> list[str]:
        """All ids, parents first."""
        graph = {name: self.parents(name) for name in self.nodes}
        return list(TopologicalSorter(graph).static_order())

    @cached_property
    def tests(self) -> dict[str, list[Node]]:
        """Data tests by label; two tests of one kind on one relation share theirs."""
        labelled: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node["resource_type"] == "test":
                labelled.setdefault(label_of(node), []).append(node)
        return labelled

    def parents(self, unique_id: str) -> list[str]:
        parents = self.nodes[unique_id].get("depends_on", {}).get("nodes", [])
        return [parent for parent in parents if parent in self.nodes]

    def relation(self, name: str) -> Node:
        """The model or seed of a name."""
        return next(
            node
            for node in self.nodes.values()
            if node["name"] == name and node["resource_type"] in ("model", "seed")
        )

    def ancestors(self, unique_id: str) -> set[str]:
        found: set[str] = set()
        waiting = [unique_id]
        while waiting:
            new = set(self.parents(waiting.pop())) - found
            found |= new
            waiting += new
        return found

    def downstream(self, names: Collection[str]) -> list[str]:
        """The ids of everything that reads the named relations, parents first."""
        reached = {self.relation(name)["unique_id"] for name in names}
        found = []
        for unique_id in self.order:
            if reached & set(self.parents(unique_id)):
                reached.add(unique_id)
                found.append(unique_id)
        return found


@dataclass(frozen=True)
class Replay:
    """Compiled nodes on a connection to a database that is called as the built one."""

    compiled: Compiled
    connection: duckdb.DuckDBPyConnection

    @contextlib.contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside is rolled back."""
        self.connection.execute("begin")
        try:
            yield
        finally:
            self.connection.execute("rollback")

    def build(self, unique_ids: Collection[str]) -> None:
        """Make the models among the ids anew, parents first."""
        for unique_id in self.compiled.order:
            node = self.compiled.nodes[unique_id]
            if unique_id in unique_ids and node["resource_type"] == "model":
                kind = "view" if node["config"]["materialized"] == "view" else "table"
                self.connection.execute(
                    f"create or replace {kind} {node['relation_name']} as {node['compiled_code']}"
                )

    def insert(self, name: str, rows: Rows) -> None:
        """Add rows to a relation; columns that they leave out are null."""
        if rows:
            node = self.compiled.relation(name)
            values = ", ".join(f"({', '.join(map(literal, row.values()))})" for row in rows)
            self.connection.execute(
                f"insert into {node['relation_name']} by name"
                f" select * from (values {values}) as given ({', '.join(rows[0])})"
            )

    def results(self, inputs: dict[str, Rows], models: Collection[str], *shown: str) -> list[Rows]:
        """Insert the inputs, build the models, return the shown relations; then undo it all."""
        with self.undone():
            for name, rows in inputs.items():
                self.insert(name, rows)
            self.build({self.compiled.relation(name)["unique_id"] for name in models})
            return [
                rows_of(self.connection, f"from {self.compiled.relation(name)['relation_name']}")
                for name in shown
            ]

    def build_downstream(self, *names: str) -> None:
        self.build(self.compiled.downstream(names))

    def failing_rows(self, label: str, changed: Collection[str] = ()) -> Rows:
        """The rows that the labelled tests find, after what lies between is built again."""
        tests = self.compiled.tests[label]
        if changed:
            downstream = set(self.compiled.downstream(changed))
            needed = {name for test in tests for name in self.compiled.ancestors(test["unique_id"])}
            self.build(downstream & needed)
        return [row for test in tests for row in rows_of(self.connection, test["compiled_code"])]


def twin(
    compiled: Compiled, database: Path, models: Collection[str], filled: Collection[str] = ()
) -> Replay:
    """An in-memory database in which the named models can be built from rows of the test's own.

    What they read is there, without rows; the relations to be `filled` have those of the build.
    """
    built = {compiled.relation(name)["unique_id"] for name in models}
    parents = {parent for unique_id in built for parent in compiled.parents(unique_id)} - built
    nodes = [compiled.nodes[unique_id] for unique_id in sorted(parents | built)]
    connection = connected()
    # The views of the build name their relations with the database: it has to be called so, too.
    connection.execute(f"attach '{database}' as warehouse (read_only)")
    for node in nodes:
        rows = "" if node["name"] in filled else " limit 0"
        if node["unique_id"] in parents:
            connection.execute(f"create table {node['name']} as from {node['relation_name']}{rows}")
    connection.execute("detach warehouse")
    connection.execute("attach ':memory:' as warehouse")
    for node in nodes:
        connection.execute(f"create schema if not exists warehouse.{node['schema']}")
        if node["unique_id"] in parents:
            connection.execute(f"create table {node['relation_name']} as from {node['name']}")
    connection.execute("use warehouse")
    return Replay(compiled, connection)


def literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    kind = {datetime: "timestamp", date: "date"}.get(type(value), "")
    return f"{kind} '{value}'".lstrip()
