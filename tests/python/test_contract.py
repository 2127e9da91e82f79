"""What docs/contract.md promises about a row: each rule of the contract rejects, with its reason.

The rules are read from the YAML of the sources. A row that breaks just one of them is made for
each, all are appended to a copy of the example, and dbt reads it once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from conftest import Warehouse
from helpers.exports import Exports, Row
from helpers.project import EXPORTS, ROOT

Place = tuple[str, int]
Rejections = dict[Place, str]

# A value that a column of the type cannot hold, and what the reason says of it.
NONSENSE = {
    "boolean": ("maybe", "neither true nor false"),
    "integer": ("12.5", "not a whole number"),
    "decimal": ("4.5 h", "not a number"),
    "date": ("2025/01/31", "not a date (YYYY-MM-DD)"),
    "timestamp": ("yesterday", "not a timestamp (ISO 8601)"),
}
IMPOSSIBLE = {
    "date": (["1899-12-31", "2100-01-01"], "is before 1900 or after 2099"),
    "timestamp": (
        ["1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z"],
        "is before 2000 or after 2099",
    ),
}

# For each rule between columns, a row that it takes (the first with these values), and the
# values that break it.
BROKEN_RULES: dict[tuple[str, str], tuple[Row, Row]] = {
    ("closings", "period_start is not the first day of a month"): (
        {"period_type": "month"},
        {"period_start": "2024-09-02"},
    ),
    ("closings", "period_start is not 1 January"): (
        {"period_type": "year"},
        {"period_start": "2024-02-01"},
    ),
    ("closings", "a period is reopened without a reason"): (
        {"step": "reopened"},
        {"reason": ""},
    ),
    ("closings", "a period is reopened without an approver"): (
        {"step": "reopened"},
        {"approved_by": ""},
    ),
    ("closings", "stepped_on is before period_start"): (
        {"period_type": "month"},
        {"stepped_on": "2024-08-31"},
    ),
    ("goals", "employee_agreed_on is before proposed_on"): (
        {"employee_id": "E015"},
        {"employee_agreed_on": "2025-01-05"},
    ),
    ("goals", "manager_agreed_on is before proposed_on"): (
        {"employee_id": "E015"},
        {"manager_agreed_on": "2025-01-05"},
    ),
    ("grade_decisions", "decided_on is before the appraisal year"): (
        {"decision_id": "J01"},
        {"decided_on": "2023-12-31"},
    ),
    ("interviews", "interviewer_id is the employee"): (
        {"employee_id": "E012"},
        {"interviewer_id": "E012"},
    ),
    ("interviews", "held_on is before the appraisal year"): (
        {"appraisal_year": "2025"},
        {"held_on": "2024-12-31"},
    ),
    ("objections", "decided_on is before filed_on"): (
        {},
        {"filed_on": "2025-05-02", "decided_on": "2025-05-01", "outcome": "upheld"},
    ),
    ("objections", "outcome is missing though decided_on is given"): (
        {},
        {"filed_on": "2025-05-02", "decided_on": "2025-05-03", "outcome": ""},
    ),
    ("objections", "period_start is not the first day of a month"): (
        {},
        {"period_type": "month", "period_start": "2025-01-02"},
    ),
    ("objections", "period_start is not 1 January"): (
        {},
        {"period_type": "year", "period_start": "2025-02-01"},
    ),
    ("objections", "period_type and period_start are not given together"): (
        {},
        {"period_type": "month"},
    ),
    ("objections", "remedy is given though the outcome is not upheld"): (
        {},
        {"outcome": "rejected", "remedy": "void"},
    ),
    ("objections", "target_type is no record that a remedy can void or replace"): (
        {},
        {"target_type": "monthly_scorecard", "remedy": "void"},
    ),
    ("objections", "target_type ticket can be replaced, not voided"): (
        {},
        {"target_type": "ticket", "remedy": "void"},
    ),
    ("objections", "remedy replace names no replacement"): ({}, {"remedy": "replace"}),
    ("objections", "a ticket has no score to replace"): (
        {},
        {"target_type": "ticket", "remedy": "replace", "replacement_score": "5"},
    ),
    ("objections", "replacement_score of a quality review is above 100"): (
        {},
        {"target_type": "quality_review", "remedy": "replace", "replacement_score": "100.0001"},
    ),
    ("objections", "a rating is not credited to another person"): (
        {},
        {"target_type": "rating", "remedy": "replace", "replacement_employee_id": "E001"},
    ),
    ("objections", "remedy exclude_days names no days"): (
        {},
        {"remedy": "exclude_days", "excluded_from": "2025-01-02"},
    ),
    ("objections", "excluded_to is before excluded_from"): (
        {},
        {"remedy": "exclude_days", "excluded_from": "2025-01-02", "excluded_to": "2025-01-01"},
    ),
    ("ratings", "score is above scale_max"): ({}, {"score": "6", "scale_max": "5"}),
    ("ratings", "rater_id is the ratee though relation is not self"): (
        {"relation": "peer"},
        {"ratee_id": "E040", "rater_id": "E040"},
    ),
    ("ratings", "rater_id is not the ratee though relation is self"): (
        {"relation": "self"},
        {"rater_id": "E001"},
    ),
    ("ratings", "period_start is not the first day of a month"): (
        {"period_type": "month"},
        {"period_start": "2025-03-02"},
    ),
    ("ratings", "period_start is not 1 January"): (
        {"period_type": "year"},
        {"period_start": "2025-02-01"},
    ),
    ("ticket_events", "status is missing for a status change"): (
        {"event_type": "status_changed"},
        {"status": ""},
    ),
    ("ticket_events", "actor_type is missing for a reply"): (
        {"event_type": "replied"},
        {"actor_type": ""},
    ),
    ("ticket_events", "actor_id is missing for a reply of an agent"): (
        {"event_type": "replied", "actor_type": "agent"},
        {"actor_id": ""},
    ),
    ("tickets", "updated_at is before created_at"): (
        {},
        {"updated_at": "2024-08-01T00:00:00+08:00"},
    ),
    ("absences", "end_date is before start_date"): (
        {},
        {"start_date": "2025-05-02", "end_date": "2025-05-01"},
    ),
    ("employees", "termination_date is before hire_date"): (
        {},
        {"termination_date": "2001-01-01", "termination_reason": "voluntary"},
    ),
    ("employees", "termination_reason is missing though termination_date is given"): (
        {},
        {"termination_date": "2025-12-01", "termination_reason": ""},
    ),
    ("employees", "termination_reason is given without termination_date"): (
        {},
        {"termination_date": "", "termination_reason": "voluntary"},
    ),
    ("positions", "end_date is before start_date"): (
        {},
        {"start_date": "2025-05-02", "end_date": "2025-05-01"},
    ),
    ("coaching_sessions", "coach_id is the coached employee"): (
        {},
        {"coach_id": "E040", "employee_id": "E040"},
    ),
    ("exams", "score is above max_score"): ({}, {"score": "101", "max_score": "100"}),
    ("trainings", "due_on is before assigned_on"): (
        {},
        {"assigned_on": "2025-05-02", "due_on": "2025-05-01", "completed_on": ""},
    ),
    ("trainings", "completed_on is before assigned_on"): (
        {},
        {"assigned_on": "2025-05-02", "due_on": "2025-05-09", "completed_on": "2025-05-01"},
    ),
    ("suggestions", "decided_on is before submitted_on"): (
        {"status": "rejected"},
        {"submitted_on": "2025-05-02", "decided_on": "2025-05-01"},
    ),
    ("suggestions", "implemented_on is before submitted_on"): (
        {"status": "implemented"},
        {
            "submitted_on": "2025-05-02",
            "decided_on": "2025-05-03",
            "implemented_on": "2025-05-01",
        },
    ),
    ("suggestions", "implemented_on is before decided_on"): (
        {"status": "implemented"},
        {
            "submitted_on": "2025-05-02",
            "decided_on": "2025-05-05",
            "implemented_on": "2025-05-04",
        },
    ),
    ("suggestions", "decided_on is missing for a decided suggestion"): (
        {"status": "accepted"},
        {"decided_on": "", "implemented_on": ""},
    ),
    ("quality_review_items", "score is missing for an applicable item"): (
        {"is_applicable": "1"},
        {"score": ""},
    ),
    ("quality_review_items", "score is above max_score"): ({}, {"score": "6", "max_score": "5"}),
    ("quality_review_items", "calibration_id is missing for a calibration review"): (
        {"is_calibration": "1"},
        {"calibration_id": ""},
    ),
    ("survey_responses", "scale_max is not above scale_min"): (
        {"survey_type": "csat"},
        {"score": "", "responded_at": "", "scale_min": "5", "scale_max": "5"},
    ),
    ("survey_responses", "score is given without its scale"): (
        {"score": "4"},
        {"scale_max": ""},
    ),
    ("survey_responses", "score is off its scale"): (
        {"score": "4", "survey_type": "csat"},
        {"score": "6"},
    ),
    ("survey_responses", "score is given without responded_at"): (
        {"score": "4"},
        {"responded_at": ""},
    ),
    ("survey_responses", "score is missing though responded_at is given"): (
        {"score": "4"},
        {"score": ""},
    ),
    ("survey_responses", "responded_at is before sent_at"): (
        {"score": "4"},
        {"responded_at": "2024-08-01T00:00:00Z"},
    ),
    ("call_legs", "answered_at is before offered_at"): (
        {"outcome": "answered"},
        {"answered_at": "2024-08-01T00:00:00"},
    ),
    ("call_legs", "ended_at is before offered_at"): (
        {"outcome": "abandoned"},
        {"ended_at": "2024-08-01T00:00:00"},
    ),
    ("call_legs", "ended_at is before answered_at"): (
        {"outcome": "answered"},
        {
            "offered_at": "2025-05-02T10:00:00",
            "answered_at": "2025-05-02T10:00:09",
            "ended_at": "2025-05-02T10:00:08",
        },
    ),
    ("call_legs", "answered_at is missing for an answered leg"): (
        {"outcome": "answered"},
        {"answered_at": ""},
    ),
    ("call_legs", "talk_seconds is missing for an answered leg"): (
        {"outcome": "answered"},
        {"talk_seconds": ""},
    ),
    ("call_legs", "hold_seconds is missing for an answered leg"): (
        {"outcome": "transferred"},
        {"hold_seconds": ""},
    ),
    ("call_legs", "wrap_seconds is missing for an answered leg"): (
        {"outcome": "answered"},
        {"wrap_seconds": ""},
    ),
}


def contract_tables() -> dict[str, dict[str, Any]]:
    """The tables of the contract by name, as the sources declare them."""
    return {
        table["name"]: table
        for file in sorted(ROOT.glob("models/staging/*/_*__sources.yml"))
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
        for table in source["tables"]
    }


def meta_of(resource: dict[str, Any]) -> dict[str, Any]:
    return resource.get("config", {}).get("meta", {})


def broken_columns(table: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """A column, a value that its rules reject, and the reason."""
    key = meta_of(table)["key"]
    for column in table["columns"]:
        name, kind, rules = column["name"], column["data_type"], meta_of(column)
        if kind in NONSENSE:
            value, reason = NONSENSE[kind]
            yield name, value, f"{name} is {reason}"
        if kind in IMPOSSIBLE:
            values, reason = IMPOSSIBLE[kind]
            yield from ((name, value, f"{name} {reason}") for value in values)
        if rules.get("required") or name in key:
            yield name, "", f"{name} is missing"
        if words := rules.get("accepted_values"):
            yield name, "nonsense", f"{name} is not one of {', '.join(words)}"
        if "minimum" in rules:
            yield name, str(rules["minimum"] - 1), f"{name} is below {rules['minimum']}"
        if "above" in rules:
            yield name, str(rules["above"]), f"{name} is not above {rules['above']}"
        if "maximum" in rules:
            yield name, str(rules["maximum"] + 1), f"{name} is above {rules['maximum']}"


def break_every_rule(exports: Exports) -> Rejections:
    """Append a row for each rule of the contract; returns where, and the reason to expect."""
    expected = {}
    for name, table in contract_tables().items():
        rows = []
        for column, value, reason in broken_columns(table):
            rows.append(({**exports.rows(name)[0], column: value}, reason))
        for rule in meta_of(table).get("rules", []):
            where, values = BROKEN_RULES[name, rule["reason"]]
            rows.append(({**exports.find(name, **where), **values}, rule["reason"]))
        line = len(exports.lines(name))
        exports.append(name, *(row for row, _ in rows))
        expected |= {(name, line + n): reason for n, (_, reason) in enumerate(rows, start=1)}
    return expected


def break_lines(exports: Exports) -> Rejections:
    """Append lines that are no records; the last one of an export is cut off."""
    header_is = "the header has 9"
    broken = {
        "T9,K,chat,caf\u00e9,high,false,new,2025-05-02T10:00:00Z,2025-05-02T10:00:00Z".encode(
            "latin-1"
        ): "the line is not UTF-8 text",
        b'T9,K,chat,"billing,high,false,new,2025-05-02T10:00:00Z,2025-05-02T10:00:00Z': (
            "the line has a quote that is not closed or not doubled"
        ),
        b"T9,K,chat,billing,high,false,new,2025-05-02T10:00:00Z,2025-05-02T10:00:00Z,extra": (
            f"the line has 10 fields, {header_is}"
        ),
        b"T9,K,chat,billing,high,false,ne": f"the line has 7 fields, {header_is}",
    }
    line = len(exports.lines("tickets"))
    exports.write("tickets", exports.lines("tickets") + list(broken), end=b"")
    return {("tickets", line + n): reason for n, reason in enumerate(broken.values(), start=1)}


def contradict(exports: Exports) -> Rejections:
    """Append records that contradict each other, or a good one."""
    newer = {
        **exports.find("tickets", status="solved"),
        "updated_at": "2026-01-15T10:00:00+08:00",
    }
    twin = {**exports.find("violations"), "violation_id": "V9"}
    lines = {name: len(exports.lines(name)) for name in ("tickets", "violations")}
    exports.append("tickets", {**newer, "priority": "low"}, {**newer, "priority": "high"})
    exports.append("violations", twin, twin)
    conflict = "conflicts with another row of the same key"
    return {
        ("tickets", lines["tickets"] + 1): conflict,
        ("tickets", lines["tickets"] + 2): conflict,
        ("violations", lines["violations"] + 2): "duplicate of another row",
    }


@pytest.fixture(scope="module")
def expected_and_rejected(
    warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Rejections, Rejections]:
    """The rejections that the broken rows should lead to, and those that they did lead to."""
    folder = tmp_path_factory.mktemp("contract")
    exports = Exports.copied(folder / "exports")
    expected = break_every_rule(exports) | contradict(exports) | break_lines(exports)
    project = warehouse.copy(folder / "build", exports.folder)
    outcome = project.dbt("run", "--select", "+rejected_rows", "stg_helpdesk__tickets")
    assert outcome.succeeded, outcome.told()
    with project.connect() as connection:
        rows = connection.execute(
            "select table_name, row_number, reason from marts.rejected_rows"
        ).fetchall()
    original = Exports(EXPORTS)
    lines = {table: len(original.lines(table)) for table in contract_tables()}
    return expected, {(table, line): why for table, line, why in rows if line > lines[table]}


def test_each_broken_row_is_rejected_for_its_reason(
    expected_and_rejected: tuple[Rejections, Rejections],
):
    expected, rejected = expected_and_rejected
    wrong = [
        f"{place}: {reason!r} expected, {rejected.get(place)!r} found"
        for place, reason in expected.items()
        if rejected.get(place) != reason
    ]
    assert not wrong, "\n".join(wrong)
    assert len(expected) > 300


def test_no_other_row_is_rejected(expected_and_rejected: tuple[Rejections, Rejections]):
    expected, rejected = expected_and_rejected
    assert rejected.keys() <= expected.keys()


def test_every_rule_has_a_row_that_breaks_it():
    rules = {
        (name, rule["reason"])
        for name, table in contract_tables().items()
        for rule in meta_of(table).get("rules", [])
    }
    assert rules == set(BROKEN_RULES)


def test_every_number_has_a_maximum():
    """An absurd one is a rejected row then, and no error where it is summed."""
    boundless = [
        f"{name}.{column['name']}"
        for name, table in contract_tables().items()
        for column in table["columns"]
        if column["data_type"] in ("integer", "decimal") and "maximum" not in meta_of(column)
    ]
    assert boundless == []


def test_no_column_of_an_export_is_named_as_what_is_said_about_its_rows():
    """A base model says both: two columns of one name would be mistaken for each other."""
    macro = (ROOT / "macros" / "rows" / "checked_rows.sql").read_text(encoding="utf-8")
    said = set(re.findall(r"\bas (\w+)\b", macro)) | {"source_file", "row_number", "load_date"}
    assert {"row_outcome", "row_reason", "newness"} <= said
    columns = {
        column["name"] for table in contract_tables().values() for column in table["columns"]
    }
    assert columns & said == set()
