"""Nights on a small working file: what is published, and that nothing spoils it."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import psycopg
import pytest
from conftest import Warehouse
from faults import small
from faults.readers import readers
from faults.stage import mounted, remount
from helpers import postgres as servers
from helpers.project import ROOT
from rich.console import Console

from scripts import build, inputs, kept, lock, nightly, postgres, publish, run_log, warehouse
from scripts.content_hash import content_hash

needs_postgres = pytest.mark.skipif(
    not servers.is_installed(), reason="no PostgreSQL server is installed"
)


@dataclass
class Place:
    """A working file and a published folder; `run` is a night, `said` what it printed."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture
    said: str = ""
    marts: list[dict] = field(default_factory=lambda: small.MARTS)

    @property
    def working(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def aside(self) -> Path:
        return self.folder / "warehouse.duckdb.unreadable"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    def run(self, night: int, *arguments: str, built: Callable[..., object] = small.passed) -> int:
        """A night with a build that writes the working file, or does something else."""

        def run_dbt(options: list[str], console: object) -> object:
            self.options = options
            if built is small.passed:
                small.write_working_file(self.working, night)
            return built()

        self.options: list[str] | None = None
        self.monkeypatch.setattr(build, "run", run_dbt)
        self.monkeypatch.setattr(build, "models", lambda: self.marts)
        self.exports.mkdir(exist_ok=True)
        if not (landed := self.exports / f"night_{night}.csv").exists():
            landed.touch()
        self.monkeypatch.setattr(sys, "argv", ["nightly", *arguments])
        code = nightly.main()
        self.said = self.capsys.readouterr().out
        return code

    @property
    def current(self) -> Path:
        return publish.current(self.published)

    def night_shown(self) -> int:
        """Which night readers see, by each of the ways there are."""
        with duckdb.connect(str(self.published / "scorecards.duckdb"), read_only=True) as opened:
            [(shown,)] = opened.execute(
                "select distinct night from marts.annual_scorecards"
            ).fetchall()
        parquet = self.current / "parquet" / "annual_scorecards.parquet"
        assert duckdb.sql(f"select distinct night from '{parquet}'").fetchall() == [(shown,)]
        return shown

    def logged(self) -> list[run_log.Night]:
        return run_log.read(self.published)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Place:
    made = Place(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("SCORECARD_DUCKDB", str(made.working))
    monkeypatch.setenv("SCORECARD_EXPORTS", str(made.exports))
    monkeypatch.setenv("SCORECARD_PUBLISHED", str(made.published))
    monkeypatch.delenv("SCORECARD_POSTGRES", raising=False)
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.server() as dsn:
        yield dsn


@pytest.fixture
def dsn(server: str) -> Iterator[str]:
    """A database of the test's own."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("drop database if exists bi with (force)")
        admin.execute("create database bi")
    yield server.replace("dbname=postgres", "dbname=bi")


# What is published


def test_a_night_publishes_a_build_that_is_what_its_manifest_says(place: Place):
    assert place.run(1) == 0, place.said
    folder = place.current
    manifest = publish.manifest_of(folder)
    assert folder.name.startswith("000001-")
    assert manifest["build_id"] == folder.name
    assert manifest["tables"]["annual_scorecards"]["rows"] == 400
    assert set(manifest["tables"]) == {mart["alias"] for mart in small.MARTS} | set(publish.ABOUT)
    assert set(manifest["files"]) == {
        "scorecards.duckdb",
        *(f"parquet/{name}.parquet" for name in manifest["tables"]),
    }
    assert publish.verify(folder) == []
    assert place.night_shown() == 1


def test_the_build_and_the_run_log_are_tables_of_the_publication(place: Place):
    place.run(1)
    place.run(2)
    with duckdb.connect(str(place.published / "scorecards.duckdb"), read_only=True) as opened:
        assert opened.execute("select build_number, as_of_at from marts.build").fetchall() == [
            (2, datetime(2026, 1, 3))
        ]
        assert opened.execute(
            "select build_number, outcome, rows_read, rows_new, rows_rejected from marts.run_log"
        ).fetchall() == [(1, "published", 1000, None, 1), (2, "published", 2000, 1000, 2)]
        assert opened.execute(
            "select row_count from marts.run_log_tables where table_name = 'annual_scorecards'"
        ).fetchall() == [(400,), (400,)]


def test_older_drivers_can_read_the_published_file(place: Place):
    """The format of DuckDB 1.0; that 1.0.0 reads it was tried, see docs/nightly.md."""
    place.run(1)
    with duckdb.connect() as connection:
        file = place.published / "scorecards.duckdb"
        connection.execute(f"attach '{file}' as published (read_only)")
        [(tags,)] = connection.execute(
            "select tags from duckdb_databases() where database_name = 'published'"
        ).fetchall()
    assert tags["storage_version"] == "v1.0.0+"


def test_descriptions_are_published(place: Place):
    place.run(1)
    with duckdb.connect(str(place.published / "scorecards.duckdb"), read_only=True) as opened:
        assert opened.execute(
            "select comment from duckdb_tables() where table_name = 'annual_scorecards'"
        ).fetchall() == [("What annual_scorecards is.",)]


def test_a_mart_that_says_so_is_not_published(place: Place):
    place.marts = [*small.MARTS[:2], small.mart("score_explanations", published=False)]
    assert place.run(1) == 0
    assert "score_explanations" not in publish.manifest_of(place.current)["tables"]


def test_the_content_hash_knows_rows_and_not_their_order():
    with duckdb.connect() as connection:
        rows = "values (1, 'a'), (2, null), (2, null)"
        one = content_hash(connection, f"(from ({rows}) as rows (x, y) order by x)")
        assert one == content_hash(connection, f"(from ({rows}) as rows (x, y) order by x desc)")
        others = [
            "values (1, 'a'), (2, null)",
            "values (1, 'a'), (2, ''), (2, null)",
            "values (1, 'b'), (2, null), (2, null)",
        ]
        hashes = {content_hash(connection, f"(from ({other}) as rows (x, y))") for other in others}
        assert len({one, *hashes}) == 4
        assert one != content_hash(connection, f"(from ({rows}) as rows (x, z))")


def test_the_marts_of_the_example_are_published_to_the_row(
    warehouse: Warehouse, place: Place, dsn_or_none: str | None
):
    """All of the real marts, in the three formats; the session's build stands for the night's."""
    shutil.copyfile(warehouse.database, place.working)
    place.monkeypatch.setenv("DBT_TARGET_PATH", str(warehouse.folder / "target"))
    place.marts = build.models()
    options = ["--postgres", dsn_or_none] if dsn_or_none else []
    assert place.run(1, *options, built=lambda: small.passed()) == 0, place.said
    manifest = publish.manifest_of(place.current)
    published = {name: table for name, table in manifest["tables"].items()}
    with warehouse.connect() as connection:
        for name in published.keys() - set(publish.ABOUT):
            found = content_hash(connection, f"marts.{name}")
            assert found == (published[name]["rows"], published[name]["content_hash"]), name
    if dsn_or_none:
        assert postgres.verify(dsn_or_none, place.current) == []


@pytest.fixture
def dsn_or_none(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("dsn") if servers.is_installed() else None


# Which builds are kept


def test_the_last_builds_are_kept_and_an_earlier_one_can_be_used(place: Place):
    for night in range(1, 6):
        assert place.run(night, "--keep", "3") == 0
    numbers = [publish.number_of(folder.name) for folder in publish.builds(place.published)]
    assert numbers == [3, 4, 5]
    place.monkeypatch.setattr(sys, "argv", ["publish", "use", "4"])
    assert publish.main() == 0
    assert place.night_shown() == 4
    place.run(6, "--keep", "3")
    assert place.night_shown() == 6


def test_a_reader_keeps_the_build_it_opened(place: Place):
    place.run(1)
    with duckdb.connect(str(place.published / "scorecards.duckdb"), read_only=True) as held:
        for night in range(2, 8):
            place.run(night, "--keep", "2")
        assert held.execute("select distinct night from marts.annual_scorecards").fetchall() == [
            (1,)
        ]
    assert place.night_shown() == 7


def test_hidden_files_of_the_file_system_are_left_alone(place: Place):
    theirs = place.published / "builds" / ".snapshot"
    theirs.mkdir(parents=True)
    ours = [theirs.with_name(f".000007-20260131T190500Z{end}") for end in ("", ".removed")]
    for folder in ours:
        folder.mkdir()
    assert place.run(1) == 0, place.said
    assert theirs.exists() and not any(folder.exists() for folder in ours)


def test_a_damaged_build_is_found_out(place: Place):
    place.run(1)
    assert publish.verify(place.current) == []
    file = place.current / "parquet" / "annual_scorecards.parquet"
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(content[:-1] + b"x")
    assert publish.verify(place.current) == [
        "parquet/annual_scorecards.parquet has other bytes than were published."
    ]
    file.unlink()
    assert publish.verify(place.current) == ["parquet/annual_scorecards.parquet is missing."]


def test_the_build_that_was_current_outlives_the_night(place: Place):
    """Also where the published folder is named by a link."""
    (place.folder / "link").symlink_to(place.folder)
    place.monkeypatch.setenv("SCORECARD_PUBLISHED", str(place.folder / "link" / "published"))
    for night in range(1, 5):
        place.run(night)
    assert by_hand(place, "use", "1")[0] == 0
    [current] = [line for line in by_hand(place, "list")[1].splitlines() if "current" in line]
    assert current.startswith("000001-")
    assert place.run(5, "--keep", "2") == 0
    numbers = [publish.number_of(folder.name) for folder in publish.builds(place.published)]
    assert numbers == [1, 4, 5]
    assert place.run(6, "--keep", "2") == 0
    numbers = [publish.number_of(folder.name) for folder in publish.builds(place.published)]
    assert numbers == [5, 6]


def by_hand(place: Place, *arguments: str) -> tuple[int, str]:
    """What `python -m scripts.publish` ends with and says."""
    place.monkeypatch.setattr(sys, "argv", ["publish", *arguments])
    code = publish.main()
    said = place.capsys.readouterr()
    return code, said.out + said.err


def test_what_is_asked_by_hand_is_answered_in_a_sentence(place: Place):
    assert by_hand(place, "list") == (
        1,
        f"Nothing is published in {place.published} yet: make nightly\n",
    )
    place.run(1)
    place.run(2)
    assert by_hand(place, "list")[1].count(" current") == 1
    assert by_hand(place, "verify", "1")[0] == 0
    code, said = by_hand(place, "use", "7")
    assert code == 1 and said.startswith("There is no build 7; there are: 000001-")
    with lock.held(place.published / ".lock"):
        code, said = by_hand(place, "use", "1")
    assert code == 3 and "A night is running" in said
    damaged = publish.builds(place.published)[0]
    (damaged / "manifest.json").chmod(0o644)
    (damaged / "manifest.json").write_text("{")
    for command in (["list"], ["verify", "1"], ["use", "1"]):
        assert f"manifest.json of {damaged.name} cannot be read" in by_hand(place, *command)[1]
    assert place.night_shown() == 2


# Nights that bring nothing


def test_a_night_that_brings_nothing_builds_and_publishes_nothing(place: Place):
    place.run(1)
    shown = place.current.name
    for _ in range(2):
        assert place.run(1) == 0, place.said
        assert place.options is None
        assert f"Unusual: Nothing was exported or changed since build {shown}." in place.said
        assert place.logged()[-1].warnings in place.said
    assert [folder.name for folder in publish.builds(place.published)] == [shown]
    outcomes = ["published", "unchanged", "unchanged"]
    assert [night.outcome for night in place.logged()] == outcomes
    assert place.run(2) == 0
    assert place.current.name.startswith("000004-")


def test_where_results_go_decides_none_of_them(place: Place):
    place.run(1)
    for name in ("SCORECARD_SHEETS", "SCORECARD_SPARK", "DBT_LOG_PATH"):
        place.monkeypatch.setenv(name, str(place.folder / "elsewhere"))
    place.monkeypatch.setenv("SCORECARD_POSTGRES", "")
    assert place.run(1) == 0
    assert place.options is None


def test_a_run_log_without_a_published_night_is_no_reason_to_stop(place: Place):
    """Somebody has cut it off before the last nights, which were unchanged."""
    place.run(1)
    place.run(1)
    log = run_log.file_in(place.published)
    log.write_text(log.read_text().splitlines()[-1] + "\n")
    assert [night.outcome for night in place.logged()] == ["unchanged"]
    assert place.run(1) == 0, place.said
    assert place.options is not None


def changed_export(place: Place) -> None:
    (place.exports / "night_1.csv").write_text("late")


def written_by_hand(place: Place) -> None:
    with duckdb.connect(str(place.working)) as connection:
        connection.execute("create table main.notes as select 1 as note")


def killed_run(place: Place) -> None:
    """It has written to the log of the working file, and not yet to the file."""
    killed = """if True:
        import duckdb, os, sys
        connection = duckdb.connect(sys.argv[1])
        connection.execute("create table notes as select 1 as note")
        os._exit(9)
    """
    subprocess.run([sys.executable, "-c", killed, place.working], check=False)
    assert place.working.with_name("warehouse.duckdb.wal").exists()


def removed_working_file(place: Place) -> None:
    place.working.unlink()


def other_time_zone(place: Place) -> None:
    place.monkeypatch.setenv("SCORECARD_SOURCE_TIME_ZONE", "UTC")


def other_project(place: Place) -> None:
    place.monkeypatch.setattr(inputs, "PROJECT_FILES", ("*.yml",))


def tables_of_a_loader(place: Place) -> None:
    unknown = inputs.Inputs(None, None)
    place.monkeypatch.setattr(inputs, "fingerprints", lambda _: unknown)


@pytest.mark.parametrize(
    ("change", "selector"),
    [
        (changed_export, "arrivals"),
        (written_by_hand, "nightly"),
        (killed_run, "nightly"),
        (removed_working_file, "nightly"),
        (other_time_zone, "nightly"),
        (other_project, "nightly"),
        (tables_of_a_loader, "nightly"),
    ],
)
def test_whatever_may_change_a_result_is_built(
    place: Place, change: Callable[[Place], None], selector: str
):
    """Of new exports, what follows from them; of anything else, everything."""
    place.run(1)
    change(place)
    assert place.run(1) == 0, place.said
    assert place.options == ["--selector", selector]
    assert place.current.name.startswith("000002-")


@pytest.mark.parametrize("option", ["--full-refresh", "--rebuild", "--vars={as_of: 2026-01-01}"])
def test_what_is_asked_for_is_built_though_nothing_has_changed(place: Place, option: str):
    place.run(1)
    assert place.run(1, option) == 0, place.said
    assert place.current.name.startswith("000002-")


def test_after_a_failed_night_and_an_earlier_build_nothing_counts_as_published(place: Place):
    place.run(1)
    assert place.run(2, built=failed) == 1
    assert place.run(2, built=failed) == 1
    assert place.options is not None
    assert place.run(2) == 0
    place.monkeypatch.setattr(sys, "argv", ["publish", "use", "1"])
    assert publish.main() == 0
    assert place.run(2) == 0
    assert place.options is not None
    assert place.night_shown() == 2


@pytest.mark.parametrize(
    ("variables", "is_known"),
    [
        (None, True),
        ("{exports: {exams: absent}}", True),
        ("{exports: {exams: my_exams}}", False),
        ("{exports_in: tables}", False),
        ("{exports: none}", False),
        ("[exports]", False),
        ("no variables", False),
        ("{exports: ", False),
        ("{exports_path: 5}", False),
    ],
)
def test_what_has_no_files_cannot_be_compared(variables: str | None, is_known: bool):
    assert all(known is not None for known in inputs.fingerprints(variables)) == is_known


def test_exports_elsewhere_are_the_ones_that_are_compared(place: Place):
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    variables = f"--vars={{exports_path: {elsewhere}}}"
    assert place.run(1, variables) == 0, place.said
    assert place.run(1, variables) == 0
    assert place.options is None
    (elsewhere / "tickets.csv").touch()
    assert place.run(1, variables) == 0
    assert place.options is not None


def test_the_newest_load_date_is_that_of_the_exports_that_are_read(place: Place):
    for folder, day in (("exports", "2026-01-05"), ("elsewhere", "2026-02-06")):
        (place.folder / folder / "tickets" / f"load_date={day}").mkdir(parents=True)
    for variables, day in ((None, "2026-01-05"), ("elsewhere", "2026-02-06")):
        named = [f"--vars={{exports_path: {place.folder / variables}}}"] if variables else []
        assert place.run(1, *named) == 0, place.said
        assert place.logged()[-1].newest_load_date == day
    assert place.run(1, "--vars={exports_path: 5}") == 0, place.said
    assert place.logged()[-1].newest_load_date is None


@pytest.mark.parametrize("text", ["vars: [", "name: scorecards", "vars:", "- vars", ""])
def test_what_is_wrong_with_the_project_is_left_to_dbt(place: Place, text: str):
    (place.folder / "dbt_project.yml").write_text(text)
    place.monkeypatch.setattr(warehouse, "PROJECT", place.folder)
    assert inputs.fingerprints() == inputs.Inputs(None, None)
    assert place.run(1, built=stopped("Syntax error near line 1")) == 1
    assert "Nothing was published. Syntax error near line 1" in place.said


def test_a_file_that_vanishes_while_it_is_looked_at_is_no_reason_to_stop(place: Place):
    """A link to nothing stands for it."""
    place.exports.mkdir()
    (place.exports / "tickets.csv.tmp").symlink_to(place.exports / "gone")
    assert place.run(1) == 0, place.said
    (place.exports / "tickets.csv.tmp").unlink()
    assert place.run(1) == 0
    assert place.options is None


def test_a_name_that_is_not_utf8_is_told(place: Place):
    """As an archive packed elsewhere leaves it; DuckDB's glob would name no file."""
    folder = place.exports / "tickets"
    folder.mkdir(parents=True)
    assert inputs.not_utf8(None) == ""
    (folder / os.fsdecode("工单".encode("gbk"))).touch()
    shown = f"{folder}/\\xb9\\xa4\\xb5\\xa5"
    told = f"A file in the exports has a name that is not UTF-8: {shown}. Rename it."
    assert nightly.told(build.run([], Console())) == told
    assert place.run(1, built=stopped(told)) == 1
    assert place.logged()[-1].message == told
    elsewhere = f"--vars={{exports_path: {place.folder / 'elsewhere'}}}"
    assert inputs.not_utf8(build.variables(["--select", "x", elsewhere])) == ""


@needs_postgres
def test_a_database_that_does_not_hold_the_build_is_loaded(place: Place, dsn: str):
    assert place.run(1) == 0
    assert place.run(1, "--postgres", dsn) == 0, place.said
    assert place.options is not None
    assert place.run(1, "--postgres", dsn) == 0
    assert place.options is None
    with psycopg.connect(dsn) as connection:
        connection.execute("delete from marts.annual_scorecards where employee_id = 'E1'")
    assert place.run(1, "--postgres", dsn) == 0
    assert place.options is not None
    assert postgres.verify(dsn, place.current) == []
    with psycopg.connect(dsn) as connection:
        connection.execute("alter table marts.annual_scorecards drop column night")
    assert place.run(1, "--postgres", dsn) == 0, place.said
    assert place.options is not None
    assert postgres.verify(dsn, place.current) == []


# Nights that fail


def failed(query: str = "select 3 as found") -> SimpleNamespace:
    node = SimpleNamespace(name="assert_all_is_well", resource_type="test", compiled_code=query)
    step = SimpleNamespace(status="fail", node=node, execution_time=0.1, message="Got 3 results")
    return SimpleNamespace(success=False, exception=None, result=[step])


def stopped(message: str) -> Callable[[], SimpleNamespace]:
    return lambda: SimpleNamespace(success=False, exception=RuntimeError(message), result=None)


def test_a_failed_test_leaves_the_last_good_build(place: Place):
    place.run(1)
    assert place.run(2, built=failed) == 1
    assert "assert_all_is_well" in place.said
    assert "Readers still see 000001-" in place.said
    assert place.night_shown() == 1
    assert [night.outcome for night in place.logged()] == ["published", "failed"]
    assert "assert_all_is_well" in place.logged()[-1].message
    assert place.run(3) == 0
    assert place.night_shown() == 3
    assert place.current.name.startswith("000003-")


def test_failing_rows_are_shown_as_they_are(place: Place):
    """A text of a ticket may look like markup of the screen."""
    place.run(1)
    query = "select '[/red] [bold] 3' as subject"
    assert place.run(2, built=lambda: failed(query)) == 1
    assert "  [/red] [bold] 3\n" in place.said
    assert place.run(3, built=stopped("in [/x]")) == 1
    assert "Nothing was published. in [/x]" in place.said


def test_a_run_says_what_the_project_says_of_it(capsys: pytest.CaptureFixture):
    """Such as that all is built anew, which takes longer than a night."""
    event = SimpleNamespace(
        info=SimpleNamespace(name="JinjaLogInfo"), data=SimpleNamespace(msg="All [is] new.")
    )
    build.Watcher(Console())(event)
    assert capsys.readouterr().out == "All [is] new.\n"


def test_a_log_without_room_on_the_disk_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    """Python's logging would print a stack trace for every line that dbt cannot write."""

    class FullDisk(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def invoke(_: object, __: list[str]) -> SimpleNamespace:
        logging.StreamHandler(FullDisk()).handle(logging.makeLogRecord({"msg": "a line"}))
        return small.passed()

    monkeypatch.setattr(logging, "raiseExceptions", True)
    monkeypatch.setattr(build.dbtRunner, "invoke", invoke)
    build.run([], Console())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("memory", ["lots", "4", "10%", "1KB"])
def test_a_memory_that_does_not_do_names_its_setting(memory: str):
    with pytest.raises(duckdb.Error) as error:
        duckdb.connect(config={"memory_limit": memory}).execute(
            "select distinct range from range(1000000)"
        )
    told = build.sentence(str(error.value))
    assert "SCORECARD_MEMORY" in told
    assert "memory_limit" not in told


def test_two_nights_at_once_are_one(place: Place):
    place.run(1)
    with lock.held(place.published / ".lock"):
        assert place.run(2) == 3
    assert f"process {os.getpid()}" in place.said
    assert place.night_shown() == 1
    assert place.run(2) == 0


def test_a_build_by_hand_and_a_night_take_turns(place: Place):
    with lock.held(place.folder / "warehouse.duckdb.lock"):
        assert place.run(1) == 3


def test_a_clock_set_back_changes_nothing(place: Place):
    place.run(1)
    place.monkeypatch.setattr(publish, "utc_now", lambda: datetime(1999, 12, 31, 23, 59))
    assert place.run(2) == 0
    assert place.current.name == "000002-19991231T235900Z"
    assert [publish.number_of(folder.name) for folder in publish.builds(place.published)] == [1, 2]
    assert place.night_shown() == 2


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: b"", id="0 bytes"),
        pytest.param(lambda content: content[:20_000], id="cut off"),
        pytest.param(lambda content: b"x" * len(content), id="garbage"),
    ],
)
def test_a_broken_working_file_is_set_aside(place: Place, spoil: Callable[[bytes], bytes]):
    place.run(1)
    place.working.write_bytes(spoil(place.working.read_bytes()))
    place.monkeypatch.setenv("SCORECARD_DUCKDB", f"{place.published}/../warehouse.duckdb")
    assert place.run(2) == 0, place.said
    assert "building from nothing" in place.said
    assert place.aside.exists()
    assert place.night_shown() == 2


