"""The interview sheets: what they say is what the marts hold, in both languages, on one page."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import duckdb
import pypdf
import pytest
import yaml
from conftest import Warehouse
from helpers.project import ROOT, changed_environment, rows_of

from scripts import publish
from scripts.sheets import command, formatting, pdf, reading, rendering

YEAR = 2025
WITHOUT_PDF = pdf.problem()
needs_pdf = pytest.mark.skipif(WITHOUT_PDF is not None, reason=WITHOUT_PDF or "")

# Two scorecards in one year; a personal target and long words; gaps, training and coaching; a
# reviewer who was absent; a supervisor; a QA specialist; nobody's evidence.
FULLEST = ["E012", "E015", "E034", "E052", "E003", "E008", "E055"]

Sheet = dict[str, Any]
Run = Callable[..., int]


@pytest.fixture(scope="module")
def environment(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the year's sheets; nothing is published."""
    folder = tmp_path_factory.mktemp("sheets")
    values = {
        "SCORECARD_DUCKDB": str(warehouse.database),
        "SCORECARD_EXPORTS": str(warehouse.exports),
        "SCORECARD_PUBLISHED": str(folder / "published"),
        "SCORECARD_SHEETS": str(folder / "sheets"),
    }
    with changed_environment(values):
        yield folder / "sheets" / str(YEAR)


@pytest.fixture(scope="module")
def written(environment: Path) -> Path:
    """Everybody's sheet as HTML."""
    assert command.main(["--year", str(YEAR), "--format", "html"]) == 0
    return environment


@pytest.fixture(scope="module")
def read(environment: Path) -> tuple[list[Sheet], reading.Names]:
    with reading.Source() as source:
        return reading.sheets(source, YEAR, None), reading.names(source)


@pytest.fixture(scope="module")
def sheets(read: tuple[list[Sheet], reading.Names]) -> dict[str, Sheet]:
    return {sheet["employee_id"]: sheet for sheet in read[0]}


@pytest.fixture(scope="module")
def render(read: tuple[list[Sheet], reading.Names]) -> Callable[[Sheet, str], str]:
    about = {"build_id": None, "as_of_at": datetime(2026, 1, 31, tzinfo=UTC)}
    renderers = {
        language: rendering.Renderer(language, read[1], about) for language in rendering.LANGUAGES
    }
    return lambda sheet, language: renderers[language].sheet(sheet)


def text_of(html: str) -> str:
    """What a reader sees: no styles, single spaces."""
    parts: list[str] = []

    class Parser(HTMLParser):
        is_style = False

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.is_style = tag == "style"

        def handle_data(self, data: str) -> None:
            if not self.is_style:
                parts.append(data)

    Parser().feed(html)
    return " ".join("".join(parts).split())


def points_of(html: str) -> list[Decimal]:
    """The points of the metrics and the reviews, as they are printed."""
    printed = re.findall(r'points">(-?\d+\.\d\d)<small>(\d{4})</small></td>', html)
    return [Decimal(read + rest) for read, rest in printed]


# What is written


def test_every_annual_scorecard_has_a_sheet_in_each_language(
    written: Path, warehouse: Warehouse
) -> None:
    with warehouse.connect() as connection:
        people = rows_of(
            connection,
            f"select employee_id from marts.annual_scorecards where appraisal_year = {YEAR}",
        )
    expected = {f"{row['employee_id']}.html" for row in people}
    assert len(expected) > 50
    for language in rendering.LANGUAGES:
        assert {file.name for file in (written / language).iterdir()} == expected


def test_the_points_of_a_sheet_sum_to_the_published_score(
    written: Path, sheets: dict[str, Sheet]
) -> None:
    scored = [sheet for sheet in sheets.values() if sheet["published_score"] is not None]
    assert len(scored) > 50
    for sheet in scored:
        printed = []
        for language in rendering.LANGUAGES:
            html = (written / language / f"{sheet['employee_id']}.html").read_text("utf-8")
            total = sum(points_of(html), Decimal(0))
            assert total == sheet["annual_score"]
            rounded = total.quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert f'class="score"><b>{rounded}</b>' in html
            assert rounded == sheet["published_score"]
            printed.append(points_of(html))
        assert printed[0] == printed[1]


