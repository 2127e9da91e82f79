"""Build the scorecards on Spark and on DuckDB from the same exports, and compare every table.

    python -m scripts.spark [any arguments of `dbt build`]

Works in the folder `$SCORECARD_SPARK` (default `spark`), where a second run is a night: only
days that are new are loaded, and both engines add them to what they built before. Exits with 1
when a model or a test fails on Spark, or when a public table differs in a row or a type.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner, dbtRunnerResult
from rich import box
from rich.console import Console
from rich.table import Table

from scripts import build, warehouse

CULPRITS_SHOWN = 3
# Columns that say which build wrote a row, and so are never the same in two.
NAMES_OF_THE_BUILD = {"build_id", "project_fingerprint"}
# What DuckDB calls the types that an export can have, in Spark's words; others are the same.
SPARK_TYPES = {
    "varchar": "string",
    "timestamp": "timestamp_ntz",
    "timestamp with time zone": "timestamp",
}


def folder() -> Path:
    """Where Spark's tables and catalog are, and the warehouse that they are compared with."""
    return warehouse.PROJECT / warehouse.setting("SCORECARD_SPARK", "spark")


def dbt_build(target: str, console: Console, *arguments: str) -> dbtRunnerResult:
    return build.run(
        ["--target", target, "--target-path", str(folder() / "target" / target), *arguments],
        console,
    )


# Loading