def test_a_working_file_that_breaks_during_the_build_is_set_aside(place: Place):
    place.run(1)
    outcomes = iter(
        [
            stopped("IO Error: Corrupt database file: computed checksum 1 does not match 2"),
            small.passed,
        ]
    )

    def built() -> object:
        outcome = next(outcomes)
        if outcome is small.passed:
            assert not place.working.exists()
            small.write_working_file(place.working, 2)
        return outcome()

    assert place.run(2, built=built) == 0, place.said
    assert place.night_shown() == 2


# What was published stays


def publish_versions(file: Path, versions: int) -> None:
    """Versions in a file, and rows of theirs that fill many blocks and cannot be compressed."""
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            f"""
            create schema if not exists published;
            create or replace table published.scores as
            select md5('1' || range) || md5('2' || range) as build_id from range(30_000);
            create or replace table published.versions as
            select range as version_number from range({versions});
            """
        )


def garble(file: Path, table: str) -> None:
    """Spoil a block of a table; the file still opens, and its versions can be counted."""

    def is_sound(query: str) -> bool:
        try:
            with duckdb.connect(str(file), read_only=True) as connection:
                return bool(connection.execute(query).fetchall())
        except duckdb.Error as error:
            assert "Corrupt database file" in str(error)
            return False

    content = file.read_bytes()
    for start in range(100_000, len(content), 262_144):
        file.write_bytes(content[:start] + os.urandom(100) + content[start + 100 :])
        if is_sound("select count(*) from published.versions") and not is_sound(
            f"select sum(hash(one)) from {table} as one"
        ):
            return
    raise AssertionError(f"no block is of {table} alone")


