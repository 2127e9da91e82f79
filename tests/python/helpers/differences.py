"""What two built databases say otherwise, row by row."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from helpers.project import Project

SIDES = ("one", "other")


def differences(
    one: Project,
    other: Project,
    schemas: Collection[str] = ("marts",),
    but_for: Collection[str] = (),
    leaving_out: dict[str, list[str]] | None = None,
) -> dict[str, list[tuple]]:
    """Per table, up to three rows that only one of the databases has, and which one has them."""
    with duckdb.connect() as connection:
        for name, project in zip(SIDES, (one, other), strict=True):
            connection.execute(f"attach '{project.database}' as {name} (read_only)")
        tables, those_of_other = (tables_of(connection, name, schemas) for name in SIDES)
        assert tables == those_of_other
        assert len(tables) > 20
        found = {}
        for schema, table in sorted(tables):
            if table in but_for:
                continue
            unseen = ", ".join((leaving_out or {}).get(table, []))
            columns = f"* exclude ({unseen})" if unseen else "*"
            here, there = (f"select {columns} from {name}.{schema}.{table}" for name in SIDES)
            only = connection.execute(
                f"(select 'one' as only_in, * from ({here} except all {there}))"
                f" union all (select 'other', * from ({there} except all {here}))"
            ).fetchmany(3)
            if only:
                found[f"{schema}.{table}"] = only
    return found


def tables_of(
    connection: duckdb.DuckDBPyConnection, database: str, schemas: Collection[str]
) -> set[tuple[str, str]]:
    return set(
        connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = ? and list_contains(?, schema_name)",
            [database, list(schemas)],
        ).fetchall()
    )
