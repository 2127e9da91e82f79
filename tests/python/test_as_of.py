"""A build on any day: exports that end in the middle of a month, and a named as-of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from conftest import Warehouse
from helpers.project import EXPORTS, PLAN, Project, rows_of
from oracle import compute
from test_oracle import assert_agreement

DATA_TESTS_ONLY = ["--exclude-resource-type", "unit_test"]
AFTER_15_JANUARY = re.compile(rb"2026-01-(1[6-9]|2\d|3[01])|2026-0[2-9]")


def test_exports_may_end_in_the_middle_of_a_month(warehouse: Warehouse, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    shutil.copytree(EXPORTS, exports)
    for file in exports.rglob("*.csv"):
        header, *lines = file.read_bytes().split(b"\n")
        kept = [line for line in lines if not AFTER_15_JANUARY.search(line)]
        file.write_bytes(b"\n".join([header, *kept]))
    project = Project(folder=tmp_path / "built", exports=exports, manifest=warehouse.manifest)
    outcome = project.dbt("build", *DATA_TESTS_ONLY)
    assert outcome.succeeded, outcome.told()
    with project.connect() as connection:
        [running] = rows_of(
            connection,
            """
            select
                count(*) as people,
                count(*) filter (where status = 'not_eligible') as not_eligible
            from marts.annual_scorecards where appraisal_year = 2026
            """,
        )
        [standard] = rows_of(
            connection,
            """
            select
                (select max(workload_standard) from marts.employee_monthly_workload
                    where month_start = date '2026-01-01') as owed,
                (select count(*) from intermediate.int_calendar_days, intermediate.int_as_of
                    where month_start = date '2026-01-01' and is_working_day
                        and calendar_date <= as_of_date) as working_days_so_far
            """,
        )
    # Nobody lacks days that are still to come, and nobody owes more than the days so far.
    assert running["people"] > 50 and running["not_eligible"] == 0
    assert standard["owed"] == standard["working_days_so_far"] < 15  # one contact a day


def test_a_named_as_of_reads_nothing_later(tmp_path: Path, report: Callable[[str], None]) -> None:
    # Parsed with the variable: one model reads another one then.
    project = Project(folder=tmp_path / "built")
    as_of = "2025-07-15 04:00:00"
    outcome = project.dbt("build", *DATA_TESTS_ONLY, "--vars", f'{{as_of: "{as_of}"}}')
    assert outcome.succeeded, outcome.told()
    results = compute(EXPORTS, PLAN, as_of=datetime.fromisoformat(f"{as_of}+00:00"))
    with project.connect() as connection:
        comparison = assert_agreement(results, connection, least=150_000)
        [newest] = rows_of(
            connection,
            """
            select
                (select max(month_start) from marts.monthly_metrics) as month_start,
                (select max(record_date) from marts.metric_records
                    where record_type in ('ticket', 'call_leg', 'survey_response', 'contact'))
                    as record_date,
                (select string_agg(distinct status, ', ') from marts.annual_scorecards
                    where published_score is not null and appraisal_year = 2025) as statuses
            """,
        )
    assert str(newest["month_start"]) == "2025-07-01"
    assert str(newest["record_date"]) <= "2025-07-15"
    assert newest["statuses"] == "provisional"
    report(f"The oracle agrees with a named as-of in {comparison.values:,} values.")