def test_what_is_asked_to_be_rebuilt_again_loses_nothing(place: Place):
    place.run(1)
    publish_versions(place.working, 12)

    def stop(leaving: int | None) -> object:
        place.working.unlink()
        if leaving is not None:
            small.write_working_file(place.working, leaving)
        return failed()

    for leaving in (2, None):
        assert place.run(2, "--rebuild", built=lambda left=leaving: stop(left)) == 1
        assert "The working file is now warehouse.duckdb.unreadable (as asked for)" in place.said
    assert kept.versions(place.aside) == 0
    assert place.run(2, "--rebuild") == 0, place.said
    assert "The working file is now" not in place.said
    assert "12 versions of published results are taken over" in place.said
    assert kept.versions(place.working) == 12


def test_nothing_is_set_aside_that_cannot_be_saved(place: Place):
    place.run(1)
    publish_versions(place.working, 12)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with place.monkeypatch.context() as patched:
        patched.setattr(kept, "copy", full)
        assert place.run(2, "--rebuild") == 1
    assert "The disk is full" in place.said
    assert place.options is None
    assert kept.versions(place.working) == 12
    assert not place.aside.exists()


def test_a_saved_file_that_holds_as_much_stays(place: Place):
    publish_versions(kept.saved(), 12)
    before = nightly.state_of(kept.saved())
    publish_versions(place.working, 12)
    assert kept.save() == (12, "warehouse.kept.duckdb", "")
    assert nightly.state_of(kept.saved()) == before
    garble(kept.saved(), "published.scores")
    assert kept.save() == (12, "warehouse.duckdb", "")
    kept.read(kept.saved())
    publish_versions(place.working, 13)
    assert kept.save() == (13, "warehouse.duckdb", "")
    assert sorted(file.name for file in place.folder.iterdir()) == [
        "warehouse.duckdb",
        "warehouse.kept.duckdb",
    ]


