"""Write a year's sheets for the appraisal interview, one A4 page for each employee.

    python -m scripts.sheets --year 2025
    python -m scripts.sheets --year 2025 --employee E053 --format pdf --language zh

They are written as `<year>/<language>/<employee_id>.html` and `.pdf` into the folder `sheets`
(`$SCORECARD_SHEETS`), with an `index.html` of the year. Whoever is in this build no longer has no
sheet after it; files that were not written so stay.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from scripts import warehouse
from scripts.explain import year_of
from scripts.sheets import pdf, reading
from scripts.sheets.reading import Names, Problem, Row
from scripts.sheets.rendering import LANGUAGES, Renderer

FORMATS = ("html", "pdf")
# Below this many people, starting processes takes longer than they save.
FEW = 10
# Names of the sheets in a folder that were written here: others are somebody else's.
NOTE = ".sheets"


@dataclass(frozen=True)
class Writer:
    """Writes sheets to one folder, in the languages and formats asked for."""

    folder: Path
    renderers: tuple[Renderer, ...]
    formats: tuple[str, ...]

    def write(self, sheet: Row) -> None:
        for renderer in self.renderers:
            html = renderer.sheet(sheet)
            for form in self.formats:
                content = html.encode() if form == "html" else pdf.written(html)
                self.place(f"{renderer.language}/{file_name(sheet, form)}", content)

    def place(self, name: str, content: bytes) -> None:
        """Write a file so that it is there as a whole or not at all."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(content)
        new.replace(path)

    def links(self, sheet: Row) -> list[tuple[str, str]]:
        """What to call the files of a sheet, and their names."""
        return [
            (f"{renderer.language} {form}", f"{renderer.language}/{file_name(sheet, form)}")
            for renderer in self.renderers
            for form in self.formats
        ]

    def begin(self, sheets: list[Row]) -> None:
        """Note what will be written: only that is ever removed."""
        self.note(self.noted() | {name for sheet in sheets for _, name in self.links(sheet)})

    def finish(self, sheets: list[Row], year: int) -> None:
        """Write the index, and remove the sheets of people who have none any more."""
        links = [self.links(sheet) for sheet in sheets]
        index = self.renderers[0].index(year, zip(sheets, links, strict=True))
        self.place("index.html", index.encode())
        written = {name for row in links for _, name in row}
        kinds = {
            (renderer.language, f".{form}") for renderer in self.renderers for form in self.formats
        }
        noted = self.noted()
        for name in noted - written:
            if (Path(name).parent.name, Path(name).suffix) in kinds:
                (self.folder / name).unlink(missing_ok=True)
                noted.remove(name)
        self.note(noted)

    def noted(self) -> set[str]:
        """The sheets that this run or an earlier one wrote, in all languages and formats."""
        note = self.folder / NOTE
        return set(note.read_text(encoding="utf-8").splitlines()) if note.exists() else set()

    def note(self, names: set[str]) -> None:
        self.place(NOTE, "\n".join(sorted(names)).encode())


def file_name(sheet: Row, form: str) -> str:
    """An id is any text; a file name must not hold a slash."""
    safe = re.sub(r"[^\w.-]", lambda found: f"%{ord(found[0]):02X}", sheet["employee_id"])
    return f"{safe}.{form}"


WRITER: Writer


def start(folder: Path, languages: tuple[str, ...], formats: tuple[str, ...], *about) -> None:
    """Make the writer of this process: templates and fonts are read once."""
    global WRITER
    renderers = tuple(Renderer(language, *about) for language in languages)
    WRITER = Writer(folder, renderers, formats)


def start_process(*writing) -> None:
    """Leave it to the first process to be interrupted: it waits for the sheets begun."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start(*writing)


def write(sheet: Row) -> None:
    WRITER.write(sheet)


def processors() -> int:
    """Those that this process may use, where the system tells (macOS does not)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def written(sheets: list[Row], writing: tuple) -> Iterator[None]:
    """Write the sheets, on all processors if there are many."""
    start(*writing)
    WRITER.begin(sheets)
    if len(sheets) < FEW:
        yield from map(write, sheets)
        return
    pool = ProcessPoolExecutor(
        max_workers=processors(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=start_process,
        initargs=writing,
    )
    try:
        yield from pool.map(write, sheets, chunksize=4)
    finally:
        pool.shutdown(cancel_futures=True)


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Write the sheets for the appraisal interviews of a year.", prog="sheets"
    )
    parser.add_argument("--year", type=year_of, required=True, help="such as 2025")
    parser.add_argument("--employee", metavar="EMPLOYEE_ID", help="one person; else everybody")
    parser.add_argument(
        "--format",
        choices=[*FORMATS, "both"],
        help="default: both, or html where a library that PDF needs is missing",
    )
    parser.add_argument("--language", choices=[*LANGUAGES, "both"], default="both")
    return parser.parse_args(given)


def formats_of(asked: str | None, console: Console) -> tuple[str, ...]:
    if asked == "html":
        return ("html",)
    if problem := pdf.problem():
        if asked:
            raise Problem(problem)
        console.print(f"HTML alone: {problem}", soft_wrap=True)
        return ("html",)
    return FORMATS if asked in (None, "both") else (asked,)


def folder_of(year: date) -> Path:
    root = warehouse.PROJECT / warehouse.setting("SCORECARD_SHEETS", "sheets")
    return root / str(year.year)


def run(given: argparse.Namespace, console: Console) -> None:
    formats = formats_of(given.format, console)
    languages = LANGUAGES if given.language == "both" else (given.language,)
    folder = folder_of(given.year)
    with reading.Source() as source:
        sheets = reading.sheets(source, given.year.year, given.employee)
        names: Names = reading.names(source)
        about = {"build_id": source.build_id, "as_of_at": source.as_of_at}
    began = time.monotonic()
    writing = (folder, languages, formats, names, about)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        for _ in progress.track(
            written(sheets, writing), total=len(sheets), description="Writing sheets"
        ):
            pass
    if not given.employee:
        WRITER.finish(sheets, given.year.year)
    seconds = time.monotonic() - began
    count = len(sheets) * len(languages)
    shown = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    console.print(
        f"Wrote {count:,} {'sheet' if count == 1 else 'sheets'} ({' and '.join(languages)}) as"
        f" {' and '.join(form.upper() for form in formats)} in {seconds:.0f} s,"
        f" from {source.described}.",
        soft_wrap=True,
    )
    first = (
        f"{languages[0]}/{file_name(sheets[0], formats[-1])}" if given.employee else "index.html"
    )
    console.print(f"Next: open {shown / first}", soft_wrap=True)


def main(given: list[str] | None = None) -> int:
    console = Console(highlight=False)
    try:
        run(arguments(given), console)
    except KeyboardInterrupt:
        print("Interrupted: the sheets written so far are whole.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error}. The sheets go to the folder that SCORECARD_SHEETS names.", file=sys.stderr)
        return 1
    except (Problem, BrokenExecutor, duckdb.Error) as error:
        print(warehouse.first_line(error), file=sys.stderr)
        return 1
    return 0