def test_every_link_of_the_index_leads_to_a_file(written: Path, sheets: dict[str, Sheet]) -> None:
    index = (written / "index.html").read_text("utf-8")
    links = re.findall(r'href="([^"]+)"', index)
    assert len(links) == 2 * len(sheets)
    assert all((written / unquote(link)).exists() for link in links)
    words = text_of(index)
    for sheet in sheets.values():
        assert sheet["employee_id"] in words and str(sheet["published_score"] or "–") in words


def test_sheets_of_people_who_have_none_any_more_are_removed(written: Path) -> None:
    old = [written / "en" / "E999.html", written / "zh" / "E999.html"]
    kept = [written / "notes.html", written / "zh" / "E053.pdf", written / "zh" / "E053 x.html"]
    for file in [*old, *kept]:
        file.write_text("", encoding="utf-8")
    with (written / command.NOTE).open("a") as note:
        note.write("\nen/E999.html\nzh/E999.html\nzh/E053.pdf")
    assert command.main(["--year", str(YEAR), "--format", "html"]) == 0
    assert [file.exists() for file in [*old, *kept]] == [False, False, True, True, True]
    for file in kept:
        file.unlink()


def test_only_what_was_written_here_is_removed(tmp_path: Path) -> None:
    """A signed copy that HR puts beside the sheets is HR's."""
    renderer = SimpleNamespace(language="en", sheet=str, index=lambda *_: "")
    writer = command.Writer(tmp_path, (renderer,), ("html",))
    signed = tmp_path / "en" / "E1 signed.html"

    def write(*people: str) -> list[str]:
        sheets = [{"employee_id": person} for person in people]
        writer.begin(sheets)
        for sheet in sheets:
            writer.write(sheet)
        signed.touch()
        writer.finish(sheets, YEAR)
        return sorted(file.name for file in signed.parent.iterdir())

    assert write("E1", "E2") == ["E1 signed.html", "E1.html", "E2.html"]
    assert write("E1") == ["E1 signed.html", "E1.html"]
    # What HR calls so later is not ours, either.
    (signed.parent / "E2.html").touch()
    assert write("E1") == ["E1 signed.html", "E1.html", "E2.html"]


def test_a_system_that_tells_no_processors_has_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sched_getaffinity")
    assert command.processors() >= 1


