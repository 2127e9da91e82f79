"""The exports of one size: generated once, kept, and landed night by night where dbt reads them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
from rich.console import Console

from scripts import warehouse

COUNTED = (
    "tickets",
    "ticket_events",
    "call_legs",
    "survey_responses",
    "quality_review_items",
)


class Exports:
    """Twenty-four months of history and some nights after them, in folders of their own."""

    def __init__(self, folder: Path, size: float, nights: int) -> None:
        self.folder = folder
        self.size = size
        self.nights = nights
        self.history = folder / "history"
        self.later = folder / "nights"

    def generate(self, console: Console) -> None:
        """Generate what is not there yet; a folder left half written is written anew."""
        done = self.folder / "generated.json"
        written = json.loads(done.read_text()) if done.exists() else {}
        if not written.get("history"):
            console.print(f"size {self.size:g}: generating exports")
            self._generate(self.history)
            written["history"] = True
            done.write_text(json.dumps(written))
        if written.get("nights", 0) < self.nights:
            self._generate(self.later, "--nights", str(self.nights))
            written["nights"] = self.nights
            done.write_text(json.dumps(written))

    def _generate(self, out: Path, *arguments: str) -> None:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        command = ["-m", "scripts.generate_exports", "--out", str(out), "--size", f"{self.size:g}"]
        subprocess.run(
            [sys.executable, *command, *arguments],
            cwd=warehouse.PROJECT,
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def land_history(self, landing: Path) -> None:
        """The history alone, as links, so that nights can be added and taken away again."""
        shutil.rmtree(landing, ignore_errors=True)
        land(self.history, sorted(self.history.rglob("*.parquet")), landing)

    def land_night(self, number: int, landing: Path) -> None:
        """The files of the night of that number, from 1."""
        dates = sorted({folder.name for folder in self.later.glob("*/load_date=*")})
        land(self.later, sorted(self.later.glob(f"*/{dates[number - 1]}/*.parquet")), landing)

    def rows(self) -> dict[str, int]:
        """Records of the five large tables of the history."""
        with duckdb.connect() as connection:
            return {
                table: connection.execute(
                    "select count(*) from read_parquet(?)", [f"{self.history}/{table}/*/*.parquet"]
                ).fetchone()[0]
                for table in COUNTED
            }


def land(source: Path, files: list[Path], landing: Path) -> None:
    for file in files:
        landed = landing / file.relative_to(source)
        landed.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file.resolve(), landed)
        except OSError:
            shutil.copyfile(file, landed)