def test_what_a_partly_broken_file_held_is_said(place: Place):
    place.run(1)
    publish_versions(place.working, 12)
    garble(place.working, "published.scores")
    publish_versions(kept.saved(), 11)
    assert place.run(2, "--rebuild") == 0, place.said
    assert (
        "11 versions of published results are taken over from warehouse.kept.duckdb."
        " warehouse.duckdb.unreadable holds 12 versions, but is broken.\n"
    ) in place.said
    assert kept.versions(place.working) == 11
    assert place.night_shown() == 2


def test_a_working_file_that_proves_broken_while_it_is_published_is_set_aside(place: Place):
    place.marts = [*small.MARTS, small.mart("notes")]

    def built() -> object:
        small.write_working_file(place.working, 2)
        publish_versions(place.working, 12)
        with duckdb.connect(str(place.working)) as connection:
            connection.execute(
                "create table marts.notes as select md5(build_id) as note from published.scores"
            )
        garble(place.working, "marts.notes")
        return small.passed()

    assert place.run(2, built=built) == 1
    assert "; the next night builds from nothing." in place.said
    assert "Nothing was published. IO Error: Corrupt database file" in place.said
    assert place.aside.exists() and not place.working.exists()
    place.marts = small.MARTS
    assert place.run(3) == 0, place.said
    assert "12 versions of published results are taken over" in place.said


