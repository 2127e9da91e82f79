"""Settings, and how the scripts open the warehouse."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.project import ROOT

from scripts import inputs, warehouse
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
