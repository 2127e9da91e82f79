"""Print annual scorecards: python tests/python/oracle --exports … --plan … [--employee E001]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

if not __package__:  # the folder itself was named, so its parent is not on the path yet
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from oracle import Results, compute


def main() -> None:
    parser = argparse.ArgumentParser(description="Compute the scorecards by the written rules.")
    parser.add_argument("--exports", type=Path, default=Path("examples/exports"))
    parser.add_argument("--plan", type=Path, default=Path("seeds/plan"))
    parser.add_argument("--source-time-zone", default="Asia/Shanghai")
    parser.add_argument("--as-of", help="an instant, ISO 8601")
    parser.add_argument("--absent", nargs="*", default=[], help="tables absent on purpose")
    parser.add_argument("--employee", help="one employee, with every part of the years' scores")
    options = parser.parse_args()
    results = compute(
        options.exports, options.plan, options.source_time_zone, options.as_of, options.absent
    )
    print(f"as of {results.as_of}; {len(results.rejected)} records rejected")
    print_table(results, "annual_scorecards", options.employee)
    if options.employee:
        print_table(results, "annual_dimension_scores", options.employee)
        print_table(results, "annual_metric_scores", options.employee)
        print_table(results, "monthly_scorecards", options.employee)


def print_table(results: Results, name: str, employee: str | None) -> None:
    print(f"\n{name}")
    for key, columns in sorted(getattr(results, name).items()):
        if employee in (None, key[0]):
            shown = "  ".join(f"{column} {value}" for column, value in columns.items())
            print(*key, " ", shown)


if __name__ == "__main__":
    main()