def test_a_build_that_cannot_take_over_says_so(place: Place):
    def restore() -> str:
        raise duckdb.IOException("IO Error: Could not set lock on file warehouse.kept.duckdb")

    place.monkeypatch.setattr(kept, "restore", restore)
    assert build.main() == 1
    assert "The build cannot start: IO Error: Could not set lock" in place.capsys.readouterr().out


def test_a_build_of_some_models_tells_what_there_is(place: Place):
    place.monkeypatch.setattr(sys, "argv", ["build", "--select", "some"])

    def said(result: list[str] | None) -> str:
        done = SimpleNamespace(success=True, exception=None, result=result)
        place.monkeypatch.setattr(build, "run", lambda *_: done)
        assert build.main() == 0
        return place.capsys.readouterr().out

    assert said(None) == ""  # of --help
    with duckdb.connect(str(place.working)) as connection:
        connection.execute("create table notes as select 1 as note")
    assert said(["a model"]).endswith(": 1 steps, all passed.\n")
    with duckdb.connect(str(place.working)) as connection:
        connection.execute(
            """
            create schema marts;
            create schema plan;
            create table marts.export_row_counts (rows_read int, rows_rejected int);
            create table marts.annual_scorecards
            (appraisal_year int, role_id text, employee_id text, status text, grade_id text,
            published_score int);
            create table plan.roles (role_id text, name_en text);
            create table plan.grade_bands (grade_id text);
            insert into plan.roles values ('agent', 'Agent');
            insert into marts.annual_scorecards (appraisal_year, role_id)
            values (2025, 'agent'), (2025, 'a role of last year');
            """
        )
    told = said(["a model"])
    assert "Read 0 rows of 0 exports; rejected 0." in told
    assert "a role of last year" in told


