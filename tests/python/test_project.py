"""What holds for the project as text: layers, contracts, descriptions, names."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from conftest import Warehouse
from dbt.jsonschemas.jsonschemas import CustomDraft7Validator, project_schema, resources_schema
from helpers.project import PLAN, ROOT

Node = dict[str, Any]

# What the models of a layer may read. Facts are read by the intermediate models that turn them
# into metrics, and nobody reads scorecards but scorecards and what explains them.
READS = {
    "base": {"source", "base"},
    "staging": {"base"},
    "intermediate": {"staging", "intermediate", "facts", "seed"},
    "facts": {"staging", "intermediate", "facts", "seed"},
    "scorecards": {"intermediate", "scorecards", "seed"},
    "outcomes": {"staging", "intermediate", "facts", "scorecards", "outcomes", "seed"},
    "process": {"staging", "intermediate", "facts", "process", "seed"},
    # A restatement names the records that metric_records lists.
    "audit": {"base", "staging", "intermediate", "facts", "scorecards", "audit", "seed"},
}
# Counts what the exports themselves hold, to hold the models to it; and what was built from.
READS_EXPORTS = {"export_row_counts", "int_build_state"}
# What was published is a source: dbt reads it, and no model can empty it.
READS_PUBLISHED = re.compile(
    r"int_.*_standing|int_versions_due|int_periods_closed|int_scores_restated"
)
# The streamed exports are read in place, past what is set aside: what a night has to know.
STREAMED = {"ticket_events", "tickets", "call_legs", "survey_responses", "quality_review_items"}
READS_SET_ASIDE = {"int_records_touched", "int_months_touched", "int_export_days"}


def layer_of(node: Node) -> str:
    parts = Path(node["original_file_path"]).parts
    if node["resource_type"] in ("seed", "source"):
        return node["resource_type"]
    if parts[1] == "marts":
        return parts[2]
    return "base" if "base" in parts else parts[1]


@pytest.fixture(scope="module")
def nodes(warehouse: Warehouse) -> dict[str, Node]:
    return warehouse.compiled.nodes


@pytest.fixture(scope="module")
def models(nodes: dict[str, Node]) -> list[Node]:
    return [node for node in nodes.values() if node["resource_type"] == "model"]


@pytest.fixture(scope="module")
def relations(nodes: dict[str, Node]) -> list[Node]:
    return [node for node in nodes.values() if node["resource_type"] in ("model", "seed")]


def yaml_files() -> list[Path]:
    folders = ("analyses", "macros", "models", "seeds", "tests")
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.yml"))


# YAML


@pytest.mark.parametrize("file", yaml_files(), ids=lambda file: file.name)
def test_properties_follow_the_schema_of_dbt(file: Path):
    """dbt itself looks for misplaced keys only in projects of four other databases."""
    properties = yaml.safe_load(file.read_text(encoding="utf-8"))
    errors = CustomDraft7Validator(resources_schema()).iter_errors(properties)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_project_file_follows_the_schema_of_dbt():
    text = (ROOT / "dbt_project.yml").read_text(encoding="utf-8")
    # The schema knows no Jinja where it lists words, and no strategies but dbt's own.
    for key, value in (("incremental_strategy", "append"), ("materialized", "table")):
        text = re.sub(rf'(\+{key}: )"{{{{.*}}}}"', rf"\1{value}", text)
    project = yaml.safe_load(text)
    errors = CustomDraft7Validator(project_schema()).iter_errors(project)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_a_misplaced_key_breaks_the_schema():
    misplaced = {"models": [{"name": "a", "materialized": "table"}]}
    assert not CustomDraft7Validator(resources_schema()).is_valid(misplaced)


# Layers


def test_models_read_only_the_layers_below(models: list[Node], nodes: dict[str, Node]):
    wrong = []
    for model in models:
        for parent in model["depends_on"]["nodes"]:
            layer = "source" if parent.startswith("source.") else layer_of(nodes[parent])
            allowed = READS[layer_of(model)]
            if layer == "source" and model["name"] in READS_EXPORTS:
                continue
            if layer == "source" and model["name"].partition("__")[2] in STREAMED:
                continue
            if parent.startswith("source.service_scorecards.published.") and (
                layer_of(model) == "audit" or READS_PUBLISHED.fullmatch(model["name"])
            ):
                continue
            if layer == "base" and model["name"] in READS_SET_ASIDE:
                continue
            if parent.endswith("base_helpdesk__ticket_versions"):
                continue
            # The state is written after everything that a night adds to.
            if model["name"] == "int_build_state":
                continue
            if layer not in allowed:
                wrong.append(f"{model['name']} ({layer_of(model)}) reads {parent} ({layer})")
    assert not wrong, "\n".join(wrong)


def test_the_state_is_written_after_all_that_nights_add_to(
    models: list[Node], nodes: dict[str, Node]
):
    """Else a run could break off before one of them, and the next would not know."""
    before, coming = set(), ["model.service_scorecards.int_build_state"]
    while coming:
        parents = {*nodes[coming.pop()]["depends_on"].get("nodes", [])} & nodes.keys()
        coming += parents - before
        before |= parents
    added_to = {
        model["unique_id"] for model in models if model["config"]["materialized"] == "incremental"
    }
    assert len(added_to) > 40
    assert added_to - before == set()


# Marts


def test_marts_have_enforced_contracts_of_described_columns(models: list[Node]):
    wrong = []
    for model in models:
        if model["path"].startswith("marts"):
            if not model["contract"]["enforced"]:
                wrong.append(f"{model['name']}: no contract")
            for column in model["columns"].values():
                if not column["description"].strip() or not column["data_type"]:
                    wrong.append(f"{model['name']}.{column['name']}: no description or type")
    assert not wrong, "\n".join(wrong)


def test_seeds_describe_every_column(nodes: dict[str, Node]):
    wrong = []
    for seed in (node for node in nodes.values() if node["resource_type"] == "seed"):
        with (PLAN / f"{seed['name']}.csv").open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        described = [name for name, each in seed["columns"].items() if each["description"].strip()]
        if header != described or list(seed["config"]["column_types"]) != header:
            wrong.append(seed["name"])
    assert not wrong


# What they decide is kept itself, or is a reading.
DECIDES_NO_SCORE = {
    *("distribution_quotas", "distribution_rules", "grade_caps", "grade_outcomes"),
    *("improvement_plan_milestones", "recognition_rules", "training_courses"),
    "process_steps",
}


def test_the_plan_is_kept_with_what_is_published():
    """Each seed that decides a score, but for the columns that do not."""
    text = (ROOT / "models" / "intermediate" / "int_plan_rows.sql").read_text("utf-8")
    listed = {
        seed: set(re.findall(r"'(\w+)'", columns))
        for seed, columns in re.findall(r"'(\w+)': \[(.*?)\]", text, flags=re.DOTALL)
    }
    assert listed.keys() == {file.stem for file in PLAN.glob("*.csv")} - DECIDES_NO_SCORE
    unseen = {"basis", "name_en", "name_zh", "description", "unit", "attribution", "source"}
    unseen |= {"definition_source", "numerator", "denominator"}
    for seed, columns in listed.items():
        with (PLAN / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            assert columns - unseen == set(next(csv.reader(file))) - unseen, seed


# Grain

# Reviews, dimensions and scorecards have no metric; `is_unique_by` wants all of a key.
NULL_IN_KEY = {"score_explanations", "published_scores", "restatements"}


def grain_of(node: Node) -> list[str]:
    """The columns that name a row; none where the description tells of two kinds of rows."""
    sentence = re.search(r"Grain: one row per ([^.]*)\.", " ".join(node["description"].split()))
    return re.findall(r"`(\w+)`", sentence[1]) if sentence and ";" not in sentence[1] else []


def test_every_relation_says_its_grain(relations: list[Node]):
    silent = [
        node["name"]
        for node in relations
        if not re.search(r"Grain: one row( per |\.)", " ".join(node["description"].split()))
    ]
    assert not silent


def test_the_grain_is_unique_in_every_relation(
    relations: list[Node], connection: duckdb.DuckDBPyConnection
):
    wrong = []
    for node in relations:
        if columns := grain_of(node):
            names = ", ".join(columns)
            repeated = connection.execute(
                f"select {names} from {node['relation_name']} group by {names} having count(*) > 1"
            ).fetchmany(2)
            if repeated:
                wrong.append(f"{node['name']} by {names}: {repeated}")
    assert not wrong, "\n".join(wrong)


# Views with a row for each record: proven where the records are stored, or by their sums.
PROVEN_ELSEWHERE = {
    "stg_helpdesk__tickets": "int_tickets_credited",
    "contacts": "int_contacts_matched",
    "metric_records": "assert_records_add_up_to_the_numerators",
}


def test_staging_marts_and_seeds_prove_their_grain_in_the_build(
    relations: list[Node], nodes: dict[str, Node]
):
    proven = {
        test["attached_node"]: test["test_metadata"]["kwargs"]["columns"]
        for test in nodes.values()
        if (test.get("test_metadata") or {}).get("name") == "is_unique_by"
    }
    unproven = [
        f"{node['name']}: grain {grain_of(node)}, test {proven.get(node['unique_id'])}"
        for node in relations
        if layer_of(node) not in ("base", "intermediate")
        and node["name"] not in NULL_IN_KEY
        and node["name"] not in PROVEN_ELSEWHERE
        and not set(grain_of(node)) <= set(proven.get(node["unique_id"], []))
    ]
    assert not unproven, "\n".join(unproven)


# Names and texts


def test_tests_are_sentences():
    names = [file.stem for file in (ROOT / "tests" / "singular").glob("*.sql")]
    assert [name for name in names if not re.fullmatch(r"assert_[a-z0-9_]{10,}", name)] == []


def test_macros_and_generic_tests_are_described():
    described = {
        macro["name"].removeprefix("test_")
        for file in yaml_files()
        for macro in (yaml.safe_load(file.read_text(encoding="utf-8")).get("macros") or [])
        if macro["description"].strip()
    }
    files = [*(ROOT / "macros").rglob("*.sql"), *(ROOT / "tests" / "generic").glob("*.sql")]
    pattern = re.compile(r"\{%-?\s*(?:macro|test)\s+(?!\w+__)(\w+)")
    defined = {name for file in files for name in pattern.findall(file.read_text("utf-8"))}
    assert sorted(defined - described) == []


def plan_words(seed: str, column: str) -> set[str]:
    with (PLAN / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_the_plan_is_not_written_into_the_sql():
    """Roles, dimensions, curves, grades and numbers of the plan are rows of the seeds.

    Roles and curves share words with relations and facts: there, only comparisons are looked at.
    """
    words = plan_words("dimensions", "dimension_id") | plan_words("grade_bands", "grade_id")
    patterns = {
        "a word of the plan": rf"'(?:{'|'.join(sorted(words))})'",
        "a comparison": r"\b(?:role_id|scorecard_id|curve_id|grade_id)\s*(?:=|!=|in)\s*\(?'",
        "a decimal number": r"(?<![\w.])\d+\.\d+(?![\w.])",
    }
    wrong = []
    for file in sorted((ROOT / "models").rglob("*.sql")):
        text = re.sub(r"--[^\n]*|\{#.*?#\}", "", file.read_text("utf-8"), flags=re.DOTALL)
        for what, pattern in patterns.items():
            wrong += [f"{file.name}: {what}, {found}" for found in re.findall(pattern, text)]
    assert not wrong, "\n".join(wrong)


def test_models_are_plain_sql():
    """Folders configure, and what two engines spell differently is a macro."""
    forbidden = re.compile(r"\{\{\s*config\(|target\.type|adapter\.|run_query")
    files = (ROOT / "models").rglob("*.sql")
    assert [file.name for file in files if forbidden.search(file.read_text("utf-8"))] == []


# What is never done


def test_no_grade_or_outcome_depends_on_the_simulated_distribution(nodes: dict[str, Node]):
    """A report reads it, and the suggestion beside the grade; nothing is computed from these."""

    def readers_of(*names: str) -> set[tuple[str, str]]:
        return {
            (layer_of(node), node["name"])
            for node in nodes.values()
            if node["resource_type"] == "model"
            and {parent.rpartition(".")[2] for parent in node["depends_on"]["nodes"]} & set(names)
        }

    shown = {"grade_distribution", "annual_grades"}
    simulated = {name for _, name in readers_of("grade_distribution_simulation")}
    assert simulated == shown
    computing = {"intermediate", "facts", "scorecards", "outcomes"}
    assert [name for layer, name in readers_of(*shown) if layer in computing] == []


DISMISSAL = re.compile(
    r"dismiss|lay[_ -]?off|\bfir(?:e|ed|ing)\b|redundan|terminat(?!ion_(?:date|reason))"
    r"|eliminat|解雇|解聘|辞退|开除|淘汰|末位",
    re.IGNORECASE,
)


def test_nothing_speaks_of_dismissal(relations: list[Node]):
    """No relation, column or word of the plan; HR's own two columns say who left."""
    names = [name for node in relations for name in (node["name"], *node["columns"])]
    assert [name for name in names if DISMISSAL.search(name)] == []
    files = [*PLAN.glob("*.csv"), *(ROOT / "models" / "marts").rglob("*.sql")]
    assert [file.name for file in files if DISMISSAL.search(file.read_text("utf-8"))] == []


# The repository


@cache
def tracked_files() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_this_machine():
    here = re.compile(
        "|".join(re.escape(str(folder)) + r"(?=[/\s'\"])" for folder in (ROOT, Path.home()))
    )
    wrong = [
        str(file.relative_to(ROOT))
        for file in tracked_files()
        if here.search(file.read_bytes().decode(errors="replace"))
    ]
    assert not wrong


def test_requirements_name_no_package_index():
    """Where packages come from is a matter of the machine: mirrors keep secrets in addresses."""
    address = re.compile(r"--(?:extra-)?index-url|--find-links|\w+://|@ file:")
    for name in ("requirements.txt", "requirements-spark.txt", "pyproject.toml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [line for line in text.splitlines() if address.search(line)] == []


def test_what_a_build_writes_is_ignored():
    written = [
        "warehouse.duckdb",
        "warehouse.duckdb.wal",
        "target/x",
        "logs/x",
        "published/x",
        "spark/x",
    ]
    tracked_files()
    for name in written:
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert ignored.returncode == 0, name
