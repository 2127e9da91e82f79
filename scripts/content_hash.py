"""What a table holds, as one hash: the same in any row order, in DuckDB, Parquet and PostgreSQL.

Of each row: its columns as text, null as chr(30), joined by chr(31); of that text the MD5. Of the
table: the SHA-256 of the column names, joined by commas, a line feed, and the MD5s of all rows,
sorted. Floating-point columns would read differently in PostgreSQL; the marts have none.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

# How each engine says it; `{rows}` is a query for the MD5 of each row.
DUCKDB = """
    select
        count(*),
        sha256({names} || chr(10) || coalesce(string_agg(hashed, '' order by hashed), ''))
    from ({rows}) as hashes
"""
POSTGRES = """
    select row_count, encode(sha256(convert_to({names} || chr(10) || hashes, 'UTF8')), 'hex')
    from (
        select
            count(*) as row_count,
            coalesce(string_agg(hashed, '' order by hashed collate "C"), '') as hashes
        from ({rows}) as hashed_rows
    ) as joined
"""


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def query(engine: str, columns: Iterable[str], relation: str) -> str:
    """SQL for the number of rows and the hash of a relation; `engine` is DUCKDB or POSTGRES."""
    columns = list(columns)
    texts = [f"coalesce(cast({quoted(column)} as varchar), chr(30))" for column in columns]
    row = " || chr(31) || ".join(texts)
    rows = f"select md5({row}) as hashed from {relation}"
    return engine.format(names=literal(",".join(columns)), rows=rows)


def content_hash(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    """Rows and content hash of a table, a view or `read_parquet('…')`."""
    columns = [row[0] for row in connection.execute(f"describe from {relation}").fetchall()]
    return connection.execute(query(DUCKDB, columns, relation)).fetchone()
