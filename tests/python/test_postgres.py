"""The publication in PostgreSQL: what readers see before, during and after, and who may read."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest
from faults import small
from helpers import postgres as servers

from scripts import postgres, publish, run_log
from scripts.publish import Mart

pytestmark = pytest.mark.skipif(
    not servers.is_installed(), reason="no PostgreSQL server is installed"
)

MARTS = [Mart("annual_scorecards", "The year.", {"score": "Points."}), Mart("notes", "", {})]
SHOWN = "select distinct night from marts.annual_scorecards"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.server() as dsn:
        yield dsn


@pytest.fixture
def dsn(server: str) -> str:
    """A database of the test's own."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("drop database if exists bi with (force)")
        admin.execute("create database bi")
    return server.replace("dbname=postgres", "dbname=bi")


class Builds:
    """Written builds of small marts; `change` is SQL that runs on the working file before."""

    def __init__(self, folder: Path, dsn: str) -> None:
        self.folder, self.dsn, self.number = folder, dsn, 0

    def write(self, change: str = "", marts: list[Mart] = MARTS) -> Path:
        self.number += 1
        working = self.folder / f"working{self.number}.duckdb"
        small.write_working_file(working, self.number)
        with duckdb.connect(str(working)) as connection:
            connection.execute("create table marts.notes as select 1 as id, 'a\t\\N\n€' as note")
            connection.execute(change or "select 1")
        build = publish.Build(
            build_id=f"{self.number:06d}-test",
            build_number=self.number,
            started_at=publish.utc_now(),
            as_of_at=None,
            git_commit=None,
            git_is_dirty=None,
            project_version="0",
            dbt_version="0",
            duckdb_version="0",
        )
        night = run_log.Night(self.number, build.build_id, "2026-01-01T00:00:00")
        night.table_rows = {mart.name: 1 for mart in marts}
        return publish.write(self.folder, working, marts, build, [night])

    def load(self, change: str = "", marts: list[Mart] = MARTS) -> Path:
        folder = self.write(change, marts)
        with postgres.loaded(self.dsn, folder) as connection:
            connection.commit()
        return folder


@pytest.fixture
def builds(tmp_path: Path, dsn: str) -> Builds:
    return Builds(tmp_path, dsn)


def test_every_row_arrives_and_each_load_replaces_the_one_before(builds: Builds, dsn: str):
    for _ in range(2):
        assert postgres.verify(dsn, builds.load()) == []
    with psycopg.connect(dsn) as connection:
        assert connection.execute(SHOWN).fetchall() == [(2,)]
        assert connection.execute("select note from marts.notes").fetchall() == [("a\t\\N\n€",)]
        assert connection.execute(
            "select obj_description('marts.annual_scorecards'::regclass),"
            " col_description('marts.annual_scorecards'::regclass, 2)"
        ).fetchall() == [("The year.", "Points.")]


def test_a_nul_in_a_text_arrives_as_a_sign(builds: Builds, dsn: str):
    builds.load("update marts.notes set note = 'a' || chr(0) || 'b'")
    with psycopg.connect(dsn) as connection:
        assert connection.execute("select note from marts.notes").fetchall() == [("a␀b",)]


def test_verify_finds_a_changed_row(builds: Builds, dsn: str):
    folder = builds.load()
    with psycopg.connect(dsn) as connection:
        connection.execute("update marts.notes set note = 'b'")
    assert postgres.verify(dsn, folder) == ["notes has 1 rows, or others than published."]


def test_verify_names_the_columns_that_a_table_lacks(builds: Builds, dsn: str):
    folder = builds.load()
    with psycopg.connect(dsn) as connection:
        connection.execute("alter table marts.notes drop column id, drop column note")
        connection.execute("delete from marts.build")
    assert postgres.verify(dsn, folder) == [
        "notes lacks the columns id, note.",
        "build has 0 rows, or others than published.",
    ]