@dataclass
class Checkout:
    """A project of which only `make clean` is called."""

    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "warehouse.duckdb.lock"

    def make(self, *arguments: str) -> subprocess.CompletedProcess:
        # Called by `make test`, it would say so.
        by_hand = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        return subprocess.run(
            ["make", *arguments, "clean"],
            cwd=self.folder,
            # `make clean` removes the file of that name, and saves what is in it.
            env={**by_hand, "SCORECARD_DUCKDB": "elsewhere.duckdb"},
            capture_output=True,
            text=True,
            check=False,
        )

    def stops(self) -> str:
        """What it says when it removes nothing."""
        done = self.make()
        assert done.returncode == 2 and (self.folder / "target").exists(), done
        [said, _] = done.stderr.splitlines()
        return said

    def cleans(self) -> str:
        done = self.make()
        assert done.returncode == 0 and not (self.folder / "target").exists(), done
        # The lock may be another's by now.
        assert {file.name for file in self.folder.glob("warehouse.duckdb*")} <= {self.lock.name}
        (self.folder / "target").mkdir()
        return done.stdout


def test_make_clean_removes_nothing_that_is_not_kept(tmp_path: Path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "requirements.txt").touch()
    os.utime(tmp_path / "requirements.txt", (0, 0))
    (tmp_path / "target").mkdir()
    checkout, working = Checkout(tmp_path), tmp_path / "warehouse.duckdb"
    aside, saved = tmp_path / "warehouse.duckdb.unreadable", tmp_path / "warehouse.kept.duckdb"
    assert checkout.cleans() == ""

    publish_versions(working, 12)
    assert "Setting up the environment" in checkout.make("--dry-run").stdout
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (environment / "bin" / "python").chmod(0o755)
    (environment / "installed").touch()
    with lock.held(checkout.lock):
        assert checkout.stops().startswith("A night or a build is running (process ")
    with duckdb.connect(str(working)):
        assert "warehouse.duckdb is being written" in checkout.stops()
    assert "12" not in checkout.cleans() and kept.versions(saved) == 12

    publish_versions(aside, 13)
    assert checkout.cleans().startswith("What was published is kept in warehouse.kept.duckdb")
    assert kept.versions(saved) == 13

    publish_versions(working, 14)
    garble(working, "published.scores")
    assert "warehouse.duckdb holds 14 versions, but is broken" in checkout.stops()
    working.write_bytes(b"x" * 20_000)
    assert "warehouse.duckdb cannot be opened" in checkout.stops()
    working.unlink()
    # A night that begins from nothing has no working file yet.
    with lock.held(checkout.lock):
        assert checkout.stops().startswith("A night or a build is running (process ")
    assert kept.versions(saved) == 13


