"""The run log: what is unusual about a night, and that a torn line costs no night."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import run_log
from scripts.run_log import Night

# Two weeks in which weekends bring half as much, as they do.
NEW_ROWS = [1000, 1010, 990, 1020, 1000, 510, 500] * 2


def night(number: int, **values: object) -> Night:
    usual = {
        "outcome": run_log.PUBLISHED,
        "build_seconds": 100 + number % 3,
        "rows_read": 100_000 + 1000 * number,
        "rows_new": NEW_ROWS[number % 14],
        "rows_rejected": 50 + number,
        "rows_rejected_new": 1,
        "as_of_at": f"2026-01-{number + 1:02}T12:00:00",
        "newest_load_date": f"2026-01-{number + 1:02}",
        "lag_days": 0.5,
        "table_rows": {"annual_scorecards": 100},
    }
    named = {"build_id": str(number), "started_at": "2026-01-01T00:00:00"}
    return Night(build_number=number, **{**named, **usual, **values})


USUAL = [night(number) for number in range(14)]


def test_a_usual_night_is_not_remarked_on():
    for number in range(14, 21):
        assert run_log.unusual(night(number), USUAL) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param({"build_seconds": 300}, "The build took 300 s, usually 101 s.", id="slow"),
        pytest.param(
            {"rows_new": 9000},
            "The exports brought 9,000 rows more than the night before, usually 1,000.",
            id="many rows",
        ),
        pytest.param(
            {"rows_new": 0},
            "The exports brought 0 rows more than the night before, usually 1,000.",
            id="no rows",
        ),
        pytest.param(
            {"rows_rejected_new": 400},
            "400 more rows were rejected, usually 1 (why: marts.rejected_rows).",
            id="rejected",
        ),
        pytest.param(
            {"lag_days": 3.5},
            "The newest record is 3.5 days older than the newest load_date, usually 0.5.",
            id="behind",
        ),
        pytest.param(
            {"as_of_at": "2026-01-14T12:00:00"},
            "The as-of stands still at 2026-01-14T12:00:00 UTC: no newer records were exported.",
            id="stands still",
        ),
        pytest.param(
            {"as_of_at": "2026-01-10T12:00:00"},
            "The as-of went back to 2026-01-10T12:00:00 UTC: no newer records were exported.",
            id="went back",
        ),
        pytest.param(
            {"newest_load_date": "2026-01-14"},
            "No export has a load_date after 2026-01-14.",
            id="no new folder",
        ),
        pytest.param(
            {"table_rows": {"annual_scorecards": 80}},
            "annual_scorecards shrank from 100 to 80 rows.",
            id="shrank",
        ),
    ],
)
def test_an_unusual_night_is_remarked_on(values: dict[str, object], sentence: str):
    assert run_log.unusual(night(14, **values), USUAL) == [sentence]


def test_a_few_nights_tell_nothing():
    assert run_log.unusual(night(4, build_seconds=900, rows_new=0), USUAL[:4]) == []


def test_nights_that_failed_are_no_standard():
    failed = [night(number, outcome=run_log.FAILED, build_seconds=1) for number in range(14, 30)]
    assert run_log.unusual(night(30, build_seconds=102), [*USUAL, *failed]) == []


def test_a_change_smaller_than_matters_is_usual():
    constant = [night(number, build_seconds=2, rows_new=3) for number in range(14)]
    assert run_log.unusual(night(14, build_seconds=20, rows_new=40), constant) == []


def test_the_last_line_of_a_night_counts_and_a_torn_one_costs_nothing(tmp_path: Path):
    run_log.write(tmp_path, night(1, outcome=run_log.STARTED))
    run_log.write(tmp_path, night(1))
    run_log.write(tmp_path, night(2, outcome=run_log.STARTED))
    file = run_log.file_in(tmp_path)
    file.write_bytes(file.read_bytes() + b'{"build_number": 2, "outc')
    run_log.write(tmp_path, night(3))
    assert [(each.build_number, each.outcome) for each in run_log.read(tmp_path)] == [
        (1, "published"),
        (2, "started"),
        (3, "published"),
    ]


def test_a_message_that_is_no_text_is_logged(tmp_path: Path):
    run_log.write(tmp_path, night(1, message="\udcb9"))
    assert run_log.read(tmp_path)[0].message == "?"


def test_columns_of_another_version_are_passed_over(tmp_path: Path):
    run_log.write(tmp_path, night(1))
    file = run_log.file_in(tmp_path)
    file.write_text(file.read_text().replace('"message"', '"note"'))
    assert run_log.read(tmp_path)[0].message == ""


def test_no_log_is_an_empty_log(tmp_path: Path):
    assert run_log.read(tmp_path) == []
