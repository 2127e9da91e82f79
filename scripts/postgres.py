"""The same publication in PostgreSQL: schema `marts`, changed in one transaction.

Rows are deleted and copied, tables stay: so nobody waits for anybody. Readers see the old rows of
all tables until the commit and the new rows of all tables after it, in one statement and, at
REPEATABLE READ, in one transaction. (Renaming a freshly filled schema would write less, but
PostgreSQL looks names up one by one and outside of any snapshot: a statement can meet the old
table of one name and the new one of the next, and a running transaction finds the new ones
empty.) Only tables whose columns change are locked, in a moment in which nobody reads them.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from scripts import publish
from scripts.content_hash import POSTGRES, query, quoted

READER = "scorecards_reader"
MARK = "Published by service_scorecards every night; what else is in here may be overwritten."
BATCH = 20_000

# How long a table may be asked for at a time: less than `deadlock_timeout` (1 s), so that no
# reader is ever ended because of us, and so short that none who queues behind us notices.
LOCK_TIMEOUT = "100ms"
LOCK_ATTEMPTS = 300
LOCK_PAUSE = 0.5  # seconds

TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "HUGEINT": "numeric(38,0)",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}

Columns = dict[str, str]


@contextlib.contextmanager
def loaded(dsn: str, folder: Path) -> Iterator[psycopg.Connection]:
    """A connection on which a build is loaded and not yet committed; who yields commits.

    After the commit, what the old rows left behind is cleaned up.
    """
    with (
        connected(dsn) as connection,
        duckdb.connect(str(folder / publish.DATABASE), read_only=True) as source,
    ):
        tables = load(connection, source)
        yield connection
        connection.rollback()
        vacuum(connection, tables)


@contextlib.contextmanager
def connected(dsn: str) -> Iterator[psycopg.Connection]:
    """A connection; what goes wrong on it is said in a sentence."""
    try:
        with psycopg.connect(dsn, connect_timeout=10, application_name="nightly") as connection:
            yield connection
    except psycopg.Error as error:
        raise publish.Problem(f"PostgreSQL: {' '.join(str(error).split())}") from error


def load(connection: psycopg.Connection, source: duckdb.DuckDBPyConnection) -> list[str]:
    """Replace the rows of every published table; returns the tables' names."""
    with connection.cursor() as cursor:
        prepare(cursor)
        wanted = tables_of(source)
        present = {name: columns_of(cursor, name) for name in present_tables(cursor)}
        known = published_tables(cursor) if "run_log_tables" in present else set()
        changed = [name for name in wanted if present.get(name, wanted[name]) != wanted[name]]
        gone = sorted(name for name in known & present.keys() if name not in wanted)
        for name in wanted.keys() - present.keys():
            create(cursor, name, wanted[name])
        for name in wanted.keys() - set(changed):
            replace_rows(cursor, source, name, wanted[name])
        # Last, because until the commit these tables are ours alone.
        if changed or gone:
            lock_tables(connection, cursor, [*changed, *gone])
        for name in changed:
            change_columns(cursor, name, present[name], wanted[name])
            replace_rows(cursor, source, name, wanted[name])
        for name in gone:
            cursor.execute(sql.SQL("drop table {}").format(table(name)))
        for name in wanted:
            describe(cursor, source, name)
            grant(cursor, name)
    return list(wanted)


def table(name: str) -> sql.Identifier:
    return sql.Identifier(publish.SCHEMA, name)


