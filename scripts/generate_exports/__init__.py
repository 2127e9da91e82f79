"""Writes made-up exports of any size as Parquet: 24 months of history, and night after night.

    python -m scripts.generate_exports --out DIR --size 10               # 2024 and 2025
    python -m scripts.generate_exports --out DIR --size 10 --nights 5    # 1 to 5 January 2026
    python -m scripts.generate_exports --out DIR --size 10 --nights 1 --from-night 6

Size 1 is 200 agents with a million tickets; everything grows with it. Night 1 lands on 2026-01-02
and, as every night, is a function of size, seed and its number alone: nights can be written in any
order, and each continues what the history began. Chance is a hash of what it decides about, so the
same arguments give the same files with the same version of DuckDB.
"""

import argparse
import sys
import time
from pathlib import Path

import duckdb

from .writing import ALL_DAYS, HISTORY_DAYS, Generator, Slice, contract, months, nights

SIZES = 0.005, 200
MOST_NIGHTS = ALL_DAYS - HISTORY_DAYS


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("generate_exports", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="export folder")
    parser.add_argument(
        "--size", type=float, default=1, help="1 (the default) is 200 agents, a million tickets"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, metavar="N", help="append N nights, no history")
    parser.add_argument("--from-night", type=int, metavar="K", help="the first of them (default 1)")
    parser.add_argument(
        "--dirty", type=float, default=0, metavar="SHARE", help="share of broken rows (default 0)"
    )
    parser.add_argument("--threads", type=int, help="default: one per core")
    options = parser.parse_args(arguments)
    first = 1 if options.from_night is None else options.from_night
    if not SIZES[0] <= options.size <= SIZES[1]:
        parser.error(f"--size {options.size:g} is not between {SIZES[0]} and {SIZES[1]}")
    if not 0 <= options.dirty <= 0.1:
        parser.error(f"--dirty {options.dirty:g} is not a share between 0 and 0.1")
    if options.seed < 0:
        parser.error("--seed is below 0")
    if options.threads is not None and options.threads < 1:
        parser.error("--threads is below 1")
    if options.from_night is not None and options.nights is None:
        parser.error("--from-night needs --nights: how many from there on")
    if options.nights is not None:
        last = first + options.nights - 1
        if options.nights < 1 or first < 1 or last > MOST_NIGHTS:
            parser.error(
                f"nights {first} to {last}: they count from 1 to {MOST_NIGHTS}, all of 2026"
            )
    options.slices = nights(first, options.nights) if options.nights else months()
    if options.nights is None and any((options.out / table.name).exists() for table in contract()):
        parser.error(f"{options.out} already holds exports: remove them, or name another folder")
    return options


def generate(options: argparse.Namespace) -> None:
    """Write slice by slice, with a line for each and a summary."""
    began = time.monotonic()
    sums = {table.name: [0, 0] for table in contract()}
    generator = Generator(
        options.slices, options.size, options.seed, options.dirty, options.threads
    )
    for part in options.slices:
        written = generator.write(part, options.out)
        for table, (rows, size) in written.items():
            sums[table][0] += rows
            sums[table][1] += size
        rows = sum(rows for rows, _ in written.values())
        print(f"{label(part)}  {rows:>11,} rows  {time.monotonic() - began:>6.1f} s", flush=True)
    print()
    for table, (rows, size) in sums.items():
        print(f"{table:<20}  {rows:>11,} rows  {size / 1e6:>8,.1f} MB")
    rows, size = map(sum, zip(*sums.values(), strict=True))
    print(f"{'together':<20}  {rows:>11,} rows  {size / 1e6:>8,.1f} MB")
    print(f"\nWritten to {options.out} in {time.monotonic() - began:.0f} s. Next:")
    print(f"  SCORECARD_EXPORTS={options.out} make build")


def label(part: Slice) -> str:
    return f"{part.first:%Y-%m}" if part.end.day == 1 and part.first.day == 1 else f"{part.first}"


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = parse(arguments)
    try:
        generate(options)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        print(f"generate_exports: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ngenerate_exports: stopped; the last night lacks tables", file=sys.stderr)
        return 130
    return 0
