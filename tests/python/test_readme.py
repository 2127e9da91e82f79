"""What the README says a reader can do, done exactly as written: one build of a changed copy."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from helpers.project import EXPORTS, PARTS, ROOT, Project, rows_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
TRAINER = "E019"  # an agent all year, who becomes the trainer of the example
UNPIVOTED = "models/intermediate/int_metrics_unpivoted.sql"


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def appended(path: Path, row: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def change_a_weight(plan: Path) -> None:
    weights = plan / "metric_weights.csv"
    replaced(weights, "agent,work_performance,csat,0.35,", "agent,work_performance,csat,0.30,")


def add_a_metric(root: Path, plan: Path) -> None:
    written = code(section("Add a metric"))
    [entry] = [span for span in written if span.startswith("'answer_share':")]
    [described] = [span for span in written if span.startswith("answer_share,")]
    [target] = [span for span in written if span.startswith("agent,answer_share,")]
    fact = "    'agent_monthly_calls': {\n"
    replaced(root / UNPIVOTED, fact, f"{fact}        {entry}\n")
    appended(plan / "metrics.csv", described)
    appended(plan / "standard_targets.csv", target)
    row = "agent,work_performance,answer_share,0.05,redistribute,default"
    appended(plan / "metric_weights.csv", row)


def add_a_role(plan: Path) -> None:
    for line in section("Add a role").splitlines():
        if line.startswith("| `"):
            file, *rows = code(line)
            for row in rows:
                appended(plan / file, row)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project with a changed weight, one metric and one role more, built."""
    folder = tmp_path_factory.mktemp("changed")
    root, exports = folder / "project", folder / "exports"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("python"))
    for file in ROOT.glob("*.yml"):
        shutil.copyfile(file, root / file.name)
    shutil.copytree(EXPORTS, exports)
    plan = root / "seeds" / "plan"
    change_a_weight(plan)
    add_a_metric(root, plan)
    add_a_role(plan)
    positions = exports / "positions" / "positions.csv"
    replaced(positions, f"{TRAINER},agent,", f"{TRAINER},trainer,")
    project = Project(folder=folder / "built", exports=exports, root=root).parsed()
    outcome = project.dbt("build", "--exclude-resource-type", "unit_test")
    assert outcome.succeeded, outcome.told()
    # Those of the one model whose SQL is another; the others prove what they proved before.
    outcome = project.dbt("test", "--select", f"{Path(UNPIVOTED).stem},test_type:unit")
    assert outcome.succeeded and outcome.statuses, outcome.told()
    return project


def test_a_changed_weight_is_the_weight_of_the_scores(changed: Project) -> None:
    with changed.connect() as connection:
        weights = rows_of(
            connection,
            "select distinct nominal_weight from marts.monthly_metric_scores"
            " where scorecard_id = 'agent' and metric_id = 'csat'",
        )
    assert [float(row["nominal_weight"]) for row in weights] == [0.12]


def test_a_new_metric_is_measured_and_scored(changed: Project) -> None:
    with changed.connect() as connection:
        [row] = rows_of(
            connection,
            """
            select
                count(*) as months,
                bool_and(metric_value = round(numerator / denominator, 6)) as is_share,
                sum(numerator) as answered
            from marts.monthly_metrics where metric_id = 'answer_share'
            """,
        )
        [legs] = rows_of(
            connection,
            "select sum(answered_legs) as answered from marts.agent_monthly_calls"
            " inner join marts.employees using (employee_id) where offered_legs > 0",
        )
        [scored] = rows_of(
            connection,
            "select count(contribution) as contributions from marts.monthly_metric_scores"
            " where metric_id = 'answer_share'",
        )
    assert row["months"] > 500 and row["is_share"] and row["answered"] == legs["answered"]
    assert scored["contributions"] > 400


def test_a_new_role_has_a_scorecard(changed: Project) -> None:
    with changed.connect() as connection:
        rows = rows_of(
            connection,
            "select employee_id, count(*) as months from marts.monthly_scorecards"
            " where scorecard_id = 'trainer' and role_id = 'trainer' group by employee_id",
        )
    assert rows == [{"employee_id": TRAINER, "months": 13}]


def test_every_command_of_the_readme_is_a_target_or_a_script() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\bmake ([a-z]+)", "\n".join(code(README) + blocks))
    assert {"build", "nightly", "sheets"} <= set(targets)
    for target in targets:
        assert f"\n{target}:" in makefile, f"make {target} is in the README only"
    for module in re.findall(r"python -m (scripts\.\w+)", README):
        assert (ROOT / f"{module.replace('.', '/')}.py").exists()


def test_every_file_that_the_readme_names_exists() -> None:
    for name in re.findall(r"`((?:docs|seeds|models|examples|tests)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), f"the README names {name}, which is not there"
