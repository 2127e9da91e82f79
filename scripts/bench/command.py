"""How fast is the project, and what limits it? Generates exports, runs, repeats, prints medians.

    make bench SIZE=0.1               # or: python -m scripts.bench --size 0.1
    make bench SIZE="0.1 1 10"        # growth, with the exponents

Size 10 is ten million tickets and 2,000 agents over 24 months. Each size is measured by
- the bare scan of the columns that the results need (`floor.sql`),
- a hand-written script from the exports to the same results (`reference.sql`); they are compared
  with the project's, to the digit, before and after the nights,
- `dbt run` and `dbt build` into an empty warehouse, as a user would start them,
- one more night, `dbt build --selector arrivals`, and a night that brings nothing, `make nightly`.
dbt has parsed the project before (once, which is timed too): its cache is warm from then on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from rich.console import Console

from scripts import warehouse

from .exports import Exports
from .measuring import Bench, CommandFailed
from .report import WIDTH, evaluate, show

WORK = warehouse.PROJECT / ".bench"


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "bench", description=__doc__.splitlines()[0], epilog="make bench SIZE=1"
    )
    parser.add_argument("--size", type=float, nargs="+", default=[0.1], help="default 0.1")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind (default 3)")
    parser.add_argument(
        "--work", type=Path, default=WORK, help="where generated exports are kept (default .bench)"
    )
    parser.add_argument("--keep", action="store_true", help="keep the warehouse that was built")
    options = parser.parse_args(arguments)
    if options.repeat < 1:
        parser.error("--repeat is below 1")
    options.size = sorted(set(options.size))
    return options


def machine() -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "system": f"{platform.system()} {platform.machine()}",
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line; exits with 1 if a command failed or a result differs."""
    options = parse(arguments)
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    running = options.work / "run"
    results = []
    try:
        for size in options.size:
            exports = Exports(options.work / f"size_{size:g}", size, nights=options.repeat)
            exports.generate(console)
            results.append(Bench(running, exports, options.repeat, console).measure())
    except CommandFailed as error:
        console.print(f"[red]{error}[/]")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    finally:
        if not options.keep:
            shutil.rmtree(running, ignore_errors=True)

    show(results, console)
    sizes = "_".join(f"{size:g}" for size in options.size)
    written = options.work / f"bench_{sizes}.json"
    targets = [vars(target) for target in evaluate(results)]
    content = {"machine": machine(), "repeat": options.repeat, "sizes": results, "targets": targets}
    written.write_text(json.dumps(content, indent=1) + "\n")
    console.print(f"All numbers: {written}")
    return 0 if all(not result["differences"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
