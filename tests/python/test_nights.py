"""Nights in any order, late, doubled or broken off, end in the tables of a full refresh."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import Warehouse
from helpers.differences import differences
from helpers.objections import upheld
from helpers.project import Outcome, Project, linked_project
from helpers.simulated import generate

from scripts import kept

# What is known of a build is another after a night than after a full refresh.
ABOUT_THE_BUILD = {
    "int_build_state",
    "int_months_touched",
    "int_periods_to_build",
    "int_records_touched",
}
# Where a run may break off: each of these and what follows is not built.
BREAKING_POINTS = [
    "base_telephony__call_legs",
    "int_records_touched",
    "int_tickets_credited",
    "int_contacts_matched",
    "int_periods_to_build",
    "int_calls_by_day",
    "monthly_metrics",
    "int_metrics_scored",
    "annual_metric_scores",
]


class Nights:
    """A warehouse whose exports land night by night."""

    def __init__(self, source: Path, folder: Path, project: Project) -> None:
        self.source = source
        self.project = Project(
            folder=folder / "nightly", exports=folder / "exports", manifest=project.manifest
        )
        self.dates = sorted({path.name for path in source.glob("*/load_date=*")})

    def land(self, dates: Iterable[str]) -> None:
        for night in dates:
            for folder in self.source.glob(f"*/{night}"):
                landed = self.project.exports / folder.parent.name / night
                shutil.copytree(folder, landed, copy_function=os.link, dirs_exist_ok=True)

    def run(self, *arguments: str, command: str = "run") -> Outcome:
        outcome = self.project.dbt(command, *arguments)
        assert outcome.succeeded, outcome.told()
        return outcome

    def full_refresh(self) -> Project:
        """The same exports, built from nothing but what was published, in another warehouse."""
        full = Project(
            folder=self.project.folder.with_name("full"),
            exports=self.project.exports,
            manifest=self.project.manifest,
        )
        full.folder.mkdir()
        kept.copy(self.project.database, full.database)
        outcome = full.dbt("build", "--resource-type", "seed", "--resource-type", "model")
        assert outcome.succeeded, outcome.told()
        return full


def is_anew(project: Project) -> bool:
    """Whether the last run built everything anew."""
    with project.connect() as connection:
        return connection.execute("select bool_or(is_anew) from raw.arrivals").fetchone()[0]


def would_build_anew(project: Project) -> bool:
    """Whether the next run will; one without an incremental model looks, and changes nothing."""
    outcome = project.dbt("run", "--select", "int_as_of")
    assert outcome.succeeded, outcome.told()
    return is_anew(project)


def compiled_views(project: Project) -> dict[str, str]:
    """The SQL of every view, as the last run compiled it."""
    compiled = project.folder / "target" / "compiled" / "service_scorecards"
    return {
        node.name: (compiled / node.original_file_path).read_text("utf-8")
        for node in project.manifest.nodes.values()
        if node.resource_type == "model" and node.config.materialized == "view"
    }


@pytest.fixture(scope="module")
def split_exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as it lands night by night, of another seed."""
    folder = tmp_path_factory.mktemp("split") / "exports"
    generate("--out", str(folder), "--format", "parquet", "--split-by-load-date", "--seed", "7")
    return folder


