"""Run dbt in this process, on databases and folders of the tests' own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).resolve().parents[3]
EXPORTS = ROOT / "examples" / "exports"
PLAN = ROOT / "seeds" / "plan"
TIME_ZONE = "Asia/Shanghai"

# A relation's name in SQL starts with the database, and that is the file's name.
DATABASE = "warehouse.duckdb"
# Parts of the project that dbt reads; a copy of the project links to them.
PARTS = ["analyses", "macros", "models", "seeds", "tests"]

Rows = list[dict[str, Any]]


@dataclass
class Outcome:
    """What a dbt command came to: `failures` holds the stored rows of each failing test."""

    succeeded: bool
    statuses: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    failures: dict[str, Rows] = field(default_factory=dict)
    error: str = ""

    def told(self) -> str:
        """Everything that went wrong, for the message of an assertion."""
        lines = [self.error] if self.error else []
        for name, status in self.statuses.items():
            if status not in ("success", "pass"):
                rows = self.failures.get(name, [])[:3]
                lines.append(f"{name}: {status} {self.messages.get(name, '')} {rows or ''}")
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder with a database, a target path and logs; `root` is the dbt project."""

    folder: Path
    exports: Path = EXPORTS
    root: Path = ROOT
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def dbt(self, command: str, *arguments: str) -> Outcome:
        """Run a dbt command; the parse of an earlier one in `folder/target` is taken up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "DO_NOT_TRACK": "1",
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "SCORECARD_DUCKDB": str(self.database),
            "SCORECARD_EXPORTS": str(self.exports),
            "SCORECARD_SOURCE_TIME_ZONE": TIME_ZONE,
            **dict(self.environment),
        }
        flags = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        folders = ["--project-dir", str(self.root), "--profiles-dir", str(self.root)]
        with changed_environment(environment), contextlib.chdir(self.root):
            try:
                result = dbtRunner().invoke([*flags, command, *folders, *arguments])
            finally:
                DuckDBConnectionManager.close_all_connections()
        return self._outcome(result)

    def connect(self, read_only: bool = True) -> duckdb.DuckDBPyConnection:
        return connected(self.database, read_only)

    def has(self, relation: str) -> bool:
        schema, table = relation.split(".")
        with self.connect() as connection:
            found = connection.execute(
                "select 1 from duckdb_tables() where schema_name = ? and table_name = ?",
                [schema, table],
            )
            return found.fetchone() is not None

    def copy(self, folder: Path, exports: Path | None = None) -> Project:
        """The same database and parse in another folder."""
        (folder / "target").mkdir(parents=True, exist_ok=True)
        for name in (DATABASE, "target/partial_parse.msgpack"):
            shutil.copyfile(self.folder / name, folder / name)
        return Project(folder=folder, exports=exports or self.exports, root=self.root)

    def _outcome(self, result: Any) -> Outcome:
        outcome = Outcome(result.success, error=str(result.exception or ""))
        stored = {}
        for run in getattr(result.result, "results", []):
            label = label_of(run.node.to_dict())
            outcome.statuses[label] = str(run.status)
            outcome.messages[label] = run.message or ""
            if run.status == "fail" and run.node.relation_name:
                stored[label] = run.node.relation_name
        if stored:
            with self.connect() as connection:
                for label, relation in stored.items():
                    outcome.failures[label] = rows_of(connection, f"from {relation}")
        return outcome


def connected(
    database: Path | str = ":memory:", read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """A connection that reads timestamps as the project's profile does."""
    connection = duckdb.connect(str(database), read_only=read_only)
    connection.execute(f"set TimeZone = '{TIME_ZONE}'")
    return connection


def label_of(node: dict[str, Any]) -> str:
    """A node's name; a generic test without a name of its own is `kind(relation)`."""
    kind = (node.get("test_metadata") or {}).get("name")
    if not kind or not node["name"].startswith(f"{kind}_"):
        return node["name"]
    return f"{kind}({(node.get('attached_node') or '.').rsplit('.', 1)[-1]})"


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    cursor = connection.execute(query)
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def linked_project(folder: Path) -> Path:
    """A dbt project whose seeds are its own and whose other parts are this project's."""
    folder.mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copyfile(ROOT / name, folder / name)
    for part in PARTS:
        if part == "seeds":
            shutil.copytree(ROOT / part, folder / part)
        elif (ROOT / part).exists():
            (folder / part).symlink_to(ROOT / part, target_is_directory=True)
    return folder


@contextlib.contextmanager
def changed_environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
