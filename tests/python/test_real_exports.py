"""The project on two real exports, installed as a package by the projects in examples/.

What is expected is counted from the raw CSV files in Python, without the examples' SQL. The
files are not part of the repository: $REAL_EXPORTS names their folder, ../shared/data if unset.
"""

import csv
import os
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "seeds" / "plan"
DATA = Path(os.environ.get("REAL_EXPORTS") or ROOT.parent / "shared" / "data").absolute()
CALLS = "northeast_call_centre"
TICKETS = "servicing_tickets"

Month = tuple[str, date]  # an agent and the first day of a month


@dataclass(frozen=True)
class Project:
    """An example, built into a folder of its own."""

    name: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def dbt(self, command: str, *arguments: str) -> None:
        """Run a dbt command in this process; say what failed if it does."""
        root = ROOT / "examples" / self.name
        folders = ["--project-dir", str(root), "--profiles-dir", str(root)]
        quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(root)
            patched.setenv("DBT_LOG_PATH", str(self.folder / "logs"))
            patched.setenv("DBT_TARGET_PATH", str(self.folder / "target"))
            patched.setenv("SCORECARD_DUCKDB", str(self.database))
            patched.setenv("SERVICE_DATA", str(DATA / self.name))
            try:
                result = dbtRunner().invoke([*quiet, command, *folders, *arguments])
            finally:
                DuckDBConnectionManager.close_all_connections()
        failed = [
            f"{run.node.name}: {run.message}"
            for run in getattr(result.result, "results", [])
            if run.status not in ("success", "pass")
        ]
        assert result.success, "\n".join([str(result.exception or ""), *failed])


def built(name: str, folder: Path) -> Project:
    if not (DATA / name).is_dir():
        pytest.skip(f"{DATA} holds no {name}: set REAL_EXPORTS to the folder of the real exports")
    project = Project(name, folder)
    project.dbt("deps")
    project.dbt("build", "--exclude-resource-type", "unit_test")
    return project


@pytest.fixture(scope="module")
def call_centre(tmp_path_factory) -> Project:
    return built(CALLS, tmp_path_factory.mktemp(CALLS))


@pytest.fixture(scope="module")
def ticket_desk(tmp_path_factory) -> Project:
    return built(TICKETS, tmp_path_factory.mktemp(TICKETS))