def with_objections(exports: Path, folder: Path, nights: list[str]) -> Path:
    """A copy of the exports in which each of these nights brings objections that were upheld."""
    shutil.copytree(exports, folder, copy_function=os.link)
    with duckdb.connect() as connection:

        def landed(table: str, key: str, night: str, count: int) -> list[str]:
            """Ids of records that have landed by then, the newest among them."""
            found = connection.execute(
                f"select distinct {key} from read_parquet('{folder}/{table}/*/*.parquet',"
                " hive_partitioning = false, filename = true)"
                " where regexp_extract(filename, 'load_date=[0-9-]+') < ? order by 1 desc",
                [night],
            ).fetchall()
            return [one for (one,) in found[:: len(found) // count][:count]]

        connection.execute(
            f"create table objections as from '{folder}/objections/*/*.parquet' limit 0"
        )
        columns = [name for name, *_ in connection.execute("describe objections").fetchall()]
        for night in nights:
            rows = upheld(
                date.fromisoformat(night.removeprefix("load_date=")) - timedelta(days=1),
                landed("survey_responses", "response_id", night, 12),
                landed("quality_review_items", "review_id", night, 12),
                landed("ratings", "rating_id", night, 8),
                landed("tickets", "ticket_id", night, 12),
            )
            marks = ", ".join("?" * len(columns))
            connection.execute("delete from objections")
            connection.executemany(
                f"insert into objections values ({marks})",
                [[row.get(column) for column in columns] for row in rows],
            )
            (folder / "objections" / night).mkdir(exist_ok=True)
            connection.execute(f"copy objections to '{folder}/objections/{night}/upheld.parquet'")
    return folder


def bring_oddities(exports: Path, nights: list[str]) -> None:
    """What the example lacks: evidence older than the calendar, and a ticket doubled twice."""
    first, second = nights
    with duckdb.connect() as connection:

        def bring(table: str, night: str, name: str, columns: str) -> None:
            """A row of the nights before, with other values in some columns."""
            (exports / table / night).mkdir(exist_ok=True)
            connection.execute(
                f"copy (select * exclude (filename) replace ({columns})"
                f" from read_parquet('{exports}/{table}/*/*.parquet',"
                " hive_partitioning = false, filename = true)"
                f" where regexp_extract(filename, 'load_date=[0-9-]+') < '{first}'"
                f" order by all desc limit 1) to '{exports}/{table}/{night}/{name}.parquet'"
            )

        for night, hours in ((first, 1), (second, 2)):
            for name in ("doubled", "doubled_again"):
                bring("tickets", night, name, f"updated_at + to_hours({hours}) as updated_at")
        moved = ", ".join(
            f"{name} - (date_trunc('day', offered_at) - timestamp '2023-12-28') as {name}"
            for name in ("offered_at", "answered_at", "ended_at")
        )
        bring("call_legs", first, "old", f"'L_old' as leg_id, 'K_old' as call_id, {moved}")
        taken = "timestamptz '2023-11-20 10:00:00+08' as taken_at, 1 as attempt"
        bring("exams", second, "old", f"'X_old' as exam_id, {taken}")


@dataclass(frozen=True, kw_only=True)
class Past:
    """Random nights that are over, and what was seen on the way."""

    seed: int
    nights: Nights
    was_anew_after_the_break: bool
    # Of a night without objections, that ran from the seeds to the views.
    landed: list[str]
    arrived: list[str]
    months_with_new_facts: int
    # As the first build compiled them, that night, and the last run.
    views: list[dict[str, str]]


@pytest.fixture(scope="module")
def past(
    split_exports: Path, warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> Past:
    """Besides what lands, nights bring objections of every kind, which change older records."""
    folder = tmp_path_factory.mktemp("nights")
    seed = int(os.environ.get("SCORECARD_NIGHTS_SEED", "20251124"))
    rng = random.Random(seed)
    first = rng.randrange(250, 380)
    dates = Nights(split_exports, folder, warehouse).dates
    may_object = dates[first : first + 3] + dates[first + 5 : first + 12]
    source = with_objections(
        split_exports, folder / "source", [dates[first - 1], *rng.sample(may_object, 3)]
    )
    bring_oddities(source, [dates[first + 2], dates[first + 5]])
    nights = Nights(source, folder, warehouse)
    base, coming = nights.dates[:first], nights.dates[first : first + 12]
    late = base.pop(rng.randrange(100, first))
    nights.land(base)
    nights.run("--resource-type", "seed", "--resource-type", "model", command="build")
    views = [compiled_views(nights.project)]

    # A run that breaks off, and the next night comes on top.
    nights.land(coming[:1])
    nights.run("--exclude", f"{rng.choice(BREAKING_POINTS)}+")
    nights.land(coming[1:2])
    nights.run()
    was_anew_after_the_break = is_anew(nights.project)
    # Two at once, before one that is late; what the last run published is taken up.
    nights.land(coming[3:5])
    nights.run()
    assert not is_anew(nights.project)
    views.append(compiled_views(nights.project))
    with nights.project.connect() as connection:
        arrived = connection.execute(
            "select distinct load_date from raw.arrivals where has_arrived order by all"
        ).fetchall()
        months = connection.execute(
            "select count(*) from intermediate.int_periods_to_build"
            " where period_type = 'month' and has_new_facts"
        ).fetchone()
    # Those that were late, and the rest.
    nights.land([coming[2], late])
    nights.run("--selector", "arrivals")
    nights.land(coming[5:])
    nights.run("--selector", "arrivals")
    # Nothing lands; what the last night published is taken up.
    nights.run()
    assert not is_anew(nights.project)
    views.append(compiled_views(nights.project))
    return Past(
        seed=seed,
        nights=nights,
        was_anew_after_the_break=was_anew_after_the_break,
        landed=coming[3:5],
        arrived=[f"load_date={load_date}" for (load_date,) in arrived],
        months_with_new_facts=months[0],
        views=views,
    )


def test_random_nights_end_in_the_tables_of_a_full_refresh(past: Past):
    nights = past.nights
    found = differences(
        nights.project,
        nights.full_refresh(),
        schemas=("marts", "intermediate", "staging"),
        but_for=ABOUT_THE_BUILD,
    )
    assert found == {}, f"seed {past.seed}"


def test_random_nights_bring_what_is_to_be_proven(past: Past):
    with past.nights.project.connect() as connection:
        granted = connection.execute(
            "select count(distinct record_type || remedy) from intermediate.int_remedies_granted"
        ).fetchone()
        old_months = connection.execute(
            "select distinct month_start from marts.monthly_metrics"
            " where month_start < '2024-01-01' order by all"
        ).fetchall()
        doubled = connection.execute(
            "select count(*) from marts.rejected_rows"
            " where source_file like '%doubled_again.parquet'"
        ).fetchone()
    assert granted == (8,), f"seed {past.seed}"
    assert old_months == [(date(2023, 11, 1),), (date(2023, 12, 1),)]
    assert doubled == (2,)


def test_the_run_after_one_that_broke_off_builds_everything_anew(past: Past):
    assert past.was_anew_after_the_break, f"seed {past.seed}"


def test_a_night_reads_its_own_files_and_rebuilds_its_own_months(past: Past):
    assert past.arrived == past.landed
    assert past.months_with_new_facts < 6, f"seed {past.seed}"


def test_the_sql_of_views_stays_so_that_a_night_may_leave_them_out(past: Past):
    built, of_a_night, of_the_last = past.views
    assert built == of_a_night == of_the_last


def test_a_file_that_changed_after_it_was_read_makes_a_night_build_anew(past: Past):
    """Nothing can be added to what was read before."""
    project, early = past.nights.project, past.nights.dates[150]
    changed = next(project.exports.glob(f"call_legs/{early}/*.parquet"))
    content = changed.read_bytes()
    changed.unlink()
    changed.write_bytes(content)
    assert would_build_anew(project)


def test_after_a_run_of_some_models_everything_is_built_anew(warehouse: Warehouse, tmp_path: Path):
    """What it has left, nobody knows: its plan and exports may have been changed back since."""
    project = warehouse.copy(tmp_path)

    def run(*arguments: str) -> None:
        outcome = project.dbt("run", *arguments)
        assert outcome.succeeded, outcome.told()

    assert not would_build_anew(project)
    run("--select", "monthly_metric_scores")
    assert would_build_anew(project)
    # Neither what comes of some models, nor the state alone, is a whole run.
    run("--select", "int_build_state")
    assert would_build_anew(project)
    told = project.dbt("run", "--selector", "arrivals").told()
    assert "A run broke off or built only some models since the last build" in told


def test_another_time_zone_is_another_project(warehouse: Warehouse):
    """Stored instants were read in the old one, whether a variable or the environment named it."""
    fingerprints = [
        warehouse.compiled_sql("{{ project_fingerprint() }}", *variables)
        for variables in ([], ["--vars", "{source_time_zone: UTC}"])
    ]
    assert fingerprints[0] != fingerprints[1]


def test_an_absent_export_is_no_unknown_one(warehouse: Warehouse):
    """Of one that a loader holds, nobody knows what arrived; of one that is not there, all do."""
    unknown = [
        "'tickets' as table_name"
        in warehouse.compiled_sql("{{ arrivals_found([]) }}", "--vars", f"{{exports: {replaced}}}")
        for replaced in ("{tickets: loaded_tickets}", "{tickets: absent}")
    ]
    assert unknown == [True, False]


def test_a_plan_counts_when_it_is_loaded(warehouse: Warehouse, tmp_path: Path):
    root = linked_project(tmp_path / "project")
    project = Project(
        folder=warehouse.copy(tmp_path / "built").folder, exports=warehouse.exports, root=root
    )
    metrics = root / "seeds" / "plan" / "metrics.csv"
    text = metrics.read_text(encoding="utf-8")
    metrics.write_text(text.replace("Average handle time", "Mean handle time"), encoding="utf-8")
    assert metrics.read_text(encoding="utf-8") != text

    # `dbt run` builds from what was loaded, and must not take the file for it.
    assert not would_build_anew(project)
    assert project.dbt("seed", "--select", "metrics").succeeded
    assert would_build_anew(project)
    # Where the SQL of views may have changed, they cannot be left out.
    outcome = project.dbt("run", "--selector", "arrivals")
    assert "dbt build --selector nightly" in outcome.told()
    # Of a seed that was not loaded to its end nothing is known.
    metrics.write_text(f"{text}a row with too, many, cells{',' * 40}\n", encoding="utf-8")
    assert not project.dbt("seed", "--select", "metrics").succeeded
    with project.connect() as connection:
        noted = connection.execute(
            "select checksum from raw.seeds_loaded where seed like '%.metrics'"
        ).fetchall()
    assert noted == [("",)]
