"""Where the warehouse is, and how to open it for reading."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parent.parent


def path() -> Path:
    """The DuckDB file: `$SCORECARD_DUCKDB`, by default `warehouse.duckdb` in the project."""
    return PROJECT / os.environ.get("SCORECARD_DUCKDB", "warehouse.duckdb")


def connect() -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading; end with one sentence if that is not possible."""
    if not path().exists():
        sys.exit(f"There is no warehouse at {path().name} yet. Build it first: make build")
    try:
        return duckdb.connect(str(path()), read_only=True)
    except duckdb.IOException as error:
        if "lock" in str(error):
            sys.exit(f"{path().name} is being written. Wait for the build to end, then try again.")
        sys.exit(f"{path().name} cannot be opened: {str(error).splitlines()[0]}")
