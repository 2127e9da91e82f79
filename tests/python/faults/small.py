"""A working file of a few rows and a build that takes no time: nights for the quick tests.

    python -m faults.small [arguments of `nightly`]

runs a night for each line of its standard input and prints its exit code. The first night dies
right before its first change of a file, the second before its second, and so on.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import duckdb

from scripts import build, nightly

# What Python says it is about to do; `open` counts only when it is for writing.
CHANGES = {
    "open",
    "os.chmod",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
}


def write_working_file(file: Path, night: int, scores: int = 400) -> None:
    """Marts whose every row says which night it is of."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"""
            create schema if not exists marts;
            create schema if not exists intermediate;
            create or replace table marts.annual_scorecards as
            select
                'E' || range as employee_id,
                cast({night} + range / 100 as decimal(18, 6)) as score,
                {night} as night
            from range({scores});
            create or replace view marts.score_explanations as
            select employee_id, case when night % 2 = 0 then 'night ' || night end as sentence
            from marts.annual_scorecards;
            create or replace table marts.export_row_counts as
            select 'tickets' as table_name, 1000 * {night} as rows_read, {night} as rows_rejected;
            create or replace table intermediate.int_as_of as
            select
                timestamp '2026-01-01' + to_days({night}) as as_of_at,
                timestamp '2026-01-01' + to_days({night}) as as_of_local_at;
            """
        )


def mart(name: str, published: bool = True) -> dict[str, Any]:
    return {
        "alias": name,
        "schema": "marts",
        "description": f"What {name} is.",
        "columns": {},
        "config": {"meta": {} if published else {"published": False}},
    }


MARTS = [mart("annual_scorecards"), mart("export_row_counts"), mart("score_explanations")]


def passed() -> SimpleNamespace:
    """What dbt returns when all is well."""
    node = SimpleNamespace(resource_type="model", name="annual_scorecards")
    step = SimpleNamespace(status="success", node=node, execution_time=0.1, message="")
    return SimpleNamespace(success=True, exception=None, result=[step])


def die_at(number: int) -> None:
    """End this process, as by kill -9, right before its change of that number."""
    left = number

    def count(event: str, arguments: tuple) -> None:
        nonlocal left
        if event not in CHANGES:
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main() -> None:
    number = 0
    # Waits here while the working file of the next night is written.
    while sys.stdin.readline():
        number += 1
        # A child of a process in which DuckDB has not started any threads.
        child = os.fork()
        if not child:
            die_at(number)
            with mock.patch.multiple(build, run=lambda *_: passed(), models=lambda: MARTS):
                os._exit(nightly.main())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
