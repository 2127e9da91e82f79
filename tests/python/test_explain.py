"""What `make explain` prints, from a few rows: data as it is, and sentences where it is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from scripts import explain

# Somebody whom HR exports no longer, in a role that the plan has no longer.
ROWS = """
    create schema marts;
    create schema plan;
    create table marts.employees (employee_id text, full_name text);
    create table plan.roles (role_id text, name_en text, name_zh text);
    create table plan.grade_bands as
    select 'A' as grade_id, 'Good' as name_en, '良 [/b]' as name_zh, 1 as valid_from;
    create table plan.dimension_weights (scorecard_id text, dimension_id text, weight int);
    create table plan.metric_weights
    (scorecard_id text, dimension_id text, metric_id text, weight int);
    create table marts.monthly_scorecards as
    select
        'E[/1]' as employee_id, date '2025-03-01' as month_start, 'agents' as scorecard_id,
        'agent' as role_id, 91.5 as published_score, 'final' as status, '' as status_reason,
        'A' as grade_id, 20 as eligible_days, 1.0 as weight_covered;
    create table marts.score_explanations as
    select
        'E[/1]' as employee_id, 'month' as period_type, date '2025-03-01' as period_start,
        'agents' as scorecard_id, 'Agents' as scorecard_name_en, 'metric' as component,
        'quality' as dimension_id, 'Quality' as dimension_name_en, '质量 [d1]' as dimension_name_zh,
        'aht' as metric_id, 'Handle time' as component_name_en, '处理 [m1]' as component_name_zh,
        388.5 as metric_value, 'seconds' as unit, 300.0 as target_value, 91.5 as score,
        1.0 as effective_weight, 91.5 as contribution, 'All [s1] counts :heart:' as sentence;
    create table marts.monthly_metric_scores as
    select
        'E[/1]' as employee_id, 'aht' as metric_id, date '2025-03-01' as month_start,
        date '2025-03-01' as pooled_from_month, 388.5 as numerator;
    create table marts.metric_records as
    select
        'E[/1]' as employee_id, 'aht' as metric_id, date '2025-03-01' as month_start,
        date '2025-03-02' as record_date, 'call' as record_type, '[t1]' as record_id,
        388.5 as numerator, 1.0 as denominator, null::date as superseded_month;
"""


@pytest.fixture
def explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Callable[..., str]:
    file = tmp_path / "few.duckdb"
    monkeypatch.setenv("SCORECARD_DUCKDB", str(file))
    with duckdb.connect(str(file)) as connection:
        connection.execute(ROWS)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["explain", *arguments])
        explain.main()
        return capsys.readouterr().out

    return run


def test_names_and_ids_are_printed_as_they_are(explained: Callable[..., str]):
    said = explained("--employee", "E[/1]", "--month", "2025-03")
    assert "E[/1] (E[/1]), agent, 2025-03" in said
    for text in ("A Good 良 [/b]", "质量 [d1]", "处理 [m1]", "All [s1] counts :heart:"):
        assert text in said
    assert "6:28 min" in said  # as in the interview sheets
    assert "[t1]" in explained("--employee", "E[/1]", "--month", "2025-03", "--records", "aht")


def test_whoever_has_left_is_told_the_months_there_are(explained: Callable[..., str]):
    with pytest.raises(SystemExit, match="there are months from 2025-03 to 2025-03"):
        explained("--employee", "E[/1]", "--month", "2025-04")
    with pytest.raises(SystemExit, match="Nobody has the employee_id E2"):
        explained("--employee", "E2", "--month", "2025-03")


def test_what_is_missing_is_told_in_a_sentence(explained: Callable[..., str]):
    with duckdb.connect(str(explain.warehouse.path())) as connection:
        connection.execute("drop table marts.score_explanations")
    with pytest.raises(SystemExit, match=r"few\.duckdb does not hold what is asked for: Catalog"):
        explained("--employee", "E[/1]", "--month", "2025-03")
