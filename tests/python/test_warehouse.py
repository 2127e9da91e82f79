"""Settings, and how the scripts open the warehouse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from helpers.project import ROOT

from scripts import build, explain, inputs, kept, nightly, warehouse
from scripts.sheets import command


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch):
    for name in ("DUCKDB", "EXPORTS", "PUBLISHED", "SHEETS"):
        monkeypatch.setenv(f"SCORECARD_{name}", "")
    assert warehouse.path() == ROOT / "warehouse.duckdb"
    assert warehouse.published() == ROOT / "published"
    assert inputs.exports({}) == ROOT / "examples/exports"
    assert command.folder_of(command.year_of("2025")) == ROOT / "sheets/2025"


def test_dbt_takes_an_empty_setting_for_one_that_is_not_set():
    files = [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("**/profiles.yml")]
    text = "".join(file.read_text("utf-8") for file in files if ".venv" not in file.parts)
    defaults = re.findall(r"env_var\('SCORECARD_\w+', ('[^']*')\) or '", text)
    assert len(defaults) == text.count("env_var('SCORECARD_") == defaults.count("''")


def test_settings_of_a_dotenv_file_are_those_of_every_script(tmp_path: Path):
    """The file of the folder that one works in goes before; what is set already, before both."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "warehouse.py").symlink_to(ROOT / "scripts" / "warehouse.py")
    (tmp_path / ".env").write_text("SCORECARD_DUCKDB=project\nSCORECARD_PUBLISHED=project\n")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".env").write_text("SCORECARD_DUCKDB=work\nSCORECARD_SHEETS=work\n")
    names = ("SCORECARD_DUCKDB", "SCORECARD_PUBLISHED", "SCORECARD_SHEETS")
    (tmp_path / "show.py").write_text(
        f"import os; from scripts import warehouse; print(*map(os.getenv, {names}))"
    )
    before = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-m", "show"],
        cwd=tmp_path / "work",
        env={**before, "PYTHONPATH": str(tmp_path), "SCORECARD_SHEETS": "set"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["work", "project", "set"]


def test_readers_take_no_more_memory_than_the_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SCORECARD_DUCKDB", str(tmp_path / "small.duckdb"))
    duckdb.connect(str(warehouse.path())).close()
    for memory, limit in (("1GB", "953.6 MiB"), ("", "3.7 GiB")):
        monkeypatch.setenv("SCORECARD_MEMORY", memory)
        with warehouse.opened() as connection:
            [row] = warehouse.rows(connection, "select current_setting('memory_limit') as limited")
        assert row == {"limited": limit}
    monkeypatch.setenv("SCORECARD_MEMORY", "lots")
    with pytest.raises(warehouse.Unreadable, match="SCORECARD_MEMORY: Parser Error"):
        warehouse.opened()


def test_a_warehouse_is_not_called_as_something_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
):
    monkeypatch.setenv("SCORECARD_PUBLISHED", str(tmp_path / "published"))
    monkeypatch.setenv("SCORECARD_DUCKDB", str(tmp_path / "Marts.2025.duckdb"))
    told = "The warehouse cannot be Marts.2025.duckdb, for marts is something else in DuckDB"
    for script, code in ((build, 1), (nightly, 1), (kept, 1)):
        monkeypatch.setattr(sys, "argv", [script.__name__])
        assert script.main() == code
        said = capsys.readouterr()
        assert told in said.out + said.err
    monkeypatch.setattr(sys, "argv", ["explain", "--employee", "E1", "--year", "2025"])
    with pytest.raises(SystemExit, match=told):
        explain.main()
    assert not [file for file in tmp_path.glob("*.*")]


def test_every_schema_of_ours_is_a_name_that_is_taken():
    files = [ROOT / "dbt_project.yml", *ROOT.glob("models/**/_*__sources.yml")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    schemas = re.findall(r"(?m)^ +\+?(?:raw_)?schema: (\w+)$", text)
    assert len(schemas) > 5
    assert {*schemas} <= warehouse.NAMES_TAKEN
