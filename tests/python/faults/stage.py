"""A department with a history, two more nights, and all it takes to run nights on them."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpers.project import ROOT

from scripts import generate_example, postgres, publish, run_log

HISTORY, FIRST, SECOND = "2026-01-28", "2026-01-29", "2026-01-30"
WRITING, SWAPPING = "Writing build", "Committing"


def lay_out(folder: Path) -> None:
    """The example's exports as they land: a folder for each night, and rows that come again."""
    if generate_example.main(["--out", str(folder), "--split-by-load-date"]):
        raise SystemExit("The exports of the example cannot be written.")


def exports_until(folder: Path, source: Path, night: str) -> None:
    """The exports as they stood in the morning after a night."""

    def later(_: str, names: list[str]) -> list[str]:
        return [name for name in names if name > f"load_date={night}" and "=" in name]

    # With the times of the files: a night compares them with those that it has read.
    shutil.copytree(source, folder, ignore=later)


@dataclass
class Ended:
    """How a night ended: what it printed, each line with its second, and where it was killed."""

    code: int
    lines: list[tuple[float, str]]
    seconds: float

    @property
    def said(self) -> str:
        return "\n".join(line for _, line in self.lines)

    @property
    def phase(self) -> str:
        """The last step that it said it took up."""
        steps = {
            SWAPPING: "swap",
            "Loading": "load PostgreSQL",
            WRITING: "write",
            "100 %": "write",
        }
        for step, name in steps.items():
            if any(line.startswith(step) for _, line in self.lines):
                return name
        return "build and test" if "%" in self.said else "start"

    def second_of(self, text: str) -> float:
        return next(second for second, line in self.lines if line.startswith(text))


@dataclass
class Stage:
    """A working file and a published folder, with exports that are changed from night to night."""

    folder: Path
    exports: Path
    dsn: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def working(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def start(
        self,
        *arguments: str,
        module: str = "scripts.nightly",
        environment: dict[str, str] | None = None,
    ) -> subprocess.Popen:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = ["--keep", "500"] if module == "scripts.nightly" else []
        return subprocess.Popen(
            [sys.executable, "-m", module, *options, *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "DBT_LOG_PATH": str(self.folder / "logs"),
                "DBT_TARGET_PATH": str(self.folder / "target"),
                "PYTHONUNBUFFERED": "1",
                "SCORECARD_DUCKDB": str(self.working),
                "SCORECARD_EXPORTS": str(self.exports),
                "SCORECARD_POSTGRES": self.dsn,
                "SCORECARD_PUBLISHED": str(self.published),
                **self.environment,
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(
        self,
        *arguments: str,
        kill_after: float | None = None,
        counting_from: str = "",
        **how: object,
    ) -> Ended:
        """A night; it is killed so many seconds after its start, or after a line of it."""
        process = self.start(*arguments, **how)
        began = time.monotonic()
        lines: list[tuple[float, str]] = []

        def listen() -> None:
            for line in process.stdout:
                lines.append((time.monotonic() - began, line.rstrip("\n")))

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            while kill_after is not None and process.poll() is None:
                said = [second for second, line in lines if line.startswith(counting_from)]
                if said or not counting_from:
                    since = said[0] if counting_from else 0.0
                    time.sleep(max(0.0, since + kill_after - (time.monotonic() - began)))
                    process.kill()
                time.sleep(0.002)
            process.wait()
        finally:
            process.kill()
            listener.join()
        process.stdout.close()
        return Ended(process.returncode, lines, time.monotonic() - began)

    def current(self) -> publish.Manifest:
        return publish.manifest_of(publish.current(self.published))

    def problems(self) -> list[str]:
        """What is wrong with what readers see now."""
        folder = publish.current(self.published)
        found = publish.verify(folder)
        if self.dsn:
            found += postgres.verify(self.dsn, folder)
        return found

    def log(self) -> list[run_log.Night]:
        return run_log.read(self.published)


def clean_build(folder: Path, exports: Path, before: Path | None) -> publish.Manifest:
    """What the exports come to when they are built anew: what every night must show.

    From the build before it takes up what was published, which is never computed again.
    """
    stage = Stage(folder, exports)
    if before:
        shutil.copytree(before / "target", folder / "target")
        shutil.copyfile(before / "warehouse.duckdb", stage.working)
    ended = stage.run("--full-refresh")
    if ended.code:
        raise SystemExit(f"A night without any fault fails:\n{ended.said}")
    return stage.current()


@contextlib.contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[bool]:
    """A small file system of its own; says whether this user may have one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def garble(file: Path, rng: random.Random) -> None:
    """Overwrite a third of a file, in its middle."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 3)
        opened.write(rng.randbytes(size // 3))
