"""One build of the example for the whole session; tests work on it, or on copies of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from helpers.project import PLAN, ROOT, Outcome, Project
from helpers.replay import Compiled, Replay
from oracle import Results, compute

REPORTED = pytest.StashKey[list[str]]()


@dataclass(frozen=True)
class Warehouse(Project):
    """The example as `dbt build` left it."""

    outcome: Outcome = Outcome(False)
    compiled: Compiled = Compiled({})
    left_behind: frozenset[str] = frozenset()


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The built example. It is read only: whoever changes something works on a copy."""
    built = Warehouse(tmp_path_factory.mktemp("built"))
    before = set(os.listdir(ROOT))
    outcome = built.dbt("build")
    unmade = [name for name, status in outcome.statuses.items() if status in ("error", "skipped")]
    if outcome.error or unmade:
        pytest.exit(f"The example does not build:\n{outcome.told()}", returncode=1)
    return replace(
        built,
        outcome=outcome,
        compiled=Compiled.of(built.folder / "target"),
        left_behind=frozenset(set(os.listdir(ROOT)) - before),
    )


@pytest.fixture(scope="session")
def connection(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect() as opened:
        yield opened