def test_one_person_is_written_alone(
    environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with changed_environment({"SCORECARD_SHEETS": str(tmp_path)}):
        asked = ["--year", str(YEAR), "--format", "html", "--employee", "E053", "--language", "zh"]
        assert command.main(asked) == 0
    files = [str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()]
    assert sorted(files) == [f"{YEAR}/{command.NOTE}", f"{YEAR}/zh/E053.html"]
    assert "Wrote 1 sheet (zh) as HTML" in capsys.readouterr().out


def test_the_published_build_is_read_if_there_is_one(
    warehouse: Warehouse, environment: Path, tmp_path: Path
) -> None:
    with warehouse.connect() as connection:
        names = [
            row["table_name"]
            for row in rows_of(
                connection,
                "select table_name from information_schema.tables where table_schema = 'marts'"
                " and table_name not in ('metric_records', 'contacts')",
            )
        ]
    build = publish.Build(
        build_id="000007-20260131T200000Z",
        build_number=7,
        started_at=datetime(2026, 1, 31, 20),
        as_of_at=datetime(2026, 1, 31, 12, 45),
        git_commit=None,
        git_is_dirty=None,
        project_version="0",
        dbt_version="0",
        duckdb_version="0",
    )
    published = tmp_path / "published"
    marts = [publish.Mart(name, "", {}) for name in sorted(names)]
    folder = publish.write(published, warehouse.database, marts, build, [])
    publish.place(published, folder, build.build_id)
    publish.make_ready(published, build.build_id)
    publish.make_current(published)
    values = {
        "SCORECARD_PUBLISHED": str(published),
        "SCORECARD_DUCKDB": str(tmp_path / "none.duckdb"),
        "SCORECARD_SHEETS": str(tmp_path / "sheets"),
    }
    with changed_environment(values):
        assert command.main(["--year", str(YEAR), "--format", "html", "--employee", "E053"]) == 0
    html = (tmp_path / "sheets" / str(YEAR) / "en" / "E053.html").read_text("utf-8")
    assert "published build 000007-20260131T200000Z" in text_of(html)
    assert "records up to 2026-01-31 12:45 UTC" in text_of(html)


# What a sheet says


def test_a_sheet_without_a_score_says_why(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    for language, status, reason in (
        ("en", "Insufficient data", "Too little of the weight rests on evidence"),
        ("zh", "数据不足", "有数据的权重过低"),
    ):
        html = render(sheets["E055"], language)
        assert status in text_of(html) and reason in text_of(html)
        assert points_of(html) == [] and 'class="score"' not in html


def test_every_status_and_reason_has_words(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        found = rows_of(
            connection, "select distinct status, status_reason from marts.annual_scorecards"
        )
    for language in rendering.LANGUAGES:
        words = rendering.words(language)
        for row in found:
            assert row["status"] in words
            assert row["status_reason"] is None or row["status_reason"] in words


def test_a_blocking_metric_is_named(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    sheet = sheets["E055"] | {"status_reason": "blocked_by_csat"}
    assert "has no evidence: Customer satisfaction" in text_of(render(sheet, "en"))
    assert "必须考核的指标没有数据： 客户满意度" in text_of(render(sheet, "zh"))


def test_an_absent_reviewer_is_named_and_the_others_carry_the_share(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    words = text_of(render(sheets["E052"], "en"))
    assert "Direct supervisor absent" in words
    assert re.search(r"Department head \d+\.\d \(60 %\) · Self-assessment \d+\.\d \(40 %\)", words)


def test_ratings_that_changed_after_closing_are_not_shown_as_those_that_counted(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    sheet = copy.deepcopy(sheets["E034"])
    reviewers = text_of(render(sheet, "en")).count("Self-assessment")
    for review in sheet["dimensions"][0]["reviews"]:
        review["is_as_counted"] = False
    words = text_of(render(sheet, "en"))
    assert words.count("ratings that changed since then do not count") == 1
    assert words.count("Self-assessment") == reviewers - 1


def test_the_deadline_of_an_objection_is_a_working_day_counted_from_the_publication(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    # Published on Monday, 26 January 2026: five working days later.
    assert sheets["E053"]["published_on"] == date(2026, 1, 26)
    assert "until 2 Feb 2026." in text_of(render(sheets["E053"], "en"))
    assert "2026年2月2日" in text_of(render(sheets["E053"], "zh"))
    assert "once the result is published" in text_of(
        render(sheets["E053"] | {"filing_due_on": None}, "en")
    )


def test_a_personal_target_is_marked(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    assert "* 87.0 %" in text_of(render(sheets["E015"], "en"))
    assert "* personal target" in text_of(render(sheets["E015"], "en"))
    assert "personal target" not in text_of(render(sheets["E034"], "en"))


def test_the_final_grade_says_what_it_rests_on(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    decided = [each for each in sheets.values() if each["final_grade_basis"] == "committee"]
    assert decided
    for sheet in decided:
        words = text_of(render(sheet, "en"))
        assert f"decided by the committee: {sheet['committee_reason']}" in words
        assert f"Grade {sheet['final_grade_id']}" in words.replace("Grade", "Grade ")
        if sheet["final_grade_id"] != sheet["grade_id"]:
            assert f"(Grade by the score: {sheet['grade_id']})" in words
    [capped] = [each for each in sheets.values() if each["final_grade_basis"] == "conduct_cap"]
    assert f"Grade capped: {capped['grade_cap_reason']}" in text_of(render(capped, "en"))
    violations = capped["grade_cap_reason"].rpartition(": ")[2]
    assert f"等级受限： 违反保密规定者不得评为优秀：{violations}" in text_of(render(capped, "zh"))


def test_coaching_shows_both_samples_and_claims_no_cause(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    sheet = sheets["E034"]
    latest = sheet["coaching"][0]
    words = text_of(render(sheet, "en"))
    before = f"{100 * latest['before_value']:.1f} % ({latest['before_denominator']:.0f})"
    after = f"{100 * latest['after_value']:.1f} % ({latest['after_denominator']:.0f})"
    assert f"{before} → {after}" in words
    assert f"The latest 4 of {latest['sessions']}." in words and "it proves no cause" in words


def test_strengths_gaps_and_courses_are_those_of_the_marts(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str], warehouse: Warehouse
) -> None:
    with warehouse.connect() as connection:
        gaps = rows_of(
            connection,
            f"""
            select name_zh, points_lost from marts.annual_strengths_and_gaps
            inner join plan.metrics using (metric_id)
            where employee_id = 'E034' and appraisal_year = {YEAR} and assessment = 'gap'
            order by points_lost desc limit 4
            """,
        )
        courses = rows_of(
            connection,
            "select course_name_zh from marts.training_proposals"
            f" where employee_id = 'E034' and appraisal_year = {YEAR} and course_rank <= 4",
        )
    words = text_of(render(sheets["E034"], "zh"))
    assert len(gaps) == 4 and len(courses) == 4
    for gap in gaps:
        assert f"−{gap['points_lost']:.2f}{gap['name_zh']}" in words
    assert all(course["course_name_zh"] in words for course in courses)


def test_data_is_escaped(sheets: dict[str, Sheet], read: tuple[list[Sheet], reading.Names]) -> None:
    hostile = "<script>alert('1')</script> & \"Co\" {{ 1 }}"
    sheet = sheets["E034"] | {
        "full_name": hostile,
        "team_id": hostile,
        "final_grade_basis": "committee",
        "committee_reason": hostile,
    }
    about = {"build_id": hostile, "as_of_at": None}
    renderer = rendering.Renderer("en", read[1], about)
    for html in (renderer.sheet(sheet), renderer.index(YEAR, [(sheet, [(hostile, hostile)])])):
        assert "<script" not in html
        assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#34;Co&#34; {{ 1 }}" in html


def test_a_file_is_named_after_any_id() -> None:
    def name(employee_id: str) -> str:
        return command.file_name({"employee_id": employee_id}, "pdf")

    assert name("E053") == "E053.pdf" and name("客服-7.a") == "客服-7.a.pdf"
    assert name("../E 1%") == "..%2FE%201%25.pdf"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        ("0.9105", "share", "91.0 %", "91.0 %"),
        ("1.242798", "ratio", "124.3 %", "124.3 %"),
        ("10.668421", "seconds", "11 s", "11 秒"),
        ("99.6", "seconds", "1:40 min", "1 分 40 秒"),
        ("388.5", "seconds", "6:28 min", "6 分 28 秒"),
        ("18.829023", "business minutes", "18.8 min", "18.8 分钟"),
        ("0.285714", "leavers per member-year", "28.6 % a year", "每年 28.6 %"),
        ("7.125", "points", "7.12", "7.12"),
    ],
)
def test_a_value_is_shown_in_its_unit(value: str, unit: str, english: str, chinese: str) -> None:
    assert formatting.measured(Decimal(value), unit, "en") == english
    assert formatting.measured(Decimal(value), unit, "zh") == chinese
    assert formatting.measured(None, unit, "en") == formatting.MISSING


def test_a_month_without_a_score_breaks_the_line() -> None:
    scores = {1: Decimal(100), 2: Decimal(50), 4: Decimal(0), 5: None, 6: Decimal(120)}
    assert formatting.spark(scores) == ["0,0.0 9,10.0", "27,20.0", "45,0.0"]


def test_every_label_is_used_and_has_both_languages() -> None:
    here = Path(rendering.__file__).parent
    labels = yaml.safe_load((here / "labels.yml").read_text("utf-8"))
    templates = "".join(file.read_text("utf-8") for file in here.glob("*.jinja"))
    in_code = (here / "rendering.py").read_text("utf-8")
    indirect = re.compile(
        r"basis_(score|conduct_cap|committee)|final|provisional|insufficient_data|not_eligible"
        r"|employee|supervisor|head|left_before_year_end|eligible_days_below_minimum"
        r"|no_scored_month|weight_covered_below_minimum|windows_still_open"
    )
    for label, texts in labels.items():
        assert sorted(texts) == ["en", "zh"] and all(texts.values()), label
        used = re.search(rf"words\.{label}\b", templates) or f'words["{label}"]' in in_code
        assert used or indirect.fullmatch(label), f"{label} is used nowhere"


# What goes wrong


def failing(capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert command.main(list(given)) == 1
    return capsys.readouterr().err.strip()


def test_a_year_without_scorecards_names_those_there_are(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = failing(capsys, "--year", "2019", "--format", "html")
    assert said == "There are no scorecards of 2019; there are those of 2024, 2025, 2026."


def test_an_unknown_employee_is_told_who_there_is(
    environment: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = failing(capsys, "--year", str(YEAR), "--format", "html", "--employee", "X1")
    assert said == f"X1 has no scorecard of {YEAR}; there are E002, E003, E004, …"


def test_without_a_warehouse_it_says_how_to_build_one(
    environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with changed_environment({"SCORECARD_DUCKDB": str(tmp_path / "none.duckdb")}):
        said = failing(capsys, "--year", str(YEAR), "--format", "html")
    assert said == "There is no warehouse at none.duckdb yet. Build it first: make build"


def test_a_published_build_from_before_is_told_to_be_built_anew(
    environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = tmp_path / "builds" / "000001-20250101T000000Z"
    build.mkdir(parents=True)
    with duckdb.connect(str(build / publish.DATABASE)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.build as select 'b' as build_id, null as as_of_at")
    (tmp_path / "current").symlink_to(f"builds/{build.name}")
    with changed_environment({"SCORECARD_PUBLISHED": str(tmp_path)}):
        said = failing(capsys, "--year", str(YEAR), "--format", "html")
    assert said.endswith("Publish anew (make nightly).")


def test_what_pdf_needs_and_is_missing_is_named(
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(pdf, "missing_library", lambda: "the library Pango")
    said = failing(capsys, "--year", str(YEAR), "--format", "pdf")
    assert said.startswith("PDF needs the library Pango. On Debian or Ubuntu: apt-get install lib")
    monkeypatch.setenv("SCORECARD_SHEETS", str(tmp_path))
    assert command.main(["--year", str(YEAR), "--employee", "E053"]) == 0
    assert capsys.readouterr().out.startswith("HTML alone: PDF needs the library Pango.")
    assert {file.suffix for file in tmp_path.rglob("[!.]*.*")} == {".html"}


@needs_pdf
def test_a_missing_library_or_font_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.text import ffi

    assert pdf.missing_library() is None and pdf.missing_font() is None
    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    assert pdf.missing_library() == "the library HarfBuzz-Subset"
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    assert pdf.missing_font() == "Fontconfig's fc-list"
    monkeypatch.setattr(pdf.shutil, "which", lambda _: "true")
    assert pdf.missing_font() == "a font with Chinese characters"


# PDF


@needs_pdf
def test_the_fullest_sheets_fit_on_one_page(
    sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    for employee_id in FULLEST:
        written = pdf.written(render(sheets[employee_id], "en"))
        assert len(pypdf.PdfReader(io.BytesIO(written)).pages) == 1, employee_id


@needs_pdf
@pytest.mark.parametrize("language", rendering.LANGUAGES)
def test_a_pdf_says_the_same_and_embeds_its_fonts(
    language: str, sheets: dict[str, Sheet], render: Callable[[Sheet, str], str]
) -> None:
    sheet = sheets["E053"]
    document = pypdf.PdfReader(io.BytesIO(pdf.written(render(sheet, language))))
    [page] = document.pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    words = page.extract_text()
    assert str(sheet["published_score"]) in words
    expected = {
        "en": ["Customer satisfaction", "Qualified"],
        "zh": ["客户满意度", "工作业绩", "合格"],
    }
    assert all(label in words for label in [*expected[language], sheet["full_name"].split()[0]])
    fonts = page["/Resources"]["/Font"]
    assert fonts
    for font in fonts.values():
        [descendant] = font.get_object()["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
    assert document.metadata.title.endswith(f"E053 {sheet['full_name']}")
    assert document.trailer["/Root"]["/Lang"] == language


def test_the_picture_in_the_readme_is_small() -> None:
    picture = ROOT / "docs" / "interview_sheet.png"
    assert 20_000 < picture.stat().st_size < 200_000