def prepare(cursor: psycopg.Cursor) -> None:
    """The schema, the role that reads it, and the certainty that nobody else publishes."""
    cursor.execute("select pg_try_advisory_xact_lock(hashtext('service_scorecards'))")
    if not cursor.fetchone()[0]:
        raise publish.Problem("PostgreSQL: another publication is under way in that database.")
    create_reader(cursor)
    cursor.execute(
        """
        select
            obj_description(pg_namespace.oid, 'pg_namespace'),
            exists (select 1 from pg_class where relnamespace = pg_namespace.oid)
        from pg_namespace
        where nspname = %s
        """,
        [publish.SCHEMA],
    )
    schema = sql.Identifier(publish.SCHEMA)
    mark, has_tables = cursor.fetchone() or (None, None)
    if has_tables is None:
        cursor.execute(sql.SQL("create schema {}").format(schema))
    if mark != MARK:
        if has_tables:
            raise publish.Problem(
                f"PostgreSQL: the schema {publish.SCHEMA} holds tables of somebody else."
                " Name another database, or say that they may be overwritten:"
                f" comment on schema {publish.SCHEMA} is '{MARK}'"
            )
        cursor.execute(sql.SQL("comment on schema {} is {}").format(schema, sql.Literal(MARK)))
    cursor.execute(sql.SQL("grant usage on schema {} to {}").format(schema, sql.Identifier(READER)))


def create_reader(cursor: psycopg.Cursor) -> None:
    """The role that BI's own users are granted; it reads the schema and nothing else."""
    cursor.execute("select 1 from pg_roles where rolname = %s", [READER])
    if cursor.fetchone():
        return
    try:
        cursor.execute(sql.SQL("create role {} nologin").format(sql.Identifier(READER)))
    except psycopg.errors.InsufficientPrivilege:
        raise publish.Problem(
            "PostgreSQL: the role of the readers is missing, and this user may not create it."
            f" Let an administrator do it once: create role {READER} nologin"
        ) from None


def grant(cursor: psycopg.Cursor, name: str) -> None:
    cursor.execute(
        "select has_table_privilege(%s, %s, 'select')", [READER, table(name).as_string()]
    )
    if not cursor.fetchone()[0]:
        cursor.execute(
            sql.SQL("grant select on {} to {}").format(table(name), sql.Identifier(READER))
        )


# What there is, and what there should be


