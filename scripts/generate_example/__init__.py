"""Writes the export folder of a made-up service department: a short year and the one after it.

    python -m scripts.generate_example [--out examples/exports] [--size 1] [--split-by-load-date]

A latent skill per person drives what happens to them, so that scores can be checked against
`truth.csv`. Everything follows from the seed; all instants are simulated as naive local time of
Asia/Shanghai and get their offset when they are written.
"""

import argparse
import sys
from pathlib import Path

from scripts.generate_calendar import UnknownYearError

from .clock import Settings
from .simulation import simulate
from .tables import ROOT
from .writing import write_exports, write_table, write_truth

SMALLEST_DEPARTMENT = 48


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("generate_example", description=__doc__.splitlines()[0])
    default = ROOT / "examples" / "exports"
    parser.add_argument("--out", type=Path, default=default, help="export folder")
    parser.add_argument("--truth", type=Path, help="default: truth.csv beside the export folder")
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--year", type=int, default=2025, help="the appraisal year")
    parser.add_argument("--agents", type=int, help=f"at least {SMALLEST_DEPARTMENT}")
    parser.add_argument("--size", type=int, default=1, help="multiplies people and volumes")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--split-by-load-date", action="store_true", help="one folder per night")
    no_dirty = "no rows that the contract rejects (Parquet, being typed, never has any)"
    parser.add_argument("--no-dirty", dest="dirty", action="store_false", help=no_dirty)
    options = parser.parse_args(arguments)
    options.agents = options.agents or options.size * SMALLEST_DEPARTMENT
    if options.agents < SMALLEST_DEPARTMENT:
        parser.error(f"the cases need at least {SMALLEST_DEPARTMENT} agents")
    options.truth = options.truth or options.out.parent / "truth.csv"
    return options


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = parse(arguments)
    try:
        department, exports = simulate(Settings(options.seed, options.year, options.agents))
    except UnknownYearError as error:
        print(f"generate_example: {error}", file=sys.stderr)
        return 1
    split, dirty = options.split_by_load_date, options.dirty
    dirty_rows = write_exports(exports, options.out, options.format, split, dirty)
    header = ("table", "row_number", "kind", "source_file")
    write_table(options.truth.with_name("dirty_rows.csv"), header, dirty_rows)
    write_truth(options.truth, department, exports)
    print(f"{options.out}: {len(exports.records)} tables")
    return 0
