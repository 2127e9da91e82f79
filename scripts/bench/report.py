"""Medians, ratios, exponents and targets, as tables to read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

WIDTH = 100
NODES_SHOWN, NAME_WIDTH = 15, 60
TARGET_SIZE, SMALL_SIZE, MIDDLE_SIZE = 10, 0.1, 1

Result = dict[str, Any]

ROWS = {
    "floor": "bare scan of the needed columns",
    "reference": "reference.sql, by hand",
    "parse": "dbt parse without its cache",
    "run": "dbt run, all models",
    "build": "dbt build, with every test",
    "night": "one more night",
    "empty_night": "a night that brings nothing",
}
COMMANDS = {"run": "dbt run", "build": "dbt build", "night": "one more night"}


@dataclass(frozen=True)
class Target:
    """A number that is not to be above another; null where its sizes were not measured."""

    name: str
    value: float | None
    most: float
    unit: str = "x"

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "·"
        return "met" if self.value <= self.most else "missed"


def seconds(result: Result, name: str) -> float:
    return median(taken["seconds"] for taken in result["taken"][name])


def peak(result: Result, *names: str) -> float:
    """Bytes, the greatest of all repetitions."""
    return max(taken["peak"] for name in names for taken in result["taken"][name])


def exponent(small: Result | None, large: Result | None, name: str) -> float | None:
    """How time grows with size: 1 is in proportion, 0 not at all."""
    if not (small and large):
        return None
    growth = math.log(seconds(large, name) / seconds(small, name))
    return growth / math.log(large["size"] / small["size"])


def evaluate(results: list[Result]) -> list[Target]:
    """The targets; they hold for size 10, and are shown for the largest size measured."""
    by_size = {result["size"]: result for result in results}
    largest = results[-1]
    small, middle, large = (by_size.get(size) for size in (SMALL_SIZE, MIDDLE_SIZE, TARGET_SIZE))
    time = {name: seconds(largest, name) for name in ROWS}
    more = time["night"] - seconds(small, "night") if small and small is not largest else None
    memory = peak(largest, "run", "build", "night") / 1e9
    return [
        Target("dbt run / reference", time["run"] / time["reference"], 1.5),
        Target("dbt build / reference", time["build"] / time["reference"], 2.5),
        Target("peak memory of dbt", memory, 5, "GB"),
        Target("one more night / dbt build", time["night"] / time["build"], 0.25),
        Target("one more night, more than at size 0.1", more, 10, "s"),
        Target("a night that brings nothing", time["empty_night"], 15, "s"),
        Target("exponent 1 → 10 of dbt build", exponent(middle, large, "build"), 1.05, ""),
        Target("exponent 1 → 10 of one more night", exponent(middle, large, "night"), 0.5, ""),
        Target("reference / bare scan", time["reference"] / time["floor"], 12),
    ]


def show(results: list[Result], console: Console) -> None:
    console.print(times(results))
    if len(results) > 1:
        console.print(growth(results))
    largest = results[-1]
    size = f"at size {largest['size']:g}"
    console.print(kinds(largest))
    for name, words in COMMANDS.items():
        console.print(nodes(largest[f"{name}_nodes"], f"Nodes of {words} {size}"))
    console.print(stages(largest["reference_stages"], f"Stages of the reference {size}"))
    console.print(targets(evaluate(results), largest["size"]))
    differences = [words for result in results for words in result["differences"]]
    if differences:
        console.print("[red]Results differ from the reference:[/]", *differences, sep="\n")
    else:
        console.print("Every table equals the reference, to the digit.")


def plain(title: str, *columns: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        min_width=len(title),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def times(results: list[Result]) -> Table:
    columns = [f"size {result['size']:g}" for result in results]
    table = plain("Medians, and greatest memory", "", *columns)
    for name, words in ROWS.items():
        cells = [
            f"{seconds(result, name):.2f} s  {peak(result, name) / 1e9:.2f} GB"
            for result in results
        ]
        table.add_row(words, *cells)
    table.add_row(
        "records of the five large tables",
        *(f"{sum(result['rows'].values()):,}" for result in results),
    )
    table.add_row(
        "warehouse after dbt build",
        *(f"{result['warehouse_bytes'] / 1e6:,.0f} MB" for result in results),
    )
    return table


def growth(results: list[Result]) -> Table:
    """Exponents between neighbouring sizes."""
    pairs = list(pairwise(results))
    columns = [f"{small['size']:g} → {large['size']:g}" for small, large in pairs]
    table = plain("Exponent of growth", "", *columns)
    for name, words in ROWS.items():
        table.add_row(words, *(f"{exponent(*pair, name):.2f}" for pair in pairs))
    return table


def shares(rows: Iterable[tuple[str, float]], title: str, shown: int) -> Table:
    ordered = sorted(rows, key=lambda row: -row[1])
    total = sum(taken for _, taken in ordered) or 1
    table = plain(title, "", "seconds", "share")
    for name, taken in ordered[:shown]:
        table.add_row(name, f"{taken:.2f}", f"{taken / total:.0%}")
    if rest := ordered[shown:]:
        taken = sum(one for _, one in rest)
        table.add_row(f"{len(rest)} others", f"{taken:.2f}", f"{taken / total:.0%}")
    return table


def nodes(rows: list[tuple[str, str, float]], title: str) -> Table:
    named = [(name if kind == "model" else f"{kind} {name}", taken) for kind, name, taken in rows]
    return shares([(shortened(name), taken) for name, taken in named], title, NODES_SHOWN)


def shortened(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"


def kinds(result: Result) -> Table:
    """Seconds of all nodes of a kind; two run at a time, so they add up to more than the clock."""
    table = plain("Seconds of nodes by kind", "", *COMMANDS.values())
    by_kind = {}
    for command in COMMANDS:
        for kind, _, taken in result[f"{command}_nodes"]:
            by_kind.setdefault(kind, dict.fromkeys(COMMANDS, 0.0))[command] += taken
    for kind, taken in sorted(by_kind.items()):
        table.add_row(f"{kind}s", *(f"{one:.1f}" if one else "·" for one in taken.values()))
    return table


def stages(rows: list[tuple[str, float]], title: str) -> Table:
    return shares([(name, taken) for name, taken in rows], title, len(rows))


def targets(found: list[Target], size: float) -> Table:
    held = "" if size == TARGET_SIZE else f" (they hold for size {TARGET_SIZE}; this is {size:g})"
    table = plain(f"Targets{held}", "", "measured", "at most", "")
    for target in found:
        measured = "·" if target.value is None else f"{target.value:.2f} {target.unit}".rstrip()
        most = f"{target.most:g} {target.unit}".rstrip()
        table.add_row(target.name, measured, most, target.verdict)
    return table