def load(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Write the exports, as DuckDB reads them, as Parquet: what a loader does on a cluster.

    A streamed export that lands by day is a folder for each day, and days that were written
    before are left alone: Spark knows by the files what arrived. Returns the columns and types
    of each table, as Spark names them, and whether days are partitions.
    """
    days: dict[str, dict[str, str]] = {}
    for table, day, fingerprint in connection.execute(
        "select table_name, load_date, fingerprint from raw.arrivals where fingerprint is not null"
    ).fetchall():
        days.setdefault(table, {})[day] = fingerprint
    note = folder() / "loaded.json"
    loaded = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    tables = {}
    for (name,) in connection.execute(
        "select view_name from duckdb_views() where schema_name = 'raw' order by all"
    ).fetchall():
        is_partitioned = "" not in days.get(name, {"": ""})
        if is_partitioned:
            load_days(connection, name, days[name], loaded.get(name, {}))
        else:
            load_whole(connection, name)
        columns = connection.execute(f"describe raw.{name}").fetchall()
        tables[name] = {
            "columns": {column[0]: spark_type(column[1]) for column in columns},
            "is_partitioned": is_partitioned,
        }
    note.write_text(json.dumps(days), encoding="utf-8")
    return tables


def load_whole(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    target = folder() / "raw" / name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    connection.execute(f"copy raw.{name} to '{target}/rows.parquet'")


def load_days(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    present: dict[str, str],
    loaded: dict[str, str],
) -> None:
    target = folder() / "raw" / name
    if not loaded.keys() <= present.keys() or not target.exists():
        shutil.rmtree(target, ignore_errors=True)
        loaded = {}
    coming = [day for day, fingerprint in present.items() if loaded.get(day) != fingerprint]
    for day in coming:
        shutil.rmtree(target / f"load_date={day}", ignore_errors=True)
    if coming:
        dates = ", ".join(f"date '{day}'" for day in coming)
        connection.execute(
            f"copy (from raw.{name} where load_date in ({dates})) to '{target}'"
            " (format parquet, partition_by (load_date), overwrite_or_ignore)"
        )


def spark_type(data_type: str) -> str:
    data_type = data_type.lower()
    return SPARK_TYPES.get(data_type, data_type)


def mount(tables: dict[str, dict[str, Any]]) -> dbtRunnerResult:
    """Tell Spark's catalog of the tables that were loaded."""
    arguments = {"folder": str((folder() / "raw").resolve()), "tables": tables}
    command = ["run-operation", "mount_raw_tables", "--args", json.dumps(arguments)]
    target = ["--target", "spark", "--target-path", str(folder() / "target" / "spark")]
    return dbtRunner().invoke(["--quiet", "--log-level", "none", *command, *target])


# Comparing


@dataclass(frozen=True)
class Compared:
    """A table on both engines; `culprits` are the keys of some rows that differ."""

    table: str
    rows: int
    only_in_duckdb: int
    only_in_spark: int
    types: list[str]
    culprits: list[tuple[Any, ...]]

    @property
    def is_equal(self) -> bool:
        return not (self.only_in_duckdb or self.only_in_spark or self.types)


def public_tables() -> dict[str, list[str]]:
    """What BI reads, each table with the columns that name a row, as the project declares them."""
    manifest = json.loads((folder() / "target/spark/manifest.json").read_text(encoding="utf-8"))
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["columns"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "is_unique_by"
    }
    return {
        f"{node['schema']}.{node['name']}": keys.get(name, [])
        for name, node in sorted(manifest["nodes"].items())
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def compare(connection: duckdb.DuckDBPyConnection, table: str, keys: list[str]) -> Compared:
    """Compare every row of a table, each as often as it is there, and the types of its columns."""
    from pyspark.sql import SparkSession

    target = folder() / "compared" / table
    rows = SparkSession.builder.getOrCreate().table(table)
    rows.coalesce(1).write.mode("overwrite").parquet(str(target))
    spark = f"read_parquet('{target}/*.parquet')"
    types = dict(
        connection.execute(f"select column_name, column_type from (describe {table})").fetchall()
    )
    spark_types = dict(
        connection.execute(
            f"select column_name, column_type from (describe from {spark})"
        ).fetchall()
    )
    # A timestamp is UTC on both; in Parquet, Spark's says so.
    instants = {name for name, kind in spark_types.items() if kind == "TIMESTAMP WITH TIME ZONE"}
    spark_types |= dict.fromkeys(instants, "TIMESTAMP")
    columns = ", ".join(name for name in types if name not in NAMES_OF_THE_BUILD)
    as_in_duckdb = ", ".join(
        f"make_timestamp(epoch_us({name})) as {name}" if name in instants else name
        for name in types
        if name not in NAMES_OF_THE_BUILD
    )
    connection.execute(f"create or replace temp table duckdb_rows as select {columns} from {table}")
    connection.execute(
        f"create or replace temp table spark_rows as select {as_in_duckdb} from {spark}"
    )
    one_sided = {
        side: f"(from {side}_rows except all from {other}_rows)"
        for side, other in (("duckdb", "spark"), ("spark", "duckdb"))
    }
    counts = [
        connection.execute(f"select count(*) from {source}").fetchone()[0]
        for source in ("duckdb_rows", one_sided["duckdb"], one_sided["spark"])
    ]
    culprits = connection.execute(
        f"select distinct {', '.join(keys) or columns}"
        f" from (from {one_sided['duckdb']} union all from {one_sided['spark']})"
        f" order by all limit {CULPRITS_SHOWN}"
    ).fetchall()
    return Compared(
        table,
        *counts,
        types=[
            f"{name}: {types.get(name)} in DuckDB, {spark_types.get(name)} in Spark"
            for name in {**types, **spark_types}
            if types.get(name) != spark_types.get(name)
        ],
        culprits=culprits,
    )


def show(compared: list[Compared], console: Console) -> None:
    table = Table("Table", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("rows", "only in DuckDB", "only in Spark"):
        table.add_column(column, justify="right")
    for each in compared:
        counts = (each.rows, each.only_in_duckdb, each.only_in_spark)
        table.add_row(each.table, *[f"{count:,}" if count else "·" for count in counts])
    console.print(table)
    for each in compared:
        if not each.is_equal:
            console.print(f"[red]{each.table} differs.[/]", *each.types, sep="\n  ")
            for culprit in each.culprits:
                console.print("  " + ", ".join(str(value) for value in culprit))


def main() -> int:
    console = Console(highlight=False)
    console.width = max(console.width, build.WIDTH)
    folder().mkdir(parents=True, exist_ok=True)
    file = folder() / "warehouse.duckdb"
    os.environ["SCORECARD_DUCKDB"] = str(file)
    began = time.monotonic()

    console.print("DuckDB builds the warehouse to compare with …")
    models = ["--resource-type", "seed", "--resource-type", "model"]
    result = dbt_build("dev", console, *models, *sys.argv[1:])
    if not result.success:
        build.show_failures(result, console, then="make spark")
        return 1

    console.print("The exports are written as tables for Spark …")
    with warehouse.reading(file) as connection:
        tables = load(connection)
    console.print("Spark builds and tests the same models …")
    started = time.monotonic()
    result = mount(tables)
    if result.success:
        # The rules' unit tests prove the SQL once, on DuckDB; here the tables are compared.
        result = dbt_build("spark", console, "--exclude-resource-type", "unit_test", *sys.argv[1:])
    if not result.success:
        build.show_failures(result, console, then="make spark")
        return 1
    seconds = time.monotonic() - started

    with warehouse.reading(file) as connection:
        compared = [compare(connection, *table) for table in public_tables().items()]
    show(compared, console)
    equal = sum(each.is_equal for each in compared)
    console.print(
        f"{equal} of {len(compared)} public tables are equal to the digit. Spark built and tested"
        f" them in {seconds:.0f} s, {len(result.result)} steps; all in all"
        f" {time.monotonic() - began:.0f} s."
    )
    return 0 if 0 < equal == len(compared) else 1


if __name__ == "__main__":
    sys.exit(main())