def test_the_reader_sees_the_marts_and_nothing_else(builds: Builds, dsn: str):
    builds.load()
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("create schema salaries create table paid (employee_id text)")
        admin.execute("create table marts.private (x text)")
        admin.execute("drop role if exists dashboard")
        admin.execute("create role dashboard login in role scorecards_reader")
    builds.load()
    with psycopg.connect(dsn.replace("admin", "dashboard"), autocommit=True) as reader:
        assert reader.execute(SHOWN).fetchall() == [(2,)]
        for forbidden in (
            "select * from salaries.paid",
            "select * from marts.private",
            "delete from marts.annual_scorecards",
            "create table marts.mine (x text)",
            "create table public.mine (x text)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(forbidden)


def test_readers_wait_for_nothing_and_see_one_build(builds: Builds, dsn: str):
    """Before the commit the old rows, after it the new ones; a transaction keeps what it saw."""
    builds.load()
    folder = builds.write()
    with (
        psycopg.connect(dsn, autocommit=True) as reader,
        psycopg.connect(dsn) as transaction,
    ):
        reader.execute("set lock_timeout = '1ms'")
        transaction.execute("set transaction isolation level repeatable read")
        assert transaction.execute("select count(*) from marts.notes").fetchall() == [(1,)]
        with postgres.loaded(dsn, folder) as connection:
            assert reader.execute(SHOWN).fetchall() == [(1,)]
            connection.commit()
            assert reader.execute(SHOWN).fetchall() == [(2,)]
        assert transaction.execute(SHOWN).fetchall() == [(1,)]


def test_what_is_not_committed_is_not_there(builds: Builds, dsn: str):
    builds.load()
    with postgres.loaded(dsn, builds.write()):
        pass
    with pytest.raises(KeyError), postgres.loaded(dsn, builds.write()):
        raise KeyError
    with psycopg.connect(dsn) as connection:
        assert connection.execute(SHOWN).fetchall() == [(1,)]


CHANGES = {
    "a column more": "alter table marts.notes add column author text default 'x'",
    "a column less": "alter table marts.notes drop column id",
    "another type": "alter table marts.notes alter column id type decimal(9, 2)",
    "another order": "create or replace table marts.notes as select note, id from marts.notes",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_columns_may_change(builds: Builds, dsn: str, change: str):
    builds.load()
    assert postgres.verify(dsn, builds.load(change)) == []
    assert postgres.verify(dsn, builds.load()) == []


def test_columns_change_when_nobody_reads_and_nobody_is_held_up(
    builds: Builds, dsn: str, monkeypatch: pytest.MonkeyPatch
):
    builds.load()
    monkeypatch.setattr(postgres, "LOCK_PAUSE", 0.05)
    with psycopg.connect(dsn) as holder, psycopg.connect(dsn, autocommit=True) as other:
        holder.execute("select * from marts.notes")
        loading = threading.Thread(target=builds.load, args=[CHANGES["a column more"]])
        loading.start()
        slowest = 0.0
        for _ in range(20):
            time.sleep(0.05)
            began = time.monotonic()
            other.execute("select * from marts.notes")
            slowest = max(slowest, time.monotonic() - began)
        assert loading.is_alive()
        assert holder.execute(SHOWN).fetchall() == [(1,)]
        holder.commit()
        loading.join()
        assert other.execute("select author from marts.notes").fetchall() == [("x",)]
    assert slowest < 0.8  # and no reader is ended: that is what happens after 1 s


def test_a_table_that_is_always_read_is_named(
    builds: Builds, dsn: str, monkeypatch: pytest.MonkeyPatch
):
    builds.load()
    monkeypatch.setattr(postgres, "LOCK_PAUSE", 0)
    monkeypatch.setattr(postgres, "LOCK_ATTEMPTS", 2)
    with psycopg.connect(dsn) as holder:
        holder.execute("select * from marts.notes")
        with pytest.raises(publish.Problem, match="the columns of notes change"):
            builds.load(CHANGES["a column more"])
        assert holder.execute(SHOWN).fetchall() == [(1,)]


def test_a_view_that_needs_a_dropped_column_is_named(builds: Builds, dsn: str):
    builds.load()
    with psycopg.connect(dsn) as admin:
        admin.execute("create view public.ids as select id from marts.notes")
    with pytest.raises(publish.Problem, match=r"notes changes id.*view ids depends"):
        builds.load(CHANGES["a column less"])
    with psycopg.connect(dsn) as admin:
        assert admin.execute("select * from public.ids").fetchall() == [(1,)]
        assert admin.execute(SHOWN).fetchall() == [(1,)]


def test_a_table_that_is_published_no_longer_goes_and_others_stay(builds: Builds, dsn: str):
    builds.load()
    with psycopg.connect(dsn) as admin:
        admin.execute("create table marts.of_somebody (x text)")
    builds.load(marts=MARTS[:1])
    with psycopg.connect(dsn) as admin:
        tables = admin.execute("select tablename from pg_tables where schemaname = 'marts'")
        assert {name for (name,) in tables} == {
            "annual_scorecards",
            "of_somebody",
            *publish.ABOUT,
        }


def test_the_schema_of_somebody_else_is_left_alone(builds: Builds, dsn: str):
    with psycopg.connect(dsn) as admin:
        admin.execute("create schema marts create table notes (mine text)")
    with pytest.raises(publish.Problem, match="holds tables of somebody else"):
        builds.load()


def test_two_publications_at_once_are_one(builds: Builds, dsn: str):
    one, other = builds.write(), builds.write()
    with (
        postgres.loaded(dsn, one) as connection,
        pytest.raises(publish.Problem, match="another publication is under way"),
        postgres.loaded(dsn, other),
    ):
        connection.commit()


def test_a_user_who_may_not_make_the_role_is_told_what_to_do(builds: Builds, dsn: str):
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("drop role if exists loader")
        admin.execute("create role loader login")
        admin.execute("grant create on database bi to loader")
        admin.execute("drop role if exists set_aside")
        admin.execute(
            "do $$ begin alter role scorecards_reader rename to set_aside;"
            " exception when undefined_object then create role set_aside nologin; end $$"
        )
    try:
        builds.dsn = dsn.replace("admin", "loader")
        with pytest.raises(publish.Problem, match="create role scorecards_reader nologin"):
            builds.load()
    finally:
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("alter role set_aside rename to scorecards_reader")
    assert postgres.verify(dsn, builds.load()) == []


def test_a_server_that_is_down_is_named(builds: Builds, tmp_path: Path):
    builds.dsn = f"host={tmp_path} port=1 dbname=bi"
    with pytest.raises(publish.Problem, match="PostgreSQL: connection is bad"):
        builds.load()
