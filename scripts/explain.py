"""Print one employee's scorecard and where every point of it comes from.

    python -m scripts.explain --employee E010 --year 2025
    python -m scripts.explain --employee E010 --month 2025-03
    python -m scripts.explain --employee E010 --month 2025-03 --records csat

Reads the marts of the warehouse, computes nothing: the points shown are the stored contributions,
and they sum to the stored score.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from decimal import Decimal

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts import warehouse
from scripts.sheets.formatting import measured
from scripts.warehouse import rows as many

RECORDS_SHOWN = 50
WIDTH = 100  # columns that the table of points needs


def year_of(text: str) -> date:
    if not (text.isdigit() and len(text) == 4):
        raise argparse.ArgumentTypeError(f"{text!r} is no year; write it like 2025")
    return date(int(text), 1, 1)


def month_of(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no month; write it like 2025-03") from None


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Explain one employee's score, point by point.", prog="explain"
    )
    parser.add_argument("--employee", required=True, help="employee_id")
    period = parser.add_mutually_exclusive_group(required=True)
    period.add_argument("--year", type=year_of, help="a calendar year, such as 2025")
    period.add_argument("--month", type=month_of, help="a month, such as 2025-03")
    parser.add_argument("--records", metavar="METRIC", help="list the records behind a metric")
    return parser.parse_args()


def one(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> dict | None:
    found = many(connection, query, values)
    return found[0] if found else None


def number(value: Decimal | None, places: int = 2) -> str:
    return "·" if value is None else f"{value:.{places}f}"


def reading(value: Decimal | None, unit: str | None) -> str:
    """A metric value in its unit, as the interview sheets have it."""
    return "·" if value is None else measured(value, unit, "en")


def points(rows: list[dict]) -> Decimal | None:
    """What the rows bring together; nothing, where the period has no result."""
    found = [row["contribution"] for row in rows if row["contribution"] is not None]
    return sum(found, Decimal(0)) if found else None


def headline(scorecard: dict, grades: dict[str, str], decision: dict | None) -> str:
    """The score, and the grade that counts: in a year, a cap or the committee may have moved it."""
    if scorecard["published_score"] is None:
        reason = scorecard["status_reason"].replace("_", " ")
        return f"no score: {scorecard['status'].replace('_', ' ')} ({reason})"
    by_score = grades.get(scorecard["grade_id"], "")
    said = f"{scorecard['published_score']} points"
    if decision and decision["final_grade_basis"] in ("conduct_cap", "committee"):
        by = {"conduct_cap": "a cap", "committee": "the committee"}[decision["final_grade_basis"]]
        final = grades.get(decision["final_grade_id"], decision["final_grade_id"])
        return (
            f"{said}, grade {final}, {scorecard['status']}\n"
            f"by {by} ({decision['reason']}); by the score: {by_score}"
        )
    return f"{said}{', grade ' if by_score else ''}{by_score}, {scorecard['status']}"


def points_table(rows: list[dict]) -> Table:
    """One line per metric and review, a subtotal per dimension, the sum at the end."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("Dimension / metric", footer="Sum", min_width=32)
    for name in ("value", "target", "score", "weight %"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("points", justify="right", footer=number(points(rows), 6), no_wrap=True)
    dimensions = list(dict.fromkeys((row["scorecard_id"], row["dimension_id"]) for row in rows))
    for dimension in dimensions:
        own = [row for row in rows if (row["scorecard_id"], row["dimension_id"]) == dimension]
        first = own[0]
        title = f"{first['dimension_name_en']} {first['dimension_name_zh']}"
        if len({scorecard for scorecard, _ in dimensions}) > 1:
            title += f" ({first['scorecard_name_en']})"
        table.add_row(Text(title, "bold"), "", "", "", "", Text(number(points(own)), "bold"))
        for row in own:
            weight = row["effective_weight"]
            table.add_row(
                f"  {row['component_name_en']} {row['component_name_zh']}",
                "" if row["component"] == "review" else reading(row["metric_value"], row["unit"]),
                "" if row["component"] == "review" else reading(row["target_value"], row["unit"]),
                number(row["score"], 1),
                number(None if weight is None else 100 * weight),
                number(row["contribution"]),
            )
    return table


MONTH_RECORDS = """
    with windows as (
        select employee_id, metric_id, month_start, min(pooled_from_month) as first_month
        from marts.monthly_metric_scores
        group by all
    )
    select record_date, record_type, record_id, numerator, denominator
    from marts.metric_records
    inner join windows using (employee_id, metric_id)
    where employee_id = $employee and metric_id = $metric and windows.month_start = $period
        and metric_records.month_start between first_month and windows.month_start
        and (superseded_month is null or superseded_month > windows.month_start)
    order by record_date, record_id
"""
MONTH_NUMERATOR = """
    select max(numerator) as numerator from marts.monthly_metric_scores
    where employee_id = $employee and metric_id = $metric and month_start = $period
"""
# A month under two scorecards is evidence of both.
YEAR_RECORDS = """
    with appraised as (
        select scorecard_id, month_start, max(month_start) over (partition by scorecard_id) as last
        from marts.monthly_metric_scores
        inner join marts.employee_months using (employee_id, month_start, scorecard_id)
        where employee_id = $employee and metric_id = $metric
            and date_trunc('year', month_start) = $period and is_appraised
    )
    select scorecard_id, record_date, record_type, record_id, numerator, denominator
    from marts.metric_records
    inner join appraised using (month_start)
    where employee_id = $employee and metric_id = $metric
        and (superseded_month is null or superseded_month > last)
    order by scorecard_id, record_date, record_id
"""
YEAR_NUMERATOR = """
    select sum(numerator) as numerator from marts.annual_metric_scores
    where employee_id = $employee and metric_id = $metric and appraisal_year = year($period::date)
"""


def show_records(console: Console, connection: duckdb.DuckDBPyConnection, args) -> None:
    """The ids of the records that a metric of the period was made of, by its window."""
    asked = {
        "employee": args.employee,
        "metric": args.records,
        "period": args.month or args.year,
    }
    rows = many(connection, MONTH_RECORDS if args.month else YEAR_RECORDS, asked)
    if not rows:
        known = many(connection, "select metric_id from plan.metrics order by metric_id")
        if args.records not in [row["metric_id"] for row in known]:
            names = ", ".join(row["metric_id"] for row in known)
            sys.exit(f"{args.records} is no metric. The metrics are: {names}")
        sys.exit(f"No records of {args.records} in this period for {args.employee}.")
    scorecards = list(dict.fromkeys(row.get("scorecard_id") for row in rows))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("date", "record", "id"):
        table.add_column(name)
    for name in ("numerator", "denominator"):
        table.add_column(name, justify="right")
    if len(scorecards) > 1:
        table.add_column("scorecard")
    for row in rows[:RECORDS_SHOWN]:
        values = [row["numerator"].normalize(), row["denominator"].normalize()]
        table.add_row(
            str(row["record_date"]),
            row["record_type"],
            row["record_id"],
            *[f"{value:f}" for value in values],
            *([row["scorecard_id"]] if len(scorecards) > 1 else []),
        )
    console.print(table)
    if len(rows) > RECORDS_SHOWN:
        console.print(f"… and {len(rows) - RECORDS_SHOWN} more in marts.metric_records")
    [shown] = many(connection, MONTH_NUMERATOR if args.month else YEAR_NUMERATOR, asked)
    now = sum((row["numerator"] for row in rows), Decimal(0))
    if shown["numerator"] is not None and shown["numerator"] != now:
        console.print(
            f"They come to {now.normalize():f} now; when the period was closed,"
            f" {shown['numerator'].normalize():f} counted. What came later: marts.restatements"
        )


def find_scorecards(connection: duckdb.DuckDBPyConnection, args) -> list[dict]:
    if args.month:
        return many(
            connection,
            "from marts.monthly_scorecards where employee_id = ? and month_start = ?"
            " order by scorecard_id",
            [args.employee, args.month],
        )
    return many(
        connection,
        "from marts.annual_scorecards where employee_id = ? and appraisal_year = ?",
        [args.employee, args.year.year],
    )


def end_without_scorecard(connection: duckdb.DuckDBPyConnection, args) -> None:
    """One sentence that says what there is instead."""
    [months] = many(
        connection,
        "select min(month_start) as first, max(month_start) as last"
        " from marts.monthly_scorecards where employee_id = ?",
        [args.employee],
    )
    if months["first"] is None:
        if one(connection, "from marts.employees where employee_id = ?", args.employee):
            sys.exit(
                f"{args.employee} holds no role with a scorecard, so there is nothing to explain."
            )
        some = many(connection, "select employee_id from marts.employees order by 1 limit 3")
        names = ", ".join(row["employee_id"] for row in some)
        sys.exit(f"Nobody has the employee_id {args.employee}; there are {names}, …")
    sys.exit(
        f"{args.employee} has no scorecard in this period;"
        f" there are months from {months['first']:%Y-%m} to {months['last']:%Y-%m}."
    )


def show_months(console: Console, connection: duckdb.DuckDBPyConnection, args) -> None:
    rows = many(
        connection,
        """
        select month_start, scorecard_id, published_score, status from marts.monthly_scorecards
        where employee_id = ? and date_trunc('year', month_start) = ?
        order by month_start, scorecard_id
        """,
        [args.employee, args.year],
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Months", title_justify="left")
    for row in rows:
        table.add_column(f"{row['month_start']:%b}", justify="right")
    short = {"not_eligible": "n/e", "insufficient_data": "n/d"}
    table.add_row(
        *[
            short.get(row["status"], "")
            if row["published_score"] is None
            else f"{row['published_score']:.1f}"
            for row in rows
        ]
    )
    console.print(table)


def show_scorecard(console: Console, connection: duckdb.DuckDBPyConnection, args, card) -> None:
    """Who, what score, the points one by one, and each of them in words."""
    # Closed periods stay when HR exports somebody no longer, or the plan has lost a role.
    person = one(connection, "from marts.employees where employee_id = ?", args.employee) or {}
    role = one(connection, "from plan.roles where role_id = ?", card["role_id"])
    role = f"{role['name_en']} {role['name_zh']}" if role else card["role_id"]
    bands = many(connection, "from plan.grade_bands order by valid_from")
    grades = {
        band["grade_id"]: f"{band['grade_id']} {band['name_en']} {band['name_zh']}"
        for band in bands
    }
    decision = args.year and one(
        connection,
        """
        select
            final_grade_id,
            final_grade_basis,
            case final_grade_basis when 'committee' then committee_reason else grade_cap_reason end
                as reason
        from marts.annual_grades
        where employee_id = ? and appraisal_year = ?
        """,
        args.employee,
        args.year.year,
    )
    rows = many(
        connection,
        """
        select score_explanations.*
        from marts.score_explanations
        left join plan.dimension_weights using (scorecard_id, dimension_id)
        left join plan.metric_weights using (scorecard_id, dimension_id, metric_id)
        where employee_id = ? and period_type = ? and period_start = ?
            and scorecard_id = coalesce(?, scorecard_id)
        order by
            scorecard_id, dimension_weights.weight desc, dimension_id,
            component, metric_weights.weight desc, metric_id
        """,
        [
            args.employee,
            "month" if args.month else "year",
            args.month or args.year,
            card.get("scorecard_id"),
        ],
    )
    period = f"{args.month:%Y-%m}" if args.month else f"{args.year:%Y}"
    covered = card["weight_covered"]
    name = Text(person.get("full_name") or args.employee, "bold")
    console.print(Text.assemble(name, f" ({args.employee}), {role}, {period}"))
    console.print(headline(card, grades, decision), style="bold")
    console.print(
        f"{card['eligible_days']} eligible days;"
        f" {number(None if covered is None else 100 * covered, 1)} % of the weight has evidence"
    )
    if not rows:
        return
    console.print(points_table(rows))
    if args.year:
        show_months(console, connection, args)
    console.print("In words", style="bold")
    for row in rows:
        console.print(f"  {row['sentence']}")
    asked = f"--month {args.month:%Y-%m}" if args.month else f"--year {args.year:%Y}"
    console.print(
        "\nThe records behind a metric: .venv/bin/python -m scripts.explain"
        f" --employee {args.employee} {asked} --records {rows[-1]['metric_id'] or 'csat'}"
    )


def explain(console: Console, connection: duckdb.DuckDBPyConnection, args) -> None:
    scorecards = find_scorecards(connection, args)
    if not scorecards:
        end_without_scorecard(connection, args)
    if args.records:
        show_records(console, connection, args)
        return
    for card in scorecards:
        show_scorecard(console, connection, args, card)


def main() -> None:
    args = arguments()
    # Names and ids are data: brackets and colons in them are no markup of ours.
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = max(console.width, WIDTH)
    try:
        with warehouse.connect() as connection:
            explain(console, connection, args)
    except duckdb.Error as error:
        sys.exit(
            f"{warehouse.path().name} does not hold what is asked for:"
            f" {warehouse.first_line(error)}\nBuild it anew: make build"
        )


if __name__ == "__main__":
    main()
