"""The made-up exports of any size: the same for the same arguments, and as the contract asks."""

from pathlib import Path

import duckdb
import pytest
import yaml

from scripts.generate_exports import main
from scripts.generate_exports.writing import ROOT, TIMES, Generator, contract, months
from scripts.generate_exports.writing import nights as nights_from

NIGHTS = 4
# The first month, and those around a new year, with its goals and reviews.
PARTS = [months()[number] for number in (0, 10, 11, 12, 13)]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("history")
    generator = Generator(PARTS, size=0.1)
    for part in PARTS:
        generator.write(part, out)
    return out


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("nights")
    assert main(["--out", str(out), "--size", "0.4", "--nights", str(NIGHTS)]) == 0
    return out


def files_of(out: Path, night: str = "*") -> dict[str, bytes]:
    return {
        str(file.relative_to(out)): file.read_bytes()
        for file in out.glob(f"*/load_date={night}/*.parquet")
    }


def rows_of(out: Path, table: str) -> str:
    return f"read_parquet('{out}/{table}/*/*.parquet', hive_partitioning = true)"


def ask(question: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'Asia/Shanghai'")
        return connection.execute(question).fetchall()


def test_the_same_arguments_give_the_same_bytes_on_any_number_of_threads(history, tmp_path):
    Generator(PARTS[2:3], size=0.1, threads=1).write(PARTS[2], tmp_path)
    assert files_of(tmp_path) == files_of(history, str(PARTS[2].end)) != {}


def test_a_night_alone_is_the_night_of_a_series(nights, tmp_path):
    assert (
        main(["--out", str(tmp_path), "--size", "0.4", "--nights", "1", "--from-night", "3"]) == 0
    )
    assert files_of(tmp_path) == files_of(nights, "2026-01-04") != {}


def test_months_and_nights_land_the_day_after_and_leave_no_gap():
    parts = [*months(), *nights_from(1, 3)]
    assert [part.end for part in parts[:-1]] == [part.first for part in parts[1:]]
    assert (len(months()), str(parts[0].end), str(parts[-1].end)) == (
        24,
        "2024-02-01",
        "2026-01-04",
    )


@pytest.mark.parametrize("table", contract(), ids=lambda table: table.name)
def test_columns_and_types_are_those_of_the_contract(history, table):
    described = ask(f"describe select * exclude (load_date) from {rows_of(history, table.name)}")
    kinds = {"varchar": "VARCHAR", "timestamptz": "TIMESTAMP WITH TIME ZONE"}
    kinds["decimal(18, 4)"] = "DECIMAL(18,4)"
    expected = {name: kinds.get(kind, kind.upper()) for name, kind in table.columns.items()}
    assert {name: kind for name, kind, *_ in described} == expected


def faults_of(table: dict, rows: str) -> list[tuple]:
    """Reasons of the contract for which rows would be rejected, with their number."""
    meta = table["config"]["meta"]
    reasons = {rule["reason"]: rule["when"] for rule in meta.get("rules", [])}
    for column in table["columns"]:
        name, asked = column["name"], column.get("config", {}).get("meta", {})
        if asked.get("required") or name in meta["key"]:
            reasons[f"{name} is missing"] = f"{name} is null"
        if "accepted_values" in asked:
            reasons[f"{name} is unknown"] = f"not {name} in {tuple(asked['accepted_values'])}"
        for bound, sign in {"minimum": "<", "maximum": ">", "above": "<="}.items():
            if bound in asked:
                reasons[f"{name} breaks its {bound}"] = f"{name} {sign} {asked[bound]}"
    counts = ", ".join(f"count(*) filter ({when})" for when in reasons.values())
    version = [meta["version"]] if "version" in meta else []
    keys = ", ".join([*meta["key"], *version, "load_date"])
    repeated = f"select count(*) from (select 1 from {rows} group by {keys} having count(*) > 1)"
    numbers = ask(f"select {counts}, ({repeated}) from {rows}")[0]
    return [pair for pair in zip([*reasons, "repeated"], numbers, strict=True) if pair[1]]


def test_no_row_breaks_a_rule_of_the_contract(history, nights):
    sources = [
        yaml.safe_load(file.read_text()) for file in ROOT.glob("models/staging/*/*sources.yml")
    ]
    tables = [table for file in sources for source in file["sources"] for table in source["tables"]]
    assert len(tables) == 23
    for table in tables:
        for out in (history, nights):
            if (out / table["name"]).exists():
                assert faults_of(table, rows_of(out, table["name"])) == [], table["name"]


@pytest.mark.parametrize("table", TIMES)
def test_some_records_come_later_than_their_day(nights, table):
    late = f"cast({TIMES[table]} as date) < load_date - 1"
    counted = ask(f"select count(*) filter ({late}), count(*) from {rows_of(nights, table)}")
    assert 0 < counted[0][0] < counted[0][1]


def test_tickets_come_again_with_later_versions(nights):
    tickets = rows_of(nights, "tickets")
    older = f"select count(*) from {tickets} where cast(created_at as date) < load_date - 1"
    assert ask(older)[0][0] > 20
    again = f"select 1 from {tickets} group by ticket_id having count(distinct updated_at) > 1"
    assert ask(f"select count(*) from ({again})")[0][0] > 20


def test_answers_change_and_reviews_lose_their_standing(history):
    responses, reviews = (
        rows_of(history, "survey_responses"),
        rows_of(history, "quality_review_items"),
    )
    changed = f"select 1 from {responses} group by response_id having count(distinct score) > 1"
    assert ask(f"select count(*) from ({changed})")[0][0] > 5
    changed = f"select 1 from {reviews} group by review_id having count(distinct status) > 1"
    assert ask(f"select count(*) from ({changed})")[0][0] > 0


def test_calls_have_legs_on_both_sides_of_midnight_and_of_the_month_edge(history):
    legs = rows_of(history, "call_legs")
    edges = "count(distinct cast(ended_at as date)) > 1 and count(distinct load_date) > 1"
    crossing = f"select 1 from {legs} group by call_id having {edges}"
    assert ask(f"select count(*) from ({crossing})")[0][0] > 0


def test_dirty_adds_broken_rows_and_leaves_the_good_ones(nights, tmp_path):
    arguments = ["--out", str(tmp_path), "--size", "0.4", "--nights", str(NIGHTS)]
    assert main([*arguments, "--dirty", "0.1"]) == 0
    for table in TIMES:
        clean, dirty = rows_of(nights, table), rows_of(tmp_path, table)
        assert ask(f"select count(*) from (from {clean} except all from {dirty})") == [(0,)]
        added = f"(from {dirty} except all from {clean})"
        key = next(table_ for table_ in contract() if table_.name == table).key[0]
        kinds = ask(
            f"select count(*) filter ({key} like 'BAD%'), count(*) filter ({key} is null), "
            f"count(*) filter ({key} not like 'BAD%') from {added}"
        )[0]
        assert all(kinds), table


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--size", "0"], "--size 0 is not between"),
        (["--nights", "0"], "nights 1 to 0"),
        (["--nights", "9", "--from-night", "360"], "they count from 1 to 365"),
        (["--from-night", "3"], "--from-night needs --nights"),
        (["--dirty", "2"], "--dirty 2 is not a share"),
    ],
)
def test_wrong_arguments_are_refused_in_a_sentence(arguments, complaint, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["--out", str(tmp_path), *arguments])
    assert complaint in capsys.readouterr().err


def test_history_is_not_written_over_other_exports(history, capsys):
    with pytest.raises(SystemExit):
        main(["--out", str(history), "--size", "0.01"])
    assert "already holds exports" in capsys.readouterr().err
