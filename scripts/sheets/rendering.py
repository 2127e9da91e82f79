"""Sheets as HTML, and the same HTML as PDF."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

import jinja2
import yaml

from scripts.sheets import formatting
from scripts.sheets.reading import Names, Row

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")


@functools.cache
def labels() -> dict[str, Mapping[str, str]]:
    return yaml.safe_load((HERE / "labels.yml").read_text(encoding="utf-8"))


def words(language: str) -> dict[str, str]:
    return {label: texts[language] for label, texts in labels().items()}


class Renderer:
    """Renders in one language what was read from one source."""

    def __init__(self, language: str, names: Names, about: Row) -> None:
        self.language = language
        self.names = names
        self.words = words(language)
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
        )
        environment.filters |= {
            "number": formatting.number,
            "percent": formatting.percent,
            "count": formatting.count,
            "points": formatting.points,
            "possible": formatting.possible,
            "instant": formatting.instant,
            "spark": formatting.spark,
            "measured": functools.partial(formatting.measured, language=language),
            "day_of_year": functools.partial(formatting.day_of_year, language=language),
            "day": functools.partial(formatting.day, language=language),
        }
        environment.globals |= {
            "language": language,
            "words": self.words,
            "named": self.named,
            **about,
        }
        self.environment = environment

    def named(self, subject: str, key: str) -> str:
        """The plan's name of a thing; its id, if the plan has it no longer."""
        both = self.names.get((subject, key), (key, key))
        return both[LANGUAGES.index(self.language)]

    def reason(self, sheet: Row) -> str:
        """Why there is no result, or no final one."""
        reason = sheet["status_reason"]
        if reason and reason.startswith("blocked_by_"):
            metric = self.named("metric", reason.removeprefix("blocked_by_"))
            return " ".join([self.words["blocked_by"], metric])
        return self.words.get(reason, reason) if reason else ""

    def sheet(self, sheet: Row) -> str:
        return self.environment.get_template("sheet.html.jinja").render(
            sheet=sheet,
            reason=self.reason(sheet),
            several=len({each["scorecard_id"] for each in sheet["dimensions"]}) > 1,
        )

    def index(self, year: int, rows: Iterable[tuple[Row, list[tuple[str, str]]]]) -> str:
        """All sheets of the year as a list; each with its links, as text and path."""
        template = self.environment.get_template("index.html.jinja")
        return template.render(year=year, rows=rows, reason=self.reason)
