"""The nightly run: build and test the working file, and publish it if all of it passed.

    python -m scripts.nightly [--postgres DSN] [--keep N] [--full-refresh | --rebuild] [--vars YAML]

Reads the exports and settings that `make build` reads, and besides $SCORECARD_PUBLISHED (default
`published`) and $SCORECARD_POSTGRES (default: none). Whatever happens, readers of the published
folder and of PostgreSQL see the last good build, or this one, whole.

A night whose exports and project are those of the last one builds nothing: no result would differ.

Exit codes: 0 published · 1 failed, the last good build stays · 2 an option is malformed ·
3 another night or build is running.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb
import psycopg
import yaml
from dbt.cli.main import dbtRunnerResult
from rich.console import Console
from rich.markup import escape

from scripts import build, inputs, kept, lock, postgres, publish, run_log, warehouse
from scripts.publish import Problem

KEEP = 7
RUNS = "make nightly"


def number_of_builds(text: str) -> int:
    if not text.isdigit() or int(text) < 2:
        raise argparse.ArgumentTypeError(
            f"{text!r}: keep 2 builds or more, so that nobody's files vanish while they are read"
        )
    return int(text)


def connection_string(text: str) -> str:
    try:
        psycopg.conninfo.conninfo_to_dict(text)
    except psycopg.Error as error:
        raise argparse.ArgumentTypeError(f"no connection string of PostgreSQL: {error}") from None
    return text


def variables(text: str) -> str:
    with contextlib.suppress(yaml.YAMLError):
        if isinstance(yaml.safe_load(text), dict):
            return text
    raise argparse.ArgumentTypeError(
        f"{text!r}: name variables as a YAML mapping, such as {{as_of: 2026-01-01}}"
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nightly", description="Build, test and, if all passed, publish."
    )
    parser.add_argument(
        "--postgres",
        metavar="DSN",
        type=connection_string,
        default=warehouse.setting("SCORECARD_POSTGRES"),
        help="publish to this PostgreSQL database, too (default: $SCORECARD_POSTGRES)",
    )
    parser.add_argument(
        "--keep", metavar="N", type=number_of_builds, default=KEEP, help="builds to keep"
    )
    parser.add_argument(
        "--vars", metavar="YAML", type=variables, help="variables for dbt, such as as_of"
    )
    anew = parser.add_mutually_exclusive_group()
    anew.add_argument("--full-refresh", action="store_true", help="compute all history again")
    anew.add_argument(
        "--rebuild", action="store_true", help="set the working file aside and start from nothing"
    )
    return parser.parse_args()


class Nightly:
    """One night: its entry of the run log, and the steps that fill it."""

    def __init__(self, given: argparse.Namespace, console: Console) -> None:
        self.given = given
        self.console = console
        self.published = warehouse.published()
        self.began = time.monotonic()
        self.nights = run_log.read(self.published)
        # Readers may have resolved it just now: it outlives this night.
        self.shown = publish.current(self.published)
        self.last: run_log.Night | None = None
        self.started_at = publish.utc_now()
        # The number makes the order: a clock that was set back changes nothing.
        number = 1 + max(
            [night.build_number for night in self.nights]
            + [publish.number_of(folder.name) for folder in publish.builds(self.published)],
            default=0,
        )
        self.night = run_log.Night(
            build_number=number,
            build_id=f"{number:06d}-{self.started_at:%Y%m%dT%H%M%SZ}",
            started_at=self.started_at.isoformat(),
        )

    def say(self, sentence: str) -> None:
        self.console.print(sentence, soft_wrap=True)

    def run(self) -> int:
        """The night, from the first line of its log to the last; returns the exit code."""
        try:
            publish.remove_leftovers(self.published)
            run_log.write(self.published, self.night)
            self.night.project, self.night.inputs = inputs.fingerprints(self.given.vars)
            self.last = self.left_by_last()
            if self.last and self.is_unchanged(self.last):
                self.night.outcome = run_log.UNCHANGED
            else:
                self.build()
                self.publish()
        except KeyboardInterrupt:
            return self.fail("Interrupted.")
        except Problem as problem:
            return self.fail(str(problem))
        except (OSError, duckdb.Error, psycopg.Error) as error:
            return self.fail(build.sentence(str(error)) or type(error).__name__)
        except BaseException as error:
            self.fail(f"{type(error).__name__}: {warehouse.first_line(error)}")
            raise
        self.finish()
        return 0

    def fail(self, message: str) -> int:
        """Say what readers see now, and log the night."""
        shown = publish.current(self.published)
        if shown and shown.name == self.night.build_id:
            self.say(f"[red]It was published, but:[/] {escape(message)}")
        else:
            self.say(f"[red]Nothing was published.[/] {escape(message)}")
            self.say(f"Readers still see {shown.name}." if shown else "There is no build yet.")
        with contextlib.suppress(OSError):
            publish.remove_leftovers(self.published)
        self.night.outcome, self.night.message = run_log.FAILED, message
        self.log()
        return 1

    def log(self) -> None:
        self.night.finished_at = publish.utc_now().isoformat()
        self.night.seconds = self.elapsed()
        try:
            run_log.write(self.published, self.night)
        except OSError as error:
            self.say(f"The night is not in the run log: {escape(str(error))}")

    def elapsed(self) -> float:
        return round(time.monotonic() - self.began, 3)

    # What the last night left

    def left_by_last(self) -> run_log.Night | None:
        """The last good night, if the working file is as it left it and the project is the same."""
        for last in [night for night in self.nights if night.outcome in run_log.GOOD][-1:]:
            if (
                not (self.given.full_refresh or self.given.rebuild)
                and self.night.project is not None
                and self.night.project == last.project
                and warehouse.path().exists()
                # A killed run may have written to the log alone.
                and not Path(f"{warehouse.path()}.wal").exists()
                and state_of(warehouse.path()) == last.working_file
            ):
                return last
        return None

    def is_unchanged(self, last: run_log.Night) -> bool:
        """Whether what readers see is what this night would come to."""
        shown = publish.current(self.published)
        return bool(
            shown
            and self.night.inputs == last.inputs
            and [shown.name] == [one.build_id for one in run_log.successful(self.nights)[-1:]]
            and not (self.given.postgres and postgres.verify(self.given.postgres, shown))
        )

    # Build and test

    def build(self) -> None:
        """Run dbt on the working file; once more from nothing if that file proves broken."""
        if self.given.rebuild:
            self.set_aside("as asked for")
        elif broken := broken_working_file():
            self.set_aside(broken)
        self.take_over()
        result = self.dbt()
        if not result.success and warehouse.is_broken(message := told(result)):
            self.set_aside(message)
            self.take_over()
            result = self.dbt()
        self.night.build_seconds = self.elapsed()
        if not result.success:
            if result.result:
                build.show_failures(result, self.console, then=RUNS)
            raise Problem(told(result))
        self.night.working_file = state_of(warehouse.path())

    def set_aside(self, why: str, then: str = "building from nothing") -> None:
        """Move the working file away; what was published is saved before, for only one is kept."""
        self.last = None
        kept.save()
        if aside := warehouse.set_aside():
            self.say(f"The working file is now {aside.name} ({escape(why)}); {then}.")

    def take_over(self) -> None:
        """What was published is not built again: a new working file begins with it."""
        if taken := kept.restore():
            self.say(taken)

    def dbt(self) -> dbtRunnerResult:
        options = ["--selector", "arrivals" if self.last else "nightly"]
        if self.given.vars:
            options += ["--vars", self.given.vars]
        if self.given.full_refresh:
            options.append("--full-refresh")
        result = build.run(options, self.console)
        if result.result:
            statuses = [run.status for run in result.result]
            self.night.steps_passed = sum(status in ("success", "pass") for status in statuses)
            self.night.steps_failed = len(build.failed_steps(result))
            self.night.steps_skipped = statuses.count("skipped")
            self.night.model_seconds = seconds_of(result, tests=False)
            self.night.test_seconds = seconds_of(result, tests=True)
        return result

    # Publish

    def publish(self) -> None:
        began = time.monotonic()
        try:
            folder = self.write()
        except duckdb.Error as error:
            if warehouse.is_broken(str(error)):
                # In rows that no test reads.
                self.set_aside(warehouse.first_line(error), "the next night builds from nothing")
            raise
        self.night.publish_seconds = round(time.monotonic() - began, 3)
        with self.loaded_into_postgres(folder) as commit:
            # Only now: a build that PostgreSQL does not take leaves nothing behind.
            publish.place(self.published, folder, self.night.build_id)
            publish.make_ready(self.published, self.night.build_id)
            # From here on nothing is left that can fail by itself.
            commit()
            publish.make_current(self.published)
        self.night.outcome = run_log.PUBLISHED

    def write(self) -> Path:
        """Write the build into a hidden folder, and make sure that it is what was tested."""
        working, marts = warehouse.path(), public_marts()
        build = self.measure(marts)
        self.say(f"Writing build {build.build_id} …")
        so_far = replace(
            self.night,
            outcome=run_log.PUBLISHED,
            finished_at=publish.utc_now().isoformat(),
            seconds=self.elapsed(),
        )
        folder = publish.write(self.published, working, marts, build, [*self.nights, so_far])
        if state_of(working) != self.night.working_file:
            raise Problem(
                f"Somebody wrote to {working.name} after the tests: leave it to the night."
            )
        return folder

    @contextlib.contextmanager
    def loaded_into_postgres(self, folder: Path) -> Iterator[Callable[[], None]]:
        """Load the build, if there is a database to load it into; yields how to commit it."""
        if not self.given.postgres:
            yield lambda: None
            return
        self.say("Loading PostgreSQL …")
        began = time.monotonic()
        with postgres.loaded(self.given.postgres, folder) as connection:
            self.say("Committing …")
            yield connection.commit
            self.night.postgres_seconds = round(time.monotonic() - began, 3)

    def measure(self, marts: list[publish.Mart]) -> publish.Build:
        """Fill the night's numbers, and compare them with those of other nights."""
        night = self.night
        with warehouse.reading(warehouse.path()) as connection:
            night.rows_read, night.rows_rejected = connection.execute(
                """
                select
                    coalesce(sum(rows_read), 0)::bigint,
                    coalesce(sum(rows_rejected), 0)::bigint
                from marts.export_row_counts
                """
            ).fetchone()
            as_of_at, as_of_local_at = connection.execute(
                "select as_of_at, as_of_local_at from intermediate.int_as_of"
            ).fetchone()
            for mart in marts:
                [rows] = connection.execute(f'select count(*) from marts."{mart.name}"').fetchone()
                night.table_rows[mart.name] = rows
        night.as_of_at = as_of_at and as_of_at.isoformat()
        if load_date := newest_load_date(self.given.vars):
            night.newest_load_date = load_date.isoformat()
            if as_of_local_at:
                lag = datetime.combine(load_date, datetime.min.time()) - as_of_local_at
                night.lag_days = round(lag.total_seconds() / 86_400, 3)
        night.git_commit = git("rev-parse", "HEAD")
        before = run_log.successful(self.nights)
        night.compare(before[-1] if before else None)
        night.warnings = " ".join(run_log.unusual(night, self.nights))

        changes = git("status", "--porcelain", "--untracked-files=no")
        project = yaml.safe_load((warehouse.PROJECT / "dbt_project.yml").read_text("utf-8"))
        return publish.Build(
            build_id=night.build_id,
            build_number=night.build_number,
            started_at=self.started_at,
            as_of_at=as_of_at,
            git_commit=night.git_commit,
            git_is_dirty=None if changes is None else bool(changes),
            project_version=project["version"],
            dbt_version=version("dbt-core"),
            duckdb_version=version("duckdb"),
        )

    def finish(self) -> None:
        """Log the night, say what came of it, and remove the oldest builds."""
        night = self.night
        if night.outcome == run_log.UNCHANGED:
            shown = publish.current(self.published).name
            night.message = f"Readers keep build {shown}, which passed its tests."
            # A night without exports is what a broken exporter looks like, too.
            night.warnings = f"Nothing was exported or changed since build {shown}."
            night.working_file = state_of(warehouse.path())
            self.log()
            self.say(f"{night.message} --full-refresh builds all the same.")
            self.say(f"[yellow]Unusual:[/] {night.warnings}")
            return
        self.log()
        new = "" if night.rows_new is None else f" ({night.rows_new:+,} since the night before)"
        self.say(
            f"Built and tested in {night.build_seconds:.0f} s: {night.steps_passed} steps,"
            f" all passed.\nRead {night.rows_read:,} rows{new}; rejected {night.rows_rejected:,}."
        )
        rows = sum(night.table_rows.values())
        self.say(
            f"Published build {night.build_id}, as of {night.as_of_at} UTC:"
            f" {len(night.table_rows)} tables, {rows:,} rows, in {night.seconds:.0f} s in all."
        )
        if night.warnings:
            self.say(f"[yellow]Unusual:[/] {escape(night.warnings)}")
        try:
            publish.prune(self.published, self.given.keep, self.shown)
        except OSError as error:
            self.say(f"[yellow]Old builds could not be removed:[/] {escape(str(error))}")


