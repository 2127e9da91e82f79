"""What decides the results of a night: the exports it reads, and the project that reads them.

No model reads the clock. So a night whose inputs are those of the night before cannot come to
other results, and need not compute them again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scripts import warehouse

# What is computed, what is tested, and how it is published. Other files are of no consequence.
PROJECT_FILES = (
    "*.yml",
    "requirements.txt",
    "macros/**/*",
    "models/**/*",
    "scripts/*.py",
    "seeds/**/*",
    "tests/generic/*",
    "tests/singular/*",
)


# Settings of how a night runs, and of where its results go.
DECIDE_NO_RESULT = {
    *("SCORECARD_MEMORY", "SCORECARD_POSTGRES", "SCORECARD_PUBLISHED", "SCORECARD_SHEETS"),
    *("SCORECARD_SPARK", "DBT_LOG_PATH", "DBT_SEND_ANONYMOUS_USAGE_STATS"),
}
# Variables that dbt cannot read either; what is wrong with them, dbt says.
NOT_UNDERSTOOD = (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError)


def variables(given: str | None) -> dict[str, Any]:
    """Those of the project and, before them, those that dbt is given as YAML."""
    project = yaml.safe_load((warehouse.PROJECT / "dbt_project.yml").read_text("utf-8"))
    return project["vars"] | yaml.safe_load(given or "{}")


def exports(named: dict[str, Any]) -> Path:
    """Where the exports land: the variable `exports_path`, else `$SCORECARD_EXPORTS`."""
    folder = named.get("exports_path")
    folder = folder or warehouse.setting("SCORECARD_EXPORTS", "examples/exports")
    return warehouse.PROJECT / folder


def not_utf8(given: str | None) -> str:
    """The first file of the exports whose name is not UTF-8, as `ls -b` shows it; `given` as for
    dbt. DuckDB lists no folder that holds one, and does not say which it is.
    """
    with contextlib.suppress(*NOT_UNDERSTOOD):
        named = variables(given)
        depths = ("*/*", "*/*/*", "*/*/*/*") if named["exports_in"] == "files" else ()
        for file in sorted(file for depth in depths for file in exports(named).glob(depth)):
            shown = os.fsencode(file).decode(errors="backslashreplace")
            if shown != str(file) and file.is_file():
                return shown
    return ""


class Inputs(NamedTuple):
    """Hashes of what a night follows from; None if it cannot be known."""

    project: str | None  # plan, models, tests, settings, variables
    all: str | None  # and the exports


def fingerprints(given: str | None = None) -> Inputs:
    """Hashes of everything that a night's results and tests follow from; `given` as for dbt.

    What a loader, or a model of another project, holds has no files that could be compared. Of
    exports the names, sizes and times are compared, as dbt's run does.
    """
    try:
        named = variables(given)
        are_files = named["exports_in"] == "files" and {*named["exports"].values()} <= {"absent"}
        folder = exports(named)
    except NOT_UNDERSTOOD:
        are_files = False
    if not are_files:
        return Inputs(None, None)
    project = [
        json.dumps(named, sort_keys=True, default=str),
        *(f"{name}={value}" for name, value in sorted(os.environ.items()) if is_setting(name)),
        *(f"{file}={hashlib.sha256(file.read_bytes()).hexdigest()}" for file in project_files()),
    ]
    return Inputs(hash_of(project), hash_of([*project, *stamps(folder)]))


def hash_of(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()


def is_setting(name: str) -> bool:
    return name.startswith(("SCORECARD_", "DBT_")) and name not in DECIDE_NO_RESULT


def project_files() -> Iterator[Path]:
    for pattern in PROJECT_FILES:
        yield from sorted(file for file in warehouse.PROJECT.glob(pattern) if file.is_file())


def stamps(folder: Path) -> list[str]:
    """Name, size and time of every file in a folder, and of the folders in it."""
    found = []
    for parent, _, names in os.walk(folder, followlinks=True):
        for name in names:
            file = Path(parent, name)
            # Whoever exports may just now have given a file its final name.
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                found.append(f"{file} {status.st_size} {status.st_mtime_ns}")
    return sorted(found)