def rows(project: Project, query: str) -> list[tuple]:
    with duckdb.connect(str(project.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def by_month(project: Project, query: str) -> dict[Month, tuple]:
    return {(agent, month): tuple(values) for agent, month, *values in rows(project, query)}


def evidence(project: Project, metric: str) -> dict[Month, tuple[Decimal, Decimal]]:
    """Numerator and denominator of a metric by agent and month."""
    return by_month(
        project,
        f"""select employee_id, month_start, numerator, denominator
            from marts.monthly_metrics where metric_id = '{metric}'""",
    )


def records(name: str, file: str) -> list[dict[str, str]]:
    with (DATA / name / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def outcomes(project: Project) -> dict[str, dict[str, int]]:
    """How many rows of each export were staged, superseded or rejected."""
    counted: dict[str, dict[str, int]] = {}
    for (table,) in rows(
        project,
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_name like 'base_%' and table_name != 'base_helpdesk__ticket_versions'",
    ):
        counted[table.split("__")[1]] = dict(
            rows(project, f"select row_outcome, count(*) from {table} group by row_outcome")
        )
    return {table: counts for table, counts in counted.items() if counts}


def summed(pairs: list[tuple[Month, tuple[int, int]]]) -> dict[Month, tuple[int, int]]:
    sums: dict[Month, list[int]] = defaultdict(lambda: [0, 0])
    for month, (numerator, denominator) in pairs:
        sums[month][0] += numerator
        sums[month][1] += denominator
    return {month: (numerator, denominator) for month, (numerator, denominator) in sums.items()}


# 33,000 calls of 140 agents


@pytest.fixture(scope="module")
def calls() -> list[dict]:
    """The calls, each with its `minutes` and its `month` (agent, first day of the month)."""
    rows = records(CALLS, "call_events")
    for call in rows:
        start, end = (
            datetime.strptime(call[f"Call_{moment}_Time"], "%d-%m-%y %H:%M")
            for moment in ("Start", "End")
        )
        call["minutes"] = (end - start) // timedelta(minutes=1)
        call["month"] = (call["Agent_ID"], end.date().replace(day=1))
    return rows


def test_every_call_is_staged(call_centre, calls):
    assert len(calls) == 33_000
    assert outcomes(call_centre) == {
        "call_legs": {"staged": 33_000},
        "survey_responses": {"staged": 33_000},
        "employees": {"staged": 140},
        "positions": {"staged": 140},
        "goals": {"staged": 140},
    }
    assert rows(call_centre, "from marts.rejected_rows") == []


def test_a_third_of_the_calls_is_over_the_sla_target(call_centre, calls):
    over = sum(call["SLA_Status"] == "SLA Violated" for call in calls)
    assert f"{over / len(calls):.2%}" == "31.54%"

    assert over == sum(call["minutes"] > int(call["SLA_Target_Min"]) for call in calls)
    assert rows(
        call_centre,
        "select count(*) from staging.stg_telephony__call_legs where talk_seconds > 15 * 60",
    ) == [(over,)]


def test_every_agent_month_holds_the_calls_of_the_file(call_centre, calls):
    handled = summed([(call["month"], (call["minutes"] * 60, 1)) for call in calls])
    satisfied = summed([(call["month"], (call["CSAT_Score"] in "45", 1)) for call in calls])

    assert len(handled) == 1_680
    assert evidence(call_centre, "handle_time") == handled
    assert evidence(call_centre, "csat") == satisfied
    assert {month: value[0] for month, value in evidence(call_centre, "workload").items()} == {
        month: value[1] for month, value in handled.items()
    }


def test_the_years_averages_are_those_of_the_file(call_centre, calls):
    minutes = sum(call["minutes"] for call in calls) / len(calls)
    top_two = sum(call["CSAT_Score"] in "45" for call in calls) / len(calls)

    found = dict(
        rows(
            call_centre,
            """select metric_id, sum(numerator) / sum(denominator)
               from marts.annual_metric_scores where denominator > 0 group by metric_id""",
        )
    )
    assert found["handle_time"] / 60 == pytest.approx(minutes)
    assert found["csat"] == pytest.approx(top_two)


def test_calls_without_customers_leave_first_contact_resolution_missing(call_centre):
    assert rows(
        call_centre,
        """select missing_reason, count(*) from marts.monthly_metric_scores
           where metric_id = 'first_contact_resolution' group by missing_reason""",
    ) == [("no_evidence", 1_680)]


def test_a_personal_target_is_the_years_calls_of_the_roster(call_centre):
    targets = dict(
        rows(
            call_centre,
            """select distinct employee_id, target_value from marts.monthly_metric_scores
               where metric_id = 'workload'""",
        )
    )
    assert targets == {
        agent["Agent_ID"]: (Decimal(agent["Overall_Target"]) / (Decimal("0.7") * 366)).quantize(
            Decimal("0.0001"), ROUND_HALF_UP
        )
        for agent in records(CALLS, "agents")
    }


def test_all_agents_get_a_final_score_by_their_own_plan(call_centre):
    covered = "status, weight_covered, count(*) from marts"
    groups = "group by status, weight_covered"
    expected = ("final", Decimal("0.85"))

    assert rows(call_centre, f"select {covered}.monthly_scorecards {groups}") == [(*expected, 1680)]
    assert rows(call_centre, f"select {covered}.annual_scorecards {groups}") == [(*expected, 140)]


def test_the_default_plan_asks_for_more_than_the_calls_tell(call_centre, tmp_path):
    # From the plan on: the facts of the build before are taken as they are.
    project = Project(CALLS, tmp_path)
    shutil.copyfile(call_centre.database, project.database)
    weights = ("dimension_weights", "metric_weights")
    scoring = ("standard_targets", "daily_standards", "curves", "curve_points")
    project.dbt(
        "build",
        *("--vars", "{plan: default}"),
        "--select",
        *(f"{seed}+,+annual_scorecards" for seed in ("scorecards", *weights, *scoring)),
        *("--exclude-resource-type", "test", "unit_test"),
    )

    assert rows(
        project,
        """select status, status_reason, weight_covered, annual_score, count(*)
           from marts.annual_scorecards group by all""",
    ) == [("insufficient_data", "weight_covered_below_minimum", Decimal("0.28"), None, 140)]


def test_what_cannot_be_read_is_rejected_and_not_lost(call_centre, tmp_path):
    header = (DATA / CALLS / "call_events.csv").read_text().splitlines()[0]
    good = "19-12-24,19-12-24 9:00,19-12-24 9:23,23,Billing,Call Center,Neutral,4,15,x,TX,Y,A046,Z"
    lines = {
        "good": good,
        "no date": good.replace("19-12-24 9:23", "31-02-24 9:23"),
        "american": good.replace("19-12-24 9:00", "12-19-24 9:00"),
        "backwards": good.replace("9:23", "8:23"),
        "negative": good.replace(",23,", ",-23,"),
        "not a number": good.replace(",23,", ",twenty,"),
        "broken minute": good.replace(",23,", ",0.0001,"),
        "empty": good.replace(",23,", ",,"),
        "off scale": good.replace(",4,15", ",6,15"),
    }
    (tmp_path / CALLS).mkdir()
    (tmp_path / CALLS / "call_events.csv").write_bytes(
        "".join(f"{line}\r\n" for line in [header, *map(",".join, lines.items())]).encode()
    )

    found = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'America/New_York'")
        for table in ("telephony__call_legs", "surveys__survey_responses"):
            export = table.split("__")[1]
            [mapping] = call_centre.folder.glob(f"target/compiled/**/exported_{export}.sql")
            [contract] = call_centre.folder.glob(f"target/compiled/**/base_{table}.sql")
            mapped = mapping.read_text().replace(str(DATA / CALLS), str(tmp_path / CALLS))
            checked = contract.read_text().replace('"warehouse"."main".', "")
            connection.execute(f"create view exported_{export} as {mapped}")
            found[export] = dict(
                connection.execute(f"select row_key, row_reason from ({checked})").fetchall()
            )
            assert sum(reason is None for reason in found[export].values()) == 1
            assert len(connection.execute(checked).fetchall()) == len(lines)

    assert found == {
        "call_legs": {
            None: None,
            "no date": "ended_at is before 2000 or after 2099",
            "american": "offered_at is not a timestamp (ISO 8601)",
            "backwards": "ended_at is before offered_at",
            "negative": "talk_seconds is below 0",
            "not a number": "talk_seconds is not a whole number",
            "broken minute": "talk_seconds is not a whole number",
            "empty": "talk_seconds is missing for an answered leg",
        },
        "survey_responses": {
            None: None,
            "no date": "responded_at is before 2000 or after 2099",
            "off scale": "score is off its scale",
        },
    }


# 15,000 tickets of 100 agents


@pytest.fixture(scope="module")
def tickets() -> list[dict]:
    """The tickets with `created`, `changed`, `is_solved` and `month`, that of the last change."""
    rows = records(TICKETS, "tickets")
    for ticket in rows:
        ticket["created"] = datetime.strptime(
            f"{ticket['Created_Date']} {ticket['Created_Hour']}", "%Y-%m-%d %H"
        )
        tenths = int(Decimal(ticket["Resolution_Time_Hours"]) * 10)
        ticket["changed"] = ticket["created"] + timedelta(minutes=6 * tenths)
        ticket["is_solved"] = ticket["Status"] in ("Resolved", "Closed")
        ticket["month"] = (ticket["Agent_ID"], ticket["changed"].date().replace(day=1))
    return rows


@pytest.fixture(scope="module")
def hired() -> dict[str, date]:
    return {
        agent["Agent_ID"]: date.fromisoformat(agent["Hire_Date"])
        for agent in records(TICKETS, "agents")
    }


def test_every_ticket_is_staged(ticket_desk, tickets):
    solved = sum(ticket["is_solved"] for ticket in tickets)
    escalated = sum(
        ticket["Escalated"] == "1" or ticket["Status"] == "Escalated" for ticket in tickets
    )
    assert (len(tickets), solved, escalated) == (15_000, 10_633, 4_780)

    assert outcomes(ticket_desk) == {
        "tickets": {"staged": 15_000},
        "ticket_events": {"staged": 2 * 15_000 + solved + escalated},
        "survey_responses": {"staged": sum(bool(row["Satisfaction_Score"]) for row in tickets)},
        "employees": {"staged": 100},
        "positions": {"staged": 100},
    }
    assert rows(ticket_desk, "from marts.rejected_rows") == []


def test_the_sla_breach_recomputes_for_every_ticket(ticket_desk, tickets):
    late = dict(
        rows(
            ticket_desk,
            """select ticket_id, updated_at > created_at + to_hours(case priority
                   when 'Critical' then 2 when 'High' then 8 when 'Medium' then 24 else 48 end)
               from staging.stg_helpdesk__tickets""",
        )
    )
    assert late == {ticket["Ticket_ID"]: ticket["SLA_Breached"] == "1" for ticket in tickets}


def test_every_agent_month_holds_the_tickets_of_the_file(ticket_desk, tickets):
    solved = Counter(ticket["month"] for ticket in tickets if ticket["is_solved"])
    satisfied = summed(
        [
            (ticket["month"], (float(ticket["Satisfaction_Score"]) > 3, 1))
            for ticket in tickets
            if ticket["Satisfaction_Score"]
        ]
    )

    facts = by_month(
        ticket_desk,
        """select employee_id, month_start, solved_tickets
           from marts.agent_monthly_tickets where solved_tickets > 0""",
    )
    assert facts == {month: (count,) for month, count in solved.items()}
    assert evidence(ticket_desk, "csat") == satisfied


def test_first_contact_resolution_recounts(ticket_desk, tickets):
    window = timedelta(days=7)
    as_of = max(ticket["changed"] for ticket in tickets)
    of_customer = defaultdict(list)
    for ticket in tickets:
        of_customer[ticket["Customer_ID"], ticket["Issue_Type"]].append(ticket)

    counted = []
    for contacts in of_customer.values():
        contacts.sort(key=lambda ticket: (ticket["created"], ticket["Ticket_ID"]))
        for number, contact in enumerate(contacts):
            end = contact["created"] + window
            is_repeat = (
                number > 0 and contact["created"] <= contacts[number - 1]["created"] + window
            )
            if contact["is_solved"] and not is_repeat and end <= as_of:
                month = (contact["Agent_ID"], contact["created"].date().replace(day=1))
                is_repeated = any(later["created"] <= end for later in contacts[number + 1 :])
                counted.append((month, (not is_repeated, 1)))

    assert evidence(ticket_desk, "first_contact_resolution") == summed(counted)


def test_tickets_before_the_hire_are_facts_but_no_eligible_days(ticket_desk, tickets, hired):
    early = [row for row in tickets if row["created"].date() < hired[row["Agent_ID"]]]
    assert len(early) == 1_249

    before = {
        month: value
        for month, value in evidence(ticket_desk, "csat").items()
        if month[1] < hired[month[0]].replace(day=1)
    }
    solved_before = Counter(
        row["month"]
        for row in tickets
        if row["is_solved"] and row["month"][1] < hired[row["Agent_ID"]].replace(day=1)
    )
    assert {month: value[1] for month, value in before.items()} == solved_before
    assert len(before) > 200

    # The workload counts eligible days only; its scorecard ends with 2024.
    on_duty = sum(
        row["is_solved"] and hired[row["Agent_ID"]] <= row["changed"].date() < date(2025, 1, 1)
        for row in tickets
    )
    assert sum(value[0] for value in evidence(ticket_desk, "workload").values()) == on_duty


def test_agents_are_appraised_from_their_hire_on(ticket_desk, hired):
    months = [date(year, month, 1) for year in (2022, 2023, 2024) for month in range(1, 13)]
    assert set(rows(ticket_desk, "select employee_id, month_start from marts.employee_months")) == {
        (agent, month)
        for agent, first_day in hired.items()
        for month in months
        if month >= first_day.replace(day=1)
    }


def test_scores_stand_where_enough_is_known(ticket_desk):
    statuses = defaultdict(set)
    for year, status, reason, covered, score in rows(
        ticket_desk,
        """select appraisal_year, status, status_reason, weight_covered, annual_score
           from marts.annual_scorecards""",
    ):
        statuses[year].add((status, reason))
        if status != "not_eligible":
            assert (status == "insufficient_data") == (covered < Decimal("0.6"))
        assert (score is not None) == (status in ("final", "provisional"))

    short = ("insufficient_data", "weight_covered_below_minimum")
    joined_late = ("not_eligible", "eligible_days_below_minimum")
    # As-of is 5 January 2025: the year's last contacts are still in their week.
    assert statuses == {
        2022: {("final", None), short, joined_late},
        2023: {("final", None), short, joined_late},
        2024: {("provisional", "windows_still_open"), short},
    }


# The seeds in place of the package's own


@pytest.mark.parametrize("name", [CALLS, TICKETS])
def test_seeds_have_the_columns_of_those_they_replace(name):
    seeds = sorted((ROOT / "examples" / name / "seeds").glob("*/*.csv"))
    assert seeds
    for seed in seeds:
        with seed.open(newline="") as own, (PLAN / seed.name).open(newline="") as replaced:
            own_rows, replaced_rows = list(csv.reader(own)), list(csv.reader(replaced))
        assert own_rows[0] == replaced_rows[0], seed
        if seed.name == "parameters.csv":
            assert [row[0] for row in own_rows] == [row[0] for row in replaced_rows], seed
