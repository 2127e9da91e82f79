"""One build of the example for the whole session; tests work on it, or on copies of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import duckdb
import pytest
from helpers.project import EXPORTS, PLAN, ROOT, Outcome, Project
from helpers.replay import Compiled
from hypothesis import HealthCheck, settings
from oracle import Published, Results, compute

# The same examples at every run; `--hypothesis-profile=search` looks at many others.
settings.register_profile(
    "project",
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "search", settings.get_profile("project"), max_examples=500, derandomize=False
)
settings.load_profile("project")

REPORTED = pytest.StashKey[list[str]]()


@dataclass(frozen=True, kw_only=True)
class Warehouse(Project):
    """The example as `dbt build` left it."""

    outcome: Outcome = field(repr=False)
    compiled: Compiled
    left_behind: set[str]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The built example. It is read only: whoever changes something works on a copy."""
    before = set(os.listdir(ROOT))
    project = Project(folder=tmp_path_factory.mktemp("built")).parsed()
    outcome = project.dbt("build")
    left_behind = set(os.listdir(ROOT)) - before
    if "skipped" in outcome.statuses.values():
        # A test failed. The one that wants none to fail says so; the others need the tables.
        project.dbt("run")
        project.dbt("compile")
    if not project.has("marts.annual_scorecards"):
        pytest.exit(f"The example does not build:\n{outcome.told()}", returncode=1)
    return Warehouse(
        folder=project.folder,
        manifest=project.manifest,
        outcome=outcome,
        compiled=Compiled.of(project.folder / "target"),
        left_behind=left_behind,
    )


@pytest.fixture(scope="session")
def connection(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect() as opened:
        yield opened


@dataclass(frozen=True)
class Computed:
    """What the oracle says, and the versions that it has kept. Both are read only."""

    results: Results
    published: Published


@pytest.fixture(scope="session")
def computed() -> Computed:
    """The oracle on the example: what the warehouse has to hold."""
    published = Published()
    return Computed(compute(EXPORTS, PLAN, published=published), published)


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Says a sentence at the end of the run."""
    return pytestconfig.stash.setdefault(REPORTED, []).append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for sentence in config.stash.get(REPORTED, []):
        terminalreporter.write_line(sentence)
