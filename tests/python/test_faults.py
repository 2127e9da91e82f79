"""What cannot be built says so in a sentence that names the culprit and the remedy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Warehouse
from helpers.exports import Exports, to_parquet
from helpers.project import Outcome

ONE_MODEL = ["run", "--select", "base_hr__violations"]


def spoil_folder(exports: Exports) -> None:
    """Spoil several exports, each in its own way: a build names all of them at once."""
    shutil.rmtree(exports.folder / "violations")
    exports.rename_columns("tickets", topic="subject")
    exports.file("absences").write_bytes(b"")
    exports.write("exams", exports.lines("exams")[:1])
    exports.write("suggestions", [*exports.lines("suggestions")[:1], b"", b"  "])
    (exports.folder / "goals" / "2025").mkdir()
    exports.file("goals").rename(exports.folder / "goals" / "2025" / "goals.csv")
    exports.file("ratings").rename(exports.file("ratings").with_suffix(".xlsx"))
    semicolons = exports.file("trainings").read_bytes().replace(b",", b";")
    exports.file("trainings").write_bytes(semicolons)


@pytest.fixture(scope="module")
def spoilt(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("faults")
    exports = Exports.copied(folder / "exports")
    spoil_folder(exports)
    return warehouse.copy(folder / "build", exports.folder).dbt(*ONE_MODEL)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Export violations is missing: there is no .csv or .parquet", id="no folder"),
        pytest.param(
            "Export tickets lacks topic in the header of tickets/tickets.csv", id="column"
        ),
        pytest.param(
            "Export absences has an empty file (0 bytes): absences/absences.csv", id="0 B"
        ),
        pytest.param("Export exams is empty: the files in", id="a header only"),
        pytest.param("Export suggestions is empty: the files in", id="a header and blank lines"),
        pytest.param("Export goals has a file in a folder that is not load_date=", id="misplaced"),
        pytest.param(
            "Export ratings has a file that is neither .csv nor .parquet", id="a workbook"
        ),
        pytest.param("Export trainings has no header of comma-separated columns", id="semicolons"),
    ],
)
def test_a_spoilt_export_is_named(spoilt: Outcome, sentence: str):
    assert not spoilt.succeeded
    assert sentence in spoilt.error


def test_a_missing_exports_folder_is_named(warehouse: Warehouse, tmp_path: Path):
    outcome = warehouse.copy(tmp_path, tmp_path / "nowhere").dbt(*ONE_MODEL)
    assert f"The exports folder {tmp_path / 'nowhere'} does not exist" in outcome.error
    assert "SCORECARD_EXPORTS" in outcome.error


def test_a_wrong_setting_is_named(warehouse: Warehouse, tmp_path: Path):
    settings = "{source_time_zone: UTC, exports: {tikets: absent}}"
    outcome = warehouse.copy(tmp_path).dbt(*ONE_MODEL, "--vars", settings)
    assert "The var exports names tikets, which is no export; the exports are" in outcome.error
    assert "time zone Asia/Shanghai, the exports are written in UTC" in outcome.error


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            "{exports_in: nowhere}",
            "The var exports_in is nowhere; exports are in files or",
        ),
        ("{exports: none}", "The var exports is none, but says of each export by name"),
    ],
)
def test_a_setting_that_means_nothing_is_named(
    warehouse: Warehouse, tmp_path: Path, settings: str, sentence: str
):
    outcome = warehouse.copy(tmp_path).dbt(*ONE_MODEL, "--vars", settings)
    assert sentence in outcome.error


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: b"", id="0 bytes"),
        pytest.param(lambda content: content[:-40], id="cut off"),
        pytest.param(lambda content: b"violation_id,employee_id\n", id="renamed CSV"),
    ],
)
def test_a_broken_parquet_file_is_named(
    warehouse: Warehouse, tmp_path: Path, spoil: Callable[[bytes], bytes]
):
    exports = Exports.copied(tmp_path / "exports")
    to_parquet(exports.file("violations"))
    file = exports.file("violations").with_suffix(".parquet")
    file.write_bytes(spoil(file.read_bytes()))
    outcome = warehouse.copy(tmp_path / "build", exports.folder).dbt(*ONE_MODEL)
    assert not outcome.succeeded
    assert str(file) in outcome.error


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(warehouse: Warehouse, tmp_path: Path):
    exports = Exports.copied(tmp_path / "exports")
    exports.file("violations").chmod(0)
    outcome = warehouse.copy(tmp_path / "build", exports.folder).dbt(*ONE_MODEL)
    assert not outcome.succeeded
    assert str(exports.file("violations")) in outcome.error


def test_a_database_in_use_is_named(warehouse: Warehouse, tmp_path: Path):
    project = warehouse.copy(tmp_path)
    reader = (
        "import duckdb, sys;"
        " held = duckdb.connect(sys.argv[1], read_only=True);"
        " print('held', flush=True);"
        " sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(project.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        outcome = project.dbt(*ONE_MODEL)
        process.stdin.close()
    assert f'Could not set lock on file "{project.database}"' in outcome.error


def test_a_build_that_stops_leaves_the_tables_as_they_were(warehouse: Warehouse, tmp_path: Path):
    """The exports are looked at first: nothing is built from half of them."""
    project = warehouse.copy(tmp_path, tmp_path / "nowhere")
    assert not project.dbt("run").succeeded
    with warehouse.connect() as before, project.connect() as after:
        count = "select count(*), sum(annual_score) from marts.annual_scorecards"
        assert before.execute(count).fetchone() == after.execute(count).fetchone()
