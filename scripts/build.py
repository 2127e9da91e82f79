"""Build and test the warehouse, and say in a few lines what came of it.

    python -m scripts.build [any arguments of `dbt build`]

Does what plain `dbt build` does, with progress instead of a line per node and a summary at the
end. Exits with 1 when a model or a test failed, naming it and the first of its failing rows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import re
import sys
import time
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.nodes import CompiledNode
from dbt_common.events.base_types import EventMsg
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from scripts import inputs, kept, lock, warehouse

FAILURES_SHOWN = 5
WIDTH = 100  # columns that the table of grades needs


class Watcher:
    """Turns dbt's events into a progress bar (or, without a terminal, a line per tenth)."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task = self.progress.add_task("Reading the project", total=None)
        self.tenth = 0

    def __call__(self, event: EventMsg) -> None:
        if event.info.name == "LogStartLine":
            self.progress.update(self.task, total=event.data.total)
        elif event.info.name == "NodeFinished":
            self.finished(event.data.node_info.resource_type)
        elif event.info.name == "JinjaLogInfo":
            # Whatever the project itself says of a run, such as that all is built anew.
            self.console.print(event.data.msg, markup=False, soft_wrap=True)

    def finished(self, resource_type: str) -> None:
        kind = {"seed": "Plan", "model": "Models", "test": "Tests", "unit_test": "Rules"}
        self.progress.update(
            self.task, advance=1, description=f"{kind.get(resource_type, resource_type):<19}"
        )
        task = self.progress.tasks[0]
        tenth = int(10 * task.completed / task.total) if task.total else 0
        if not self.console.is_terminal and tenth > self.tenth:
            self.tenth = tenth
            self.console.print(f"{tenth * 10:>3} %  {task.completed:.0f} of {task.total:.0f}")


def variables(arguments: list[str]) -> str | None:
    """What dbt is given as `--vars`, among other arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--vars")
    return parser.parse_known_args(arguments)[0].vars


def run(arguments: list[str], console: Console) -> dbtRunnerResult:
    if file := inputs.not_utf8(variables(arguments)):
        said = f"A file in the exports has a name that is not UTF-8: {file}. Rename it."
        return dbtRunnerResult(success=False, exception=ValueError(said))
    watcher = Watcher(console)
    os.chdir(warehouse.PROJECT)
    # A log that finds no room on the disk says so in a stack trace of its own for every line.
    logging.raiseExceptions = False
    try:
        with watcher.progress:
            result = dbtRunner(callbacks=[watcher]).invoke(
                ["--quiet", "--log-level", "none", "--write-json", "build", *arguments]
            )
        if isinstance(result.exception, KeyboardInterrupt):
            raise result.exception
        return result
    finally:
        DuckDBConnectionManager.close_all_connections()


def models() -> list[dict[str, Any]]:
    """The models of the project, built or as they were, as dbt's manifest of the run has them."""
    target = warehouse.PROJECT / warehouse.setting("DBT_TARGET_PATH", "target")
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


WRONG_MEMORY = "Name a size with its unit in SCORECARD_MEMORY, such as 4GB."
REMEDIES = {
    "No magic bytes": "The file is incomplete or no Parquet: export it again.",
    "Unknown TimeZone": "Name an IANA zone in SCORECARD_SOURCE_TIME_ZONE, and in parameters.csv.",
    "Memory must have a number": WRONG_MEMORY,
    "Unknown unit for memory": WRONG_MEMORY,
    "Out of Memory Error": "Raise SCORECARD_MEMORY (4GB unless set), or make room on the disk.",
    warehouse.IN_USE: "Another program has the warehouse open: wait, or close it.",
    "No space left on device": "The disk is full: make room, then run it again.",
    "Permission denied": "Give the user who runs this the right to it (ls -l says who has it).",
    "Read-only file system": "Mount it for writing, or name another folder.",
}


def sentence(message: str) -> str:
    """A dbt error without its frame: the words, what to do, and not where in dbt it was raised."""
    lines = [line.strip() for line in message.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("> in macro", "> called by"))]
    words = re.sub(r"^(Runtime|Compilation|Database) Error\s*", "", " ".join(lines))
    words = re.sub(r"^in (operation|test|model|seed) \S+ \(\S+\)\s*", "", words)
    words = words.partition(" Possible solutions:")[0]  # DuckDB's, which name its own settings
    remedies = [remedy for sign, remedy in REMEDIES.items() if sign in words]
    return " ".join([f"{words.removesuffix('.')}.", *remedies]) if remedies else words


def failed_steps(result: dbtRunnerResult) -> list[RunResult]:
    return [run for run in result.result if run.status in ("fail", "error", "runtime error")]


