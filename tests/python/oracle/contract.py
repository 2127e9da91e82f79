"""The export contract, stated a second time: columns, types, keys and what breaks the rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Fault = Callable[[Row], bool]


@dataclass(frozen=True)
class Column:
    type: str
    is_required: bool
    accepted: frozenset[str]
    minimum: Fraction | None
    maximum: Fraction | None
    above: Fraction | None

    def takes(self, value: Any) -> bool:
        """Whether a typed value, or None, may stand in this column."""
        if value is None:
            return not self.is_required
        return (
            (not self.accepted or value in self.accepted)
            and (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
            and (self.above is None or value > self.above)
        )


@dataclass(frozen=True)
class Table:
    name: str
    key: list[str]
    columns: dict[str, Column]
    faults: tuple[Fault, ...]  # each finds one thing wrong with a row
    version: str | None


CONTRACT: dict[str, Table] = {}

DECLARED = re.compile(
    r"(?P<name>\w+)(:(?P<type>\w+))?(?P<required>!)?"
    r"(=(?P<accepted>[\w|]+))?(>=(?P<minimum>-?\d+))?(<=(?P<maximum>\d+))?(>(?P<above>\d+))?"
)


def declare(name: str, key: str, columns: str, *faults: Fault, version: str | None = None) -> None:
    """Add a table. Columns: name, :type unless string, ! required, =a|b accepted, bounds."""
    declared = [DECLARED.fullmatch(text) for text in columns.split()]
    CONTRACT[name] = Table(
        name,
        key.split(),
        {parts["name"]: _column(parts) for parts in declared if parts},
        faults,
        version,
    )
    assert all(declared), f"unreadable column in {name}"


def _column(parts: re.Match[str]) -> Column:
    bounds = (parts[name] for name in ("minimum", "maximum", "above"))
    return Column(
        parts["type"] or "string",
        bool(parts["required"]),
        frozenset(parts["accepted"].split("|") if parts["accepted"] else ()),
        *(Fraction(bound) if bound else None for bound in bounds),
    )


def out_of_order(earlier: str, later: str) -> Fault:
    return lambda row: None not in (row[earlier], row[later]) and row[later] < row[earlier]


def is_above(score: str, top: str) -> Fault:
    return lambda row: None not in (row[score], row[top]) and row[score] > row[top]


def given_without(given: str, needed: str) -> Fault:
    return lambda row: row[given] is not None and row[needed] is None


def is_answered(leg: Row) -> bool:
    return leg["outcome"] in ("answered", "transferred")


def answered_without(needed: str) -> Fault:
    return lambda row: is_answered(row) and row[needed] is None


# What an upheld objection can void or replace.
REMEDIED = ("survey_response", "quality_review", "rating", "ticket")


def starts_amiss(row: Row) -> bool:
    """A period that does not start on the first of a month, or of a year."""
    start = row["period_start"]
    if start is None or row["period_type"] is None:
        return False
    return start.day != 1 or (row["period_type"] == "year" and start.month != 1)


# hr

declare(
    "employees",
    "employee_id",
    "employee_id! full_name hire_date:date! termination_date:date"
    " termination_reason=voluntary|involuntary",
    out_of_order("hire_date", "termination_date"),
    given_without("termination_date", "termination_reason"),
    given_without("termination_reason", "termination_date"),
)
declare(
    "positions",
    "employee_id start_date",
    "employee_id! role_id! team_id supervisor_id is_probation:boolean!"
    " start_date:date! end_date:date",
    out_of_order("start_date", "end_date"),
)
declare(
    "absences",
    "employee_id absence_type start_date",
    "employee_id! absence_type! start_date:date! end_date:date!",
    out_of_order("start_date", "end_date"),
)
declare(
    "attendance",
    "employee_id work_date",
    "employee_id! work_date:date! scheduled_minutes:integer>=0<=1440"
    " worked_minutes:integer>=0<=1440 late_minutes:integer>=0<=1440 is_unexcused:boolean",
)
declare(
    "violations",
    "violation_id",
    "violation_id! employee_id! occurred_on:date! category!=attendance|confidentiality|conduct"
    " points:decimal!>=0<=10000",
)

# helpdesk

declare(
    "tickets",
    "ticket_id",
    "ticket_id! customer_id channel topic priority is_complaint:boolean"
    " status!=new|open|pending|on_hold|solved|closed created_at:timestamp! updated_at:timestamp!",
    out_of_order("created_at", "updated_at"),
    version="updated_at",
)
declare(
    "ticket_events",
    "event_id",
    "event_id! ticket_id! occurred_at:timestamp!"
    " event_type!=created|assigned|replied|noted|escalated|status_changed|reopened"
    " actor_id actor_type=agent|customer|bot assignee_id"
    " status=new|open|pending|on_hold|solved|closed",
    lambda row: row["event_type"] == "status_changed" and row["status"] is None,
    lambda row: row["event_type"] == "replied" and row["actor_type"] is None,
    lambda row: (
        row["event_type"] == "replied" and row["actor_type"] == "agent" and row["actor_id"] is None
    ),
)

# telephony

declare(
    "call_legs",
    "leg_id",
    "leg_id! call_id! customer_id agent_id queue topic direction!=inbound|outbound|internal"
    " offered_at:timestamp! answered_at:timestamp ended_at:timestamp!"
    " talk_seconds:integer>=0<=604800 hold_seconds:integer>=0<=604800"
    " wrap_seconds:integer>=0<=604800 outcome!=answered|abandoned|transferred|missed",
    out_of_order("offered_at", "answered_at"),
    out_of_order("offered_at", "ended_at"),
    out_of_order("answered_at", "ended_at"),
    answered_without("answered_at"),
    answered_without("talk_seconds"),
    answered_without("hold_seconds"),
    answered_without("wrap_seconds"),
)

# surveys

declare(
    "survey_responses",
    "response_id",
    "response_id! survey_type!=csat|nps|ces contact_type=ticket|call contact_id"
    " sent_at:timestamp responded_at:timestamp score:decimal>=-10000<=10000"
    " scale_min:decimal>=-10000<=10000 scale_max:decimal>=-10000<=10000 updated_at:timestamp!",
    lambda row: (
        None not in (row["scale_min"], row["scale_max"]) and row["scale_max"] <= row["scale_min"]
    ),
    given_without("score", "scale_min"),
    given_without("score", "scale_max"),
    is_above("scale_min", "score"),
    is_above("score", "scale_max"),
    given_without("score", "responded_at"),
    given_without("responded_at", "score"),
    out_of_order("sent_at", "responded_at"),
    version="updated_at",
)

# quality

declare(
    "quality_review_items",
    "review_id item_id",
    "review_id! item_id! section! contact_type=ticket|call contact_id agent_id! reviewer_id!"
    " reviewed_at:timestamp! score:decimal>=0<=10000 max_score:decimal!<=10000>0"
    " weight:decimal!>=0<=10000 is_applicable:boolean! is_fatal:boolean!"
    " is_calibration:boolean! calibration_id status!=final|voided|overturned",
    lambda row: row["is_applicable"] and row["score"] is None,
    is_above("score", "max_score"),
    lambda row: row["is_calibration"] and row["calibration_id"] is None,
)

# learning

declare(
    "exams",
    "exam_id employee_id subject attempt",
    "exam_id! employee_id! subject! attempt:integer!>=1<=10000 taken_at:timestamp!"
    " score:decimal>=0<=10000 max_score:decimal!<=10000>0 pass_share:decimal!>=0<=1"
    " is_excused:boolean!",
    is_above("score", "max_score"),
)
declare(
    "trainings",
    "assignment_id",
    "assignment_id! employee_id! course! assigned_on:date! due_on:date! completed_on:date"
    " hours:decimal!>=0<=10000",
    out_of_order("assigned_on", "due_on"),
    out_of_order("assigned_on", "completed_on"),
)
declare(
    "coaching_sessions",
    "session_id",
    "session_id! coach_id! employee_id! held_at:timestamp! metric_id",
    lambda row: row["coach_id"] == row["employee_id"],
)

# appraisal

declare(
    "goals",
    "employee_id appraisal_year metric_id proposed_on",
    "employee_id! appraisal_year:integer!>=2000<=2099 metric_id! target_value:decimal!<=1000000>0"
    " proposed_on:date! employee_agreed_on:date manager_agreed_on:date",
    out_of_order("proposed_on", "employee_agreed_on"),
    out_of_order("proposed_on", "manager_agreed_on"),
)
declare(
    "ratings",
    "rating_id",
    "rating_id! ratee_id! rater_id! relation!=self|supervisor|head|peer period_type!=month|year"
    " period_start:date! criterion_id! score:decimal!>=0<=10000 scale_max:decimal!<=10000>0"
    " submitted_at:timestamp!",
    is_above("score", "scale_max"),
    lambda row: (row["relation"] == "self") != (row["rater_id"] == row["ratee_id"]),
    lambda row: row["period_start"].day != 1,
    lambda row: row["period_type"] == "year" and row["period_start"].month != 1,
)
declare(
    "interviews",
    "interview_id",
    "interview_id! employee_id! appraisal_year:integer!>=2000<=2099 interviewer_id! held_on:date!"
    " employee_comment",
    lambda row: row["interviewer_id"] == row["employee_id"],
    lambda row: row["held_on"].year < row["appraisal_year"],
)
declare(
    "closings",
    "closing_id",
    "closing_id! period_type!=month|year period_start:date! step!=published|closed|reopened"
    " stepped_on:date! employee_id reason approved_by",
    starts_amiss,
    out_of_order("period_start", "stepped_on"),
    lambda row: row["step"] == "reopened" and None in (row["reason"], row["approved_by"]),
)
declare(
    "grade_decisions",
    "decision_id",
    "decision_id! employee_id! appraisal_year:integer!>=2000<=2099 grade_id! reason!"
    " decided_on:date! decided_by!",
    lambda row: row["decided_on"].year < row["appraisal_year"],
)
declare(
    "objections",
    "objection_id",
    "objection_id! employee_id! target_type! target_id! filed_on:date! decided_on:date"
    " outcome=upheld|rejected|withdrawn period_type=month|year period_start:date"
    " remedy=void|replace|exclude_days replacement_score:decimal>=0<=10000 replacement_employee_id"
    " excluded_from:date excluded_to:date",
    out_of_order("filed_on", "decided_on"),
    given_without("decided_on", "outcome"),
    given_without("period_type", "period_start"),
    given_without("period_start", "period_type"),
    starts_amiss,
    lambda row: row["remedy"] is not None and row["outcome"] != "upheld",
    lambda row: row["remedy"] in ("void", "replace") and row["target_type"] not in REMEDIED,
    lambda row: row["remedy"] == "void" and row["target_type"] == "ticket",
    lambda row: (
        row["remedy"] == "replace"
        and row["replacement_score"] is None
        and row["replacement_employee_id"] is None
    ),
    lambda row: row["target_type"] == "ticket" and row["replacement_score"] is not None,
    lambda row: row["target_type"] == "quality_review" and (row["replacement_score"] or 0) > 100,
    lambda row: row["target_type"] == "rating" and row["replacement_employee_id"] is not None,
    lambda row: (
        row["remedy"] == "exclude_days" and None in (row["excluded_from"], row["excluded_to"])
    ),
    out_of_order("excluded_from", "excluded_to"),
)

# operations

declare(
    "suggestions",
    "suggestion_id",
    "suggestion_id! employee_id! submitted_on:date! decided_on:date implemented_on:date"
    " status!=submitted|rejected|accepted|implemented",
    out_of_order("submitted_on", "decided_on"),
    out_of_order("submitted_on", "implemented_on"),
    out_of_order("decided_on", "implemented_on"),
    lambda row: row["status"] != "submitted" and row["decided_on"] is None,
)
declare(
    "improvements",
    "initiative_id",
    "initiative_id! owner_id! planned_on:date! delivered_on:date status"
    " effect_score:decimal>=0<=100 verified_by",
)
declare(
    "management_reports",
    "report_id",
    "report_id! owner_id! due_on:date! submitted_on:date returned_count:integer>=0<=10000",
)
declare(
    "succession_plans",
    "supervisor_id as_of",
    "supervisor_id! as_of:date! key_positions:integer!>=0<=10000"
    " ready_successors:integer!>=0<=10000",
)