# What the working file is like


def broken_working_file() -> str:
    """Why the working file cannot be opened; empty if it can, or if there is none yet."""
    working = warehouse.path()
    if not working.exists():
        # A log without its database would be taken for the new one's.
        Path(f"{working}.wal").unlink(missing_ok=True)
        return ""
    try:
        with duckdb.connect(str(working)):
            # It is ours alone now, and what a killed night did not have room for in memory waste.
            shutil.rmtree(f"{working}.tmp", ignore_errors=True)
    except duckdb.Error as error:
        if not warehouse.is_broken(str(error)):
            raise
        return warehouse.first_line(error)
    return ""


def state_of(file: Path) -> str:
    """Changes whenever somebody writes to the file."""
    status = file.stat()
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"


def newest_load_date(given: str | None) -> date | None:
    """The newest `load_date=` folder of any export that comes as files; `given` as for dbt."""
    with contextlib.suppress(*inputs.NOT_UNDERSTOOD):
        folders = inputs.exports(inputs.variables(given)).glob("*/load_date=*")
        dates = [folder.name.removeprefix("load_date=") for folder in folders]
        return max(map(date.fromisoformat, dates), default=None)
    return None


# What dbt says


def told(result: dbtRunnerResult) -> str:
    """Why a build failed, in one line."""
    if result.exception:
        return build.sentence(str(result.exception))
    failed = build.failed_steps(result)
    first = " ".join(build.sentence(run.message or "") for run in failed[:1])
    names = ", ".join(run.node.name for run in failed)
    return f"{len(failed)} of {len(result.result)} steps failed: {names}. {first}"