def tables_of(source: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Tables of the build, and their columns in types of PostgreSQL."""
    found: dict[str, Columns] = {}
    for name, column, kind in source.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = ?"
        " order by table_name, column_index",
        [publish.SCHEMA],
    ).fetchall():
        found.setdefault(name, {})[column] = postgres_type(kind)
    return found


def postgres_type(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return kind.replace("DECIMAL", "numeric").replace(" ", "")
    if kind not in TYPES:
        raise publish.Problem(f"PostgreSQL: no type for {kind}; cast the column in its mart.")
    return TYPES[kind]


def present_tables(cursor: psycopg.Cursor) -> list[str]:
    cursor.execute("select tablename from pg_tables where schemaname = %s", [publish.SCHEMA])
    return [name for (name,) in cursor.fetchall()]


def columns_of(cursor: psycopg.Cursor, name: str) -> Columns:
    cursor.execute(
        """
        select attname, format_type(atttypid, atttypmod) from pg_attribute
        where attrelid = %s::regclass and attnum > 0 and not attisdropped
        order by attnum
        """,
        [table(name).as_string()],
    )
    return dict(cursor.fetchall())


def published_tables(cursor: psycopg.Cursor) -> set[str]:
    """Names that were ever published: only they are dropped when they are so no longer."""
    cursor.execute(sql.SQL("select distinct table_name from {}").format(table("run_log_tables")))
    return {name for (name,) in cursor.fetchall()}


# Rows


def create(cursor: psycopg.Cursor, name: str, columns: Columns) -> None:
    typed = [
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in columns.items()
    ]
    cursor.execute(sql.SQL("create table {} ({})").format(table(name), sql.SQL(", ").join(typed)))


def replace_rows(
    cursor: psycopg.Cursor, source: duckdb.DuckDBPyConnection, name: str, columns: Columns
) -> None:
    """Delete what is there and COPY the rows as text, which is exact for all types of the marts."""
    cursor.execute(sql.SQL("delete from {}").format(table(name)))
    texts = ", ".join(f"cast({quoted(column)} as varchar)" for column in columns)
    rows = source.execute(f"select {texts} from {publish.SCHEMA}.{quoted(name)}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table(name), names)) as copy:
        while batch := rows.fetchmany(BATCH):
            for row in batch:
                copy.write_row(row)


def describe(cursor: psycopg.Cursor, source: duckdb.DuckDBPyConnection, name: str) -> None:
    """The descriptions of a table and its columns, where they changed."""
    wanted = source.execute(
        """
        select null as column_name, comment from duckdb_tables()
        where schema_name = $schema and table_name = $name
        union all
        select column_name, comment from duckdb_columns()
        where schema_name = $schema and table_name = $name
        """,
        {"schema": publish.SCHEMA, "name": name},
    ).fetchall()
    cursor.execute(
        """
        select attname, col_description(attrelid, attnum) from pg_attribute
        where attrelid = %(name)s::regclass and attnum > 0 and not attisdropped
        union all
        select null, obj_description(%(name)s::regclass, 'pg_class')
        """,
        {"name": table(name).as_string()},
    )
    present = dict(cursor.fetchall())
    for column, text in wanted:
        if text == present[column]:
            continue
        kind = "table" if column is None else "column"
        path = (publish.SCHEMA, name) if column is None else (publish.SCHEMA, name, column)
        cursor.execute(
            sql.SQL("comment on {} {} is {}").format(
                sql.SQL(kind), sql.Identifier(*path), sql.Literal(text)
            )
        )


# Tables whose columns changed, and tables that are published no longer


def lock_tables(connection: psycopg.Connection, cursor: psycopg.Cursor, names: list[str]) -> None:
    """Wait for a moment in which nobody reads any of the tables, without holding readers up."""
    cursor.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
    for _ in range(LOCK_ATTEMPTS):
        try:
            with connection.transaction():
                cursor.execute(
                    sql.SQL("lock table {} in access exclusive mode").format(
                        sql.SQL(", ").join(map(table, names))
                    )
                )
            return
        except psycopg.errors.LockNotAvailable:
            time.sleep(LOCK_PAUSE)
    raise publish.Problem(
        f"PostgreSQL: the columns of {', '.join(names)} change, but these were read all the time."
        " See pg_stat_activity for long queries, then run the night again."
    )


def change_columns(cursor: psycopg.Cursor, name: str, present: Columns, wanted: Columns) -> None:
    """Drop and add columns: unlike a table made anew, the old rows stay for whoever reads them."""
    differing = present.items() ^ wanted.items()
    dropped = sorted({column for column, _ in differing if column in present})
    added = [column for column in wanted if (column, wanted[column]) in differing]
    actions = [sql.SQL("drop column {}").format(sql.Identifier(column)) for column in dropped]
    actions += [
        sql.SQL("add column {} {}").format(sql.Identifier(column), sql.SQL(wanted[column]))
        for column in added
    ]
    try:
        cursor.execute(
            sql.SQL("alter table {} {}").format(table(name), sql.SQL(", ").join(actions))
        )
    except psycopg.errors.DependentObjectsStillExist as error:
        detail = " ".join((error.diag.message_detail or "").split())
        raise publish.Problem(
            f"PostgreSQL: {name} changes {', '.join(dropped)}, but something is built on it:"
            f" {detail}. Drop that, run the night again, and create it anew."
        ) from None


def vacuum(connection: psycopg.Connection, tables: list[str]) -> None:
    """Make room of the old rows and count the new ones; readers are not held up by it."""
    connection.autocommit = True
    for name in tables:
        with contextlib.suppress(psycopg.Error):
            connection.execute(
                sql.SQL("vacuum (analyze, skip_locked, truncate false) {}").format(table(name))
            )


# Verifying


def verify(dsn: str, folder: Path) -> list[str]:
    """What differs between the database and a build's manifest, in sentences."""
    manifest = publish.manifest_of(folder)
    said = []
    with connected(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        present = present_tables(cursor)
        for name, expected in manifest["tables"].items():
            if name not in present:
                said.append(f"{name} is missing.")
                continue
            there = columns_of(cursor, name)
            if lacking := [column for column in expected["columns"] if column not in there]:
                said.append(f"{name} lacks the columns {', '.join(lacking)}.")
                continue
            cursor.execute(query(POSTGRES, expected["columns"], table(name).as_string()))
            found = cursor.fetchone()
            if found != (expected["rows"], expected["content_hash"]):
                said.append(f"{name} has {found[0]:,} rows, or others than published.")
    return said