def test_a_broken_export_is_no_reason_to_set_the_working_file_aside(place: Place):
    place.run(1)
    message = "Invalid Input Error: No magic bytes found at end of file 'tickets.parquet'"
    assert place.run(2, built=stopped(message)) == 1
    assert "export it again" in place.said
    assert place.working.exists()


def test_a_publication_that_cannot_be_read_back_is_no_reason_either(place: Place):
    place.run(1)
    said = "IO Error: Corrupt database file: computed checksum 1 does not match 2"

    def fingerprint(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
        if relation.startswith("publication."):
            return written(connection, relation)
        raise duckdb.IOException(said)

    written = publish.fingerprint
    place.monkeypatch.setattr(publish, "fingerprint", fingerprint)
    assert place.run(2) == 1
    assert f"Nothing was published. {said} in what was written: is the disk sound?" in place.said
    assert place.working.exists() and not place.aside.exists()
    assert place.night_shown() == 1


def test_somebody_else_writing_to_the_working_file_is_found_out(place: Place):
    place.run(1)
    written = publish.write

    def write(*arguments: object) -> Path:
        os.utime(place.working, ns=(1, 1))
        return written(*arguments)

    place.monkeypatch.setattr(publish, "write", write)
    assert place.run(2) == 1
    assert "Somebody wrote to warehouse.duckdb after the tests" in place.said
    assert place.night_shown() == 1
    assert not list((place.published / "builds").glob(".*"))


@needs_postgres
def test_files_and_postgres_change_together_or_not_at_all(place: Place, dsn: str, tmp_path: Path):
    shown = "select distinct night from marts.annual_scorecards"
    assert place.run(1, "--postgres", dsn) == 0, place.said
    assert place.run(2, "--postgres", f"host={tmp_path} dbname=bi") == 1
    assert "PostgreSQL: connection" in place.said
    assert place.night_shown() == 1
    assert publish.builds(place.published) == [place.current]
    (place.published / "current").unlink()
    (place.published / "current").mkdir()
    assert place.run(3, "--postgres", dsn) == 1
    assert "current in the published folder is no link of ours" in place.said
    with psycopg.connect(dsn) as connection:
        assert connection.execute(shown).fetchall() == [(1,)]
    (place.published / "current").rmdir()
    assert place.run(4, "--postgres", dsn) == 0
    assert place.night_shown() == 4
    with psycopg.connect(dsn) as connection:
        assert connection.execute(shown).fetchall() == [(4,)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--keep", "1"],
        ["--keep", "x"],
        ["--postgres", "nonsense"],
        ["--unknown"],
        ["--vars", "as_of"],
        ["--vars", "[as_of]"],
        ["--vars", "{as_of: "],
        ["--vars", ""],
    ],
)
def test_wrong_usage_has_a_code_of_its_own(place: Place, arguments: list[str]):
    with pytest.raises(SystemExit) as ended:
        place.run(1, *arguments)
    assert ended.value.code == 2
    assert place.options is None and not place.published.exists()


