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
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from helpers.project import EXPORTS, ROOT

from scripts import postgres, publish, run_log

# What comes night after night: records that no other export refers to.
ARRIVING = ("survey_responses", "exams", "coaching_sessions")
HISTORY, FIRST, SECOND = "2026-01-31", "2026-02-01", "2026-02-02"
WRITING, SWAPPING = "Writing build", "Committing"


def lay_out(folder: Path) -> None:
    """The example's exports: what there was, and two nights with some records each."""
    for source in sorted(EXPORTS.iterdir()):
        header, *lines = (source / f"{source.name}.csv").read_bytes().splitlines(keepends=True)
        nights: dict[str, list[bytes]] = {HISTORY: []}
        for line in lines:
            night = HISTORY
            if source.name in ARRIVING:
                part = zlib.crc32(line.split(b",")[0]) % 40
                night = {0: FIRST, 1: SECOND}.get(part, HISTORY)
            nights.setdefault(night, []).append(line)
        for night, rows in nights.items():
            file = folder / source.name / f"load_date={night}" / "part.csv"
            file.parent.mkdir(parents=True)
            file.write_bytes(b"".join([header, *rows]))


def exports_until(folder: Path, source: Path, night: str) -> Path:
    """The exports as they stood in the morning after a night."""
    for file in source.rglob("part.csv"):
        if file.parent.name <= f"load_date={night}":
            target = folder / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return folder


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
        self, module: str = "scripts.nightly", environment: dict[str, str] | None = None
    ) -> subprocess.Popen:
        self.folder.mkdir(parents=True, exist_ok=True)
        options = ["--keep", "500"] if module == "scripts.nightly" else []
        return subprocess.Popen(
            [sys.executable, "-m", module, *options],
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

    def run(self, kill_after: float | None = None, counting_from: str = "", **how: object) -> Ended:
        """A night; it is killed so many seconds after its start, or after a line of it."""
        process = self.start(**how)
        began = time.monotonic()
        lines: list[tuple[float, str]] = []

        def listen() -> None:
            for line in process.stdout:
                lines.append((time.monotonic() - began, line.rstrip("\n")))

        listener = threading.Thread(target=listen)
        listener.start()
        while kill_after is not None and process.poll() is None:
            from_second = next(
                (second for second, line in lines if line.startswith(counting_from)), None
            )
            if not counting_from:
                from_second = 0.0
            if from_second is not None:
                time.sleep(max(0.0, from_second + kill_after - (time.monotonic() - began)))
                process.kill()
                break
            time.sleep(0.002)
        try:
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


def clean_build(folder: Path, exports: Path, target: Path) -> publish.Manifest:
    """What the exports come to when they are built from nothing: what every night must show."""
    stage = Stage(folder, exports)
    with contextlib.suppress(FileNotFoundError):
        shutil.copytree(target, folder / "target")
    ended = stage.run()
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
