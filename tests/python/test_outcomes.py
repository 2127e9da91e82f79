"""Quotas suggest and move nothing: the same grades and outcomes, whatever the distribution is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Warehouse
from helpers.project import Rows, rows_of
from helpers.replay import Replay

PAID = [
    "select * exclude (suggested_grade_id) from marts.annual_grades order by all",
    *(
        f"from marts.{name} order by all"
        for name in (
            *("annual_scorecards", "annual_outcomes", "annual_strengths_and_gaps"),
            *("training_proposals", "improvement_plan_steps", "recognitions"),
        )
    ),
]
SEATS_FOR_NOBODY = (
    "update plan.distribution_quotas set cumulative_share = 0",
    "update plan.distribution_rules set unit_type = 'department', minimum_unit_size = 1",
)


@pytest.fixture
def replay(warehouse: Warehouse, tmp_path) -> Iterator[Replay]:
    copy = warehouse.copy(tmp_path)
    with copy.connect(read_only=False) as connection:
        yield Replay(warehouse.compiled, connection)


def test_a_forced_distribution_moves_no_grade_and_no_outcome(replay: Replay):
    def rows(query: str) -> Rows:
        return rows_of(replay.connection, query)

    before = [rows(query) for query in PAID]
    for statement in SEATS_FOR_NOBODY:
        replay.connection.execute(statement)
    replay.build_downstream("distribution_quotas", "distribution_rules")
    final = rows("from marts.annual_grades where status = 'final'")
    assert {row["suggested_grade_id"] for row in final}.isdisjoint("AB")
    assert any(row["suggested_grade_id"] != row["final_grade_id"] for row in final)
    assert [rows(query) for query in PAID] == before