@contextlib.contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A small file system of its own."""
    with mounted(folder, megabytes) as may_mount:
        if not may_mount:
            pytest.skip("this user may not mount a file system")
        yield


def test_a_full_disk_leaves_the_last_good_build(place: Place):
    with disk(place.published, megabytes=12):
        assert place.run(1) == 0, place.said
        ballast = place.published / "ballast"
        for left in (1_500_000, 400_000, 0):
            ballast.unlink(missing_ok=True)
            ballast.write_bytes(b"x" * (shutil.disk_usage(place.published).free - left))
            assert place.run(2) == 1, place.said
            assert "The disk is full" in place.said
            assert place.night_shown() == 1
            assert publish.verify(place.current) == []
            assert not list((place.published / "builds").glob(".*"))
        ballast.unlink()
        assert place.run(3) == 0
        assert place.night_shown() == 3
        # The night without room for a line in the log is the only one that it lacks.
        assert {night.outcome for night in place.logged()} == {"published", "failed"}


def test_a_read_only_folder_leaves_the_last_good_build(place: Place):
    with disk(place.published, megabytes=30):
        assert place.run(1) == 0, place.said
        remount(place.published, "ro")
        assert place.run(2) == 1
        assert "The night cannot start" in place.said
        assert "Read-only file system" in place.said
        assert place.night_shown() == 1
        remount(place.published, "rw")
        assert place.run(3) == 0
        assert place.night_shown() == 3


def test_a_night_that_dies_at_any_change_of_a_file_leaves_one_whole_build(
    place: Place, dsn_or_none: str | None
):
    """Kill -9 right before each change, with readers of every kind looking on."""
    options = ["--keep", "200", *(["--postgres", dsn_or_none] if dsn_or_none else [])]
    assert place.run(1, *options) == 0, place.said
    command = [sys.executable, "-m", "faults.small", *options]
    folders = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "python")])
    nights = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": folders},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    before, code, night = place.current.name, -9, 1
    with nights, readers(place.published, dsn_or_none or "", pause=0.3) as seen:
        while code == -9:
            night += 1
            small.write_working_file(place.working, night)
            nights.stdin.write("\n")
            nights.stdin.flush()
            lines = iter(nights.stdout.readline, "")
            code = next(int(line) for line in lines if line.strip().lstrip("-").isdigit())
            after = place.current.name
            assert publish.verify(place.current) == []
            assert code == 0 or after in (before, publish.builds(place.published)[-1].name)
            before = after
        nights.stdin.close()
    assert code == 0
    assert night > 25
    assert place.night_shown() == night
    assert not list((place.published / "builds").glob(".*"))
    for each in seen:
        assert (each.errors, each.mixed) == (0, 0), each
        assert each.reads > 10, each
    if dsn_or_none:
        assert postgres.verify(dsn_or_none, place.current) == []
    outcomes = [each.outcome for each in place.logged()]
    assert outcomes[0] == outcomes[-1] == "published"
    assert "started" in outcomes  # killed


def test_a_night_says_what_stops_it_without_a_stack_trace(tmp_path: Path):
    """The real thing, from the command line, without exports."""
    environment = {
        **os.environ,
        "SCORECARD_DUCKDB": str(tmp_path / "warehouse.duckdb"),
        "SCORECARD_PUBLISHED": str(tmp_path / "published"),
        "SCORECARD_EXPORTS": str(tmp_path / "nowhere"),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "scripts.nightly"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "does not exist" in done.stdout
    assert "SCORECARD_EXPORTS" in done.stdout
    assert "Nothing was published." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    [logged] = (tmp_path / "published" / "run_log.jsonl").read_text().splitlines()[-1:]
    assert json.loads(logged)["outcome"] == "failed"
