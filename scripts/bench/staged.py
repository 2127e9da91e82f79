"""Run a SQL script of stages (`-- stage: name` lines) on Parquet exports, and time each stage.

    python -m scripts.bench.staged SCRIPT --exports DIR [--to FILE] [--report FILE.json]

The script finds the folders in the variables `exports` and `plan`, and its default database is the
file, written anew. A process of its own, so that its time and memory compare with those of dbt's.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from scripts import warehouse

PLAN = warehouse.PROJECT / "seeds" / "plan"
SCRIPTS = Path(__file__).parent


def stages(script: Path) -> Iterator[tuple[str, str]]:
    """Name and SQL of each stage."""
    for stage in re.split(r"(?m)^-- stage: ", script.read_text(encoding="utf-8"))[1:]:
        name, sql = stage.split("\n", 1)
        yield name.strip(), sql


def run(
    script: Path, exports: Path, to: Path | None = None, plan: Path = PLAN
) -> list[tuple[str, float]]:
    """Stages with their seconds; the last one closes the file."""
    if to:
        to.unlink(missing_ok=True)
    seconds = []
    with duckdb.connect(str(to or ":memory:")) as connection:
        time_zone = warehouse.setting("SCORECARD_SOURCE_TIME_ZONE", "Asia/Shanghai")
        connection.execute("set TimeZone = ?", [time_zone])
        connection.execute("set variable exports = ?", [str(exports)])
        connection.execute("set variable plan = ?", [str(plan)])
        for name, sql in stages(script):
            began = time.monotonic()
            connection.execute(sql)
            seconds.append((name, time.monotonic() - began))
        began = time.monotonic()
    return [*seconds, ("close", time.monotonic() - began)]


def main() -> None:
    parser = argparse.ArgumentParser("staged", description=__doc__.splitlines()[0])
    parser.add_argument("script", type=Path)
    parser.add_argument("--exports", type=Path, required=True)
    parser.add_argument("--plan", type=Path, default=PLAN)
    parser.add_argument("--to", type=Path, help="database file (default: none, in memory)")
    parser.add_argument("--report", type=Path, help="where to write the seconds of each stage")
    options = parser.parse_args()
    seconds = run(options.script, options.exports, options.to, options.plan)
    if options.report:
        options.report.write_text(json.dumps(seconds))
    for name, taken in seconds:
        print(f"{name:<36} {taken:8.2f} s")


if __name__ == "__main__":
    main()