def seconds_of(result: dbtRunnerResult, tests: bool) -> float:
    """Seconds that the steps took together; they run side by side."""
    return round(
        sum(
            run.execution_time
            for run in result.result
            if tests == (run.node.resource_type in ("test", "unit_test"))
        ),
        3,
    )


def public_marts() -> list[publish.Mart]:
    """The models in the schema of the marts, but for those of `meta: {published: false}`."""
    return [
        publish.Mart(
            name=model["alias"],
            description=" ".join(model["description"].split()),
            columns={
                name: " ".join(column["description"].split())
                for name, column in model["columns"].items()
            },
        )
        for model in sorted(build.models(), key=lambda model: model["alias"])
        if model["schema"] == publish.SCHEMA and model["config"]["meta"].get("published", True)
    ]


def git(*command: str) -> str | None:
    """What git says of the project; nothing where there is no git or no repository."""
    try:
        return subprocess.run(
            ["git", "-C", str(warehouse.PROJECT), *command],
            capture_output=True,
            check=True,
            text=True,
            timeout=30,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def main() -> int:
    given = arguments()
    console = Console(highlight=False)
    published = warehouse.published()
    try:
        published.joinpath("builds").mkdir(parents=True, exist_ok=True)
        with lock.held(published / ".lock"), lock.held(warehouse.lock_file()):
            return Nightly(given, console).run()
    except lock.Taken as holder:
        console.print(
            f"Another night or build is running ({holder}). Nothing was started.", soft_wrap=True
        )
        return 3
    except (OSError, warehouse.Unreadable) as error:
        console.print("The night cannot start:", escape(build.sentence(str(error))), soft_wrap=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