def show_failures(result: dbtRunnerResult, console: Console, then: str = "make build") -> None:
    """Name what failed; of a test, the first rows it found."""
    if result.exception:
        told = escape(sentence(str(result.exception)))
        console.print(f"[red]The build stopped.[/] {told}", soft_wrap=True)
        return
    failed = failed_steps(result)
    skipped = sum(run.status == "skipped" for run in result.result)
    console.print(f"[red]{len(failed)} of {len(result.result)} steps failed[/], {skipped} skipped.")
    for run in failed:
        told = escape(sentence(run.message or ""))
        console.print(f"\n[bold]{run.node.name}[/]: {told}", soft_wrap=True)
        if run.status == "fail" and run.node.resource_type == "test":
            show_failing_rows(run.node, console)
    console.print(f"\nMend what they name, then: {then}")


def show_failing_rows(test: CompiledNode, console: Console) -> None:
    try:
        with warehouse.opened() as connection:
            rows = connection.execute(
                f"select * from ({test.compiled_code}\n) limit {FAILURES_SHOWN}"
            )
            # Data, and no markup of ours: a text may hold brackets.
            for row in [[column[0] for column in rows.description], *rows.fetchall()]:
                cells = ("" if cell is None else str(cell) for cell in row)
                console.print(f"  {', '.join(cells)}", markup=False, soft_wrap=True)
    except (warehouse.Unreadable, duckdb.Error) as error:
        console.print(f"  Its rows cannot be shown: {error}", markup=False, soft_wrap=True)
    command = f"dbt test --select {test.name} --store-failures"
    console.print(f"  all of them: {command}, which names their table", soft_wrap=True)


def show_summary(console: Console, seconds: float, steps: int) -> None:
    """Rows read and rejected, people scored, grades, and what to do next."""
    console.print(f"Built and tested in {seconds:.0f} s: {steps} steps, all passed.")
    with warehouse.connect() as connection, contextlib.suppress(duckdb.CatalogException):
        show_results(console, connection)


def show_results(console: Console, connection: duckdb.DuckDBPyConnection) -> None:
    """What the marts say; a build of some models may have left out one that is read here."""
    read, rejected, tables = connection.execute(
        """
        select coalesce(sum(rows_read), 0), coalesce(sum(rows_rejected), 0), count(*)
        from marts.export_row_counts
        """
    ).fetchone()
    years = connection.execute(
        """
        select appraisal_year, coalesce(name_en, role_id) as role, status, grade_id, count(*)
        from marts.annual_scorecards
        left join plan.roles using (role_id)
        group by all
        order by all
        """
    ).fetchall()
    grades = [
        row[0]
        for row in connection.execute(
            "select distinct grade_id from plan.grade_bands order by grade_id"
        ).fetchall()
    ]
    example = connection.execute(
        """
        select employee_id, appraisal_year from marts.annual_scorecards
        where published_score is not null
        order by status = 'final' desc, appraisal_year desc, published_score desc
        limit 1
        """
    ).fetchone()

    console.print(
        f"Read {read:,} rows of {tables} exports; rejected {rejected:,}"
        + (" (why: marts.rejected_rows)." if rejected else ".")
    )
    table = Table("Year", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Annual scorecards", no_wrap=True)
    for column in ["scored", *grades, "not\neligible", "insufficient\ndata"]:
        table.add_column(column, justify="right")
    for year, role in sorted({(row[0], row[1]) for row in years}):
        own = [row for row in years if row[:2] == (year, role)]
        by_grade = {grade: sum(row[4] for row in own if row[3] == grade) for grade in grades}
        by_status = {
            status: sum(row[4] for row in own if row[2] == status)
            for status in ("not_eligible", "insufficient_data")
        }
        counts = [sum(by_grade.values()), *by_grade.values(), *by_status.values()]
        is_running = any(row[2] == "provisional" for row in own)
        table.add_row(
            f"{year} so far" if is_running else str(year),
            role,
            *[str(count or "·") for count in counts],
        )
    console.print(table)
    if example:
        console.print(f"Next: make explain EMPLOYEE={example[0]} YEAR={example[1]}")


def main() -> int:
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    began = time.monotonic()
    try:
        with lock.held(warehouse.lock_file()):
            if taken := kept.restore():
                console.print(taken)
            result = run(sys.argv[1:], console)
    except lock.Taken as holder:
        console.print(
            f"A night or another build is running ({holder}). Wait for it to end.", soft_wrap=True
        )
        return 3
    except KeyboardInterrupt:
        console.print("Interrupted: what was built so far is not tested.")
        return 1
    except (OSError, duckdb.Error, warehouse.Unreadable) as error:
        console.print("The build cannot start:", escape(sentence(str(error))), soft_wrap=True)
        return 1
    if not result.success:
        show_failures(result, console)
        return 1
    if result.result is not None:  # as it is of --help
        show_summary(console, time.monotonic() - began, len(result.result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
