"""Runs the commands of one size, each in a process of its own, and takes time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from scripts import warehouse

from .compare import Comparison, compare
from .exports import Exports
from .staged import SCRIPTS

DBT = str(Path(sys.executable).with_name("dbt"))
LINES_SHOWN = 30


class CommandFailed(Exception):
    """A command ended with an error; says which one, and its last lines."""


@dataclass(frozen=True)
class Taken:
    """What a process took: seconds of the clock and of all cores, greatest memory in bytes."""

    seconds: float
    cpu_seconds: float
    peak: int


def run(command: list[str], environment: dict[str, str], log: Path) -> Taken:
    """Run a command to its end, its output into a file."""
    began = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=warehouse.PROJECT,
            env=os.environ | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        last = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        raise CommandFailed("\n".join([f"{' '.join(command)} failed:", *last]))
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Taken(seconds, usage.ru_utime + usage.ru_stime, peak)


class Bench:
    """The measurements of one size, in a folder whose paths are the same for every size.

    They have to be: dbt parses the project anew when an environment variable changes.
    """

    def __init__(self, folder: Path, exports: Exports, repeat: int, console: Console) -> None:
        self.folder = folder
        self.exports = exports
        self.repeat = repeat
        self.console = console
        self.landing = folder / "exports"
        self.warehouse = folder / "warehouse.duckdb"
        self.reference = folder / "reference.duckdb"
        self.target = folder / "target"
        self.environment = {
            "DO_NOT_TRACK": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_TARGET_PATH": str(self.target),
            "SCORECARD_DUCKDB": str(self.warehouse),
            "SCORECARD_EXPORTS": str(self.landing),
            "SCORECARD_PUBLISHED": str(folder / "published"),
        }

    def measure(self) -> dict[str, Any]:
        """Lists of what each repetition took, and where the time went."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.exports.land_history(self.landing)
        times = range(self.repeat)
        # The first reading of a file comes from the disk: not measured.
        self.staged("floor", "reading", shown=False)
        taken = {
            "floor": [self.staged("floor", "bare scan") for _ in times],
            "reference": [self.staged("reference", "reference") for _ in times],
        }
        result: dict[str, Any] = {
            "size": self.exports.size,
            "rows": self.exports.rows(),
            "reference_stages": json.loads((self.folder / "reference.json").read_text()),
        }
        taken["parse"] = [self.dbt("parse", "--no-partial-parse")]
        taken["run"] = [self.fresh_run() for _ in times]
        result["run_nodes"] = self.nodes()
        taken["build"] = [self.fresh_build() for _ in times]
        result["build_nodes"] = self.nodes()
        result["warehouse_bytes"] = self.warehouse.stat().st_size
        differences = self.differences("the full build")
        taken["night"] = [self.night(number) for number in range(1, self.repeat + 1)]
        result["night_nodes"] = self.nodes()
        self.staged("reference", "reference after the nights")
        differences += self.differences("the nights")
        # The first of these publishes what the others find unchanged.
        taken["publishing_night"] = [self.nightly("a night that publishes")]
        taken["empty_night"] = [self.nightly("a night that brings nothing") for _ in times]
        result["differences"] = differences
        result["taken"] = {name: [asdict(one) for one in all_] for name, all_ in taken.items()}
        return result

    def staged(self, script: str, words: str, shown: bool = True) -> Taken:
        command = [sys.executable, "-m", "scripts.bench.staged", str(SCRIPTS / f"{script}.sql")]
        command += ["--exports", str(self.landing)]
        command += ["--report", str(self.folder / f"{script}.json")]
        if script == "reference":
            command += ["--to", str(self.reference)]
        taken = run(command, self.environment, self.folder / f"{script}.log")
        if shown:
            self.tell(words, taken)
        return taken

    def dbt(self, *arguments: str, words: str = "") -> Taken:
        taken = run([DBT, *arguments], self.environment, self.folder / "dbt.log")
        self.tell(words or f"dbt {' '.join(arguments)}", taken)
        return taken

    def nightly(self, words: str) -> Taken:
        command = [sys.executable, "-m", "scripts.nightly"]
        taken = run(command, self.environment, self.folder / "nightly.log")
        self.tell(words, taken)
        return taken

    def empty(self) -> None:
        for file in self.folder.glob(f"{self.warehouse.name}*"):
            file.unlink()

    def fresh_run(self) -> Taken:
        self.empty()
        run([DBT, "seed"], self.environment, self.folder / "dbt.log")
        return self.dbt("run", words="dbt run, empty warehouse")

    def fresh_build(self) -> Taken:
        self.empty()
        return self.dbt("build", words="dbt build, empty warehouse")

    def night(self, number: int) -> Taken:
        self.exports.land_night(number, self.landing)
        return self.dbt("build", "--selector", "arrivals", words=f"night {number}")

    def nodes(self) -> list[tuple[str, str, float]]:
        """Type, name and seconds of the nodes of the last dbt command, the slowest first."""
        results = json.loads((self.target / "run_results.json").read_text())["results"]
        nodes = []
        for result in results:
            kind, _, *names = result["unique_id"].split(".")
            # A test's last part is a hash, unless it is a singular one; a unit test's is its name.
            name = names[-1] if kind == "unit_test" else names[0]
            nodes.append((kind, name, result["execution_time"]))
        return sorted(nodes, key=lambda node: -node[2])

    def differences(self, words: str) -> list[str]:
        found = [one for one in compare(self.warehouse, self.reference) if not one.is_equal]
        self.console.print(f"  after {words}: {told(found)}")
        return [f"after {words}: {one}" for one in found]

    def tell(self, words: str, taken: Taken) -> None:
        self.console.print(
            f"  size {self.exports.size:g}  {words:<32} {taken.seconds:8.2f} s"
            f"  {taken.peak / 1e9:6.2f} GB"
        )


def told(found: list[Comparison]) -> str:
    if not found:
        return "every table equals the reference"
    return "\n".join(["[red]different from the reference[/]", *(f"    {one}" for one in found)])
