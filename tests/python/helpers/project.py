"""Run dbt in this process, on databases and folders of the tests' own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from scripts.warehouse import rows as rows_of

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
    """What a dbt command came to: `failures` holds the rows of each failing test."""

    succeeded: bool
    statuses: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    failures: dict[str, Rows] = field(default_factory=dict)
    error: str = ""

    def told(self) -> str:
        """Everything that went wrong, for the message of an assertion."""
        lines = [self.error] if self.error else []
        for name, status in self.statuses.items():
            if status not in ("success", "pass", "no-op", "skipped"):
                rows = self.failures.get(name, [])[:3]
                lines.append(f"{name}: {status} {self.messages.get(name, '')} {rows or ''}")
        skipped = list(self.statuses.values()).count("skipped")
        return "\n".join([*lines, *([f"{skipped} skipped"] if skipped else [])])


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder with a database, a target path and logs; `root` is the dbt project."""

    folder: Path
    exports: Path = EXPORTS
    root: Path = ROOT
    # What dbt made of the project; without it every command parses the project.
    manifest: Manifest | None = field(default=None, repr=False)

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def dbt(self, command: str, *arguments: str) -> Outcome:
        return outcome_of(self._invoke(command, *arguments), self)

    def compiled_sql(self, sql: str, *arguments: str) -> str:
        """What dbt makes of a piece of SQL with macros."""
        # On a database of its own: this one may be open for reading.
        result = replace(self, folder=self.folder / "compiled")._invoke(
            "compile", "--inline", sql, *arguments
        )
        if not result.success:
            raise AssertionError(f"This does not compile: {sql}\n{result.exception}")
        return result.result.results[0].node.compiled_code

    def parsed(self) -> Project:
        """The same project, parsed once for all of its commands and copies."""
        result = self._invoke("parse")
        if not result.success:
            raise AssertionError(f"The project cannot be parsed:\n{result.exception}")
        return replace(self, manifest=result.result)

    def _invoke(self, command: str, *arguments: str) -> dbtRunnerResult:
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "DO_NOT_TRACK": "1",
            "DBT_LOG_PATH": str(self.folder / "logs"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "SCORECARD_DUCKDB": str(self.database),
            "SCORECARD_EXPORTS": str(self.exports),
            "SCORECARD_SOURCE_TIME_ZONE": TIME_ZONE,
        }
        flags = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        folders = ["--project-dir", str(self.root), "--profiles-dir", str(self.root)]
        with changed_environment(environment), contextlib.chdir(self.root):
            try:
                runner = dbtRunner(manifest=self.manifest)
                return runner.invoke([*flags, command, *folders, *arguments])
            finally:
                DuckDBConnectionManager.close_all_connections()

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
        """The same project with a copy of the database, and other exports if named."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.database, folder / DATABASE)
        return Project(
            folder=folder,
            exports=exports or self.exports,
            root=self.root,
            manifest=self.manifest,
        )


def outcome_of(result: dbtRunnerResult, project: Project) -> Outcome:
    outcome = Outcome(result.success, error=str(result.exception or ""))
    failing = {}
    for run in getattr(result.result, "results", []):
        label = label_of(run.node.to_dict())
        outcome.statuses[label] = str(run.status)
        outcome.messages[label] = run.message or ""
        if run.status == "fail" and run.node.resource_type == "test":
            failing[label] = run.node.compiled_code
    if failing:
        with project.connect() as connection:
            for label, query in failing.items():
                outcome.failures[label] = rows_of(connection, f"from ({query}\n)")
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


def linked_project(folder: Path) -> Path:
    """A dbt project whose seeds are its own and whose other parts are this project's."""
    folder.mkdir(parents=True)
    for file in ROOT.glob("*.yml"):
        shutil.copyfile(file, folder / file.name)
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
