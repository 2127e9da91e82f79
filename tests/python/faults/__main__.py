"""Try every fault on real nightly runs, while readers read; print what came of it.

    make faults        (or, in tests/python: python -m faults --kills 50 --seed 1)

A night is right when its publication holds what a build from nothing makes of the same exports,
to the row, in the DuckDB file, in the Parquet files and in PostgreSQL. Exits with 1 when a night
was not right, or a reader met an error or a mixed state.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from helpers import postgres as servers
from rich.console import Console

from faults import readers as looking
from faults.stage import (
    FIRST,
    HISTORY,
    SECOND,
    SWAPPING,
    WRITING,
    Ended,
    Stage,
    clean_build,
    exports_until,
    garble,
    lay_out,
    mounted,
    remount,
)
from scripts import publish

LIBFAKETIME = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")]
ANEW = "Everything is built anew"
READING_PAUSE = 0.5  # seconds; a night needs the processor, too
IN_A_ROW = 3  # nights killed one after the other
SWAP_SECONDS = 0.05  # what commit and link take, and some


@dataclass
class Tried:
    """A fault, and what came of it."""

    fault: str
    times: int = 0
    rows_lost: int = 0
    nights: int = 0  # run afterwards, without a fault
    right: int = 0
    notes: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Campaign:
    """Two states of the exports, what they come to, and working files to start the nights from."""

    def __init__(self, folder: Path, dsn: str, seed: int, console: Console) -> None:
        self.folder, self.dsn, self.console = folder, dsn, console
        self.rng = random.Random(seed)
        # A link: nights add to what they read before only if it is where it was.
        self.exports = folder / "exports"
        self.expected: dict[str, publish.Manifest] = {}
        self.tried: list[Tried] = []
        self.seen: list[looking.Seen] = []

    def say(self, sentence: str) -> None:
        self.console.print(sentence, markup=False, soft_wrap=True)

    def prepare(self) -> None:
        """Build the exports of each night from nothing, and measure a night."""
        self.say("Preparing: what each night's exports come to when built from nothing …")
        lay_out(self.folder / "all")
        before = None
        for night in (HISTORY, FIRST, SECOND):
            exports_until(self.folder / night, self.folder / "all", night)
            self.bring(night)
            clean = self.folder / "clean" / night
            self.expected[night] = clean_build(clean, self.exports, before)
            before = clean
        self.stage = self.staged(self.folder / "stage", self.dsn)
        self.plain = self.night(self.stage, SECOND)
        wrong = self.wrong_with(self.stage, SECOND)
        if self.plain.code or wrong:
            told = "\n".join([self.plain.said, *wrong])
            raise SystemExit(f"A night without any fault is wrong:\n{told}")
        if ANEW in self.plain.said:
            raise SystemExit(f"A night does not add to the one before:\n{self.plain.said}")
        self.say(f"A night takes {self.plain.seconds:.1f} s.")

    def staged(self, folder: Path, dsn: str = "") -> Stage:
        """A stage with the history published; its working file is that of the clean build."""
        stage = Stage(folder, self.exports, dsn)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.folder / "clean" / HISTORY / "target", folder / "target")
        self.restore(stage, HISTORY)
        self.bring(HISTORY)
        ended = stage.run()
        if ended.code:
            raise SystemExit(f"A night without any fault fails:\n{ended.said}")
        return stage

    def restore(self, stage: Stage, night: str) -> None:
        """The working file as it was after a night."""
        for file in stage.folder.glob("warehouse.duckdb*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        shutil.copyfile(self.folder / "clean" / night / "warehouse.duckdb", stage.working)

    def bring(self, name: str) -> None:
        """Let the exports be those of a night, or what was made of them."""
        self.exports.unlink(missing_ok=True)
        self.exports.symlink_to(self.folder / name)

    def set_up(self, stage: Stage, night: str) -> None:
        """The morning before a night: the working file as it was left, the exports as they came."""
        self.restore(stage, {FIRST: HISTORY, SECOND: FIRST}[night])
        self.bring(night)

    def night(self, stage: Stage, night: str, **how: object) -> Ended:
        """A night after the one before, on the working file of that."""
        self.set_up(stage, night)
        return stage.run(**how)

    def other(self, stage: Stage) -> str:
        """The night whose publication differs from what readers see now."""
        shown = stage.current()["content_hash"]
        return FIRST if shown != self.expected[FIRST]["content_hash"] else SECOND

    def wrong_with(self, stage: Stage, night: str) -> list[str]:
        """How the publication differs from what it must be after a night."""
        found = stage.problems()
        shown, expected = stage.current(), self.expected[night]
        for name in expected["tables"].keys() - set(publish.ABOUT):
            if name not in shown["tables"]:
                found.append(f"{name} is not published.")
            elif shown["tables"][name]["content_hash"] != expected["tables"][name]["content_hash"]:
                found.append(f"{name} is not what a build from nothing makes of it.")
        return found

    def rows_lost(self, stage: Stage, night: str) -> int:
        shown, expected = stage.current()["tables"], self.expected[night]["tables"]
        return sum(
            max(0, table["rows"] - shown.get(name, {"rows": 0})["rows"])
            for name, table in expected.items()
            if name not in publish.ABOUT
        )

    def whole(self, stage: Stage, tried: Tried, shown_before: str) -> None:
        """After a fault: readers see the build before, or this one, and all of it."""
        shown = stage.current()["build_id"]
        newest = publish.builds(stage.published)[-1].name
        if shown not in (shown_before, newest):
            tried.wrong.append(f"after the fault, {shown} was current")
        tried.wrong += publish.verify(publish.current(stage.published))

    def next_night(self, stage: Stage, night: str, tried: Tried, **how: object) -> None:
        """Run the night again, without a fault, and hold it to what it must be."""
        ended = stage.run(**how)
        tried.nights += 1
        if ended.code:
            tried.wrong.append(f"the next night failed: {ended.said}")
            return
        wrong = self.wrong_with(stage, night)
        tried.wrong += wrong
        tried.rows_lost += self.rows_lost(stage, night)
        tried.right += not wrong

    @contextlib.contextmanager
    def trying(self, fault: str) -> Iterator[Tried]:
        tried = Tried(fault)
        began = time.monotonic()
        try:
            yield tried
        finally:
            self.tried.append(tried)
            self.say(
                f"{fault}: tried {tried.times} times, {tried.right} of {tried.nights} next nights"
                f" right ({time.monotonic() - began:.0f} s). {dict(tried.notes) or ''}"
            )
            for sentence in tried.wrong:
                self.say(f"  WRONG: {sentence}")

    @contextlib.contextmanager
    def watched(self, stage: Stage) -> Iterator[None]:
        with looking.readers(stage.published, stage.dsn, READING_PAUSE) as seen:
            yield
        self.seen += seen

    # The faults

    def kill(self, times: int) -> None:
        """Kill -9: half of the times anywhere, the others while it writes, and at the swap.

        Some in a row, each on what the one before left; then a night may end.
        """
        stage, night = self.stage, ""
        with self.trying("kill -9") as tried:
            while tried.times < times:
                if self.other(stage) != night:
                    night = self.other(stage)
                    self.set_up(stage, night)
                shown = stage.current()["build_id"]
                line, seconds = self.moment(tried.times)
                ended = stage.run(kill_after=self.rng.uniform(0, seconds), counting_from=line)
                if ended.code == 0:
                    continue  # it was faster than we were
                tried.times += 1
                tried.notes[ended.phase] += 1
                self.say(f"  {tried.times}: after {ended.seconds:.1f} s: {ended.phase}")
                self.whole(stage, tried, shown)
                if tried.times % IN_A_ROW == 0 or tried.times == times:
                    self.next_night(stage, night, tried)

    def moment(self, number: int) -> tuple[str, float]:
        """What a night has said when it is killed, and how much later that may be."""
        if number % 2 == 0:
            tenths = ["", *(f" {tenth}0 %" for tenth in range(1, 10)), "100 %"]
            return self.rng.choice(tenths), self.plain.seconds / len(tenths)
        if number % 4 == 1:
            return WRITING, self.plain.seconds - self.plain.second_of(WRITING)
        return SWAPPING if self.stage.dsn else WRITING, SWAP_SECONDS

    def two_at_once(self) -> None:
        stage = self.stage
        for module, name in (
            ("scripts.nightly", "two nights at once"),
            ("scripts.build", "make build during a night"),
        ):
            with self.trying(name) as tried:
                for pause in (0.0, 10.0):
                    night = self.other(stage)
                    self.set_up(stage, night)
                    one = stage.start()
                    time.sleep(pause)
                    other = stage.start(module=module)
                    other_said, _ = other.communicate()
                    one_said, _ = one.communicate()
                    tried.times += 1
                    codes = sorted([one.returncode, other.returncode])
                    tried.notes[f"exit codes {codes}"] += 1
                    # Started at the same instant, either may be the first.
                    if codes != [0, 3]:
                        tried.wrong.append(f"exit codes {codes}: {one_said} {other_said}")
                    self.next_night(stage, night, tried)

    def clock_set_back(self) -> None:
        if not LIBFAKETIME:
            self.say("The clock set back: not tried, Debian's faketime is not installed.")
            return
        clock = {
            "LD_PRELOAD": str(LIBFAKETIME[0]),
            "FAKETIME": "-400d",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        stage = self.stage
        with self.trying("clock set back by 400 days") as tried:
            for _ in range(2):
                night = self.other(stage)
                self.set_up(stage, night)
                number = stage.current()["build_number"]
                self.next_night(stage, night, tried, environment=clock)
                tried.times += 1
                tried.notes[f"dated {stage.current()['started_at'][:4]}"] += 1
                if stage.current()["build_number"] <= number:
                    tried.wrong.append("the build does not come after the one before")
                night = self.other(stage)
                self.set_up(stage, night)
                self.next_night(stage, night, tried)
                tried.times += 1
                tried.notes["and forward again"] += 1

    def broken_exports(self) -> None:
        """Exports that must stop a night, each mended for the next."""
        self.spoil("a truncated Parquet file", truncate_parquet, "survey_responses.parquet", 3)
        self.spoil("a column vanishes overnight", drop_column, "score", 2)
        self.spoil("a night of garbage (a data test fails)", add_garbage, "few_rows", 2)
        with self.trying("a new column appears overnight") as tried:
            night = self.other(self.stage)
            self.set_up(self.stage, night)
            self.spoil_exports(night, add_column)
            tried.times += 1
            self.next_night(self.stage, night, tried)

    def spoil_exports(self, night: str, spoil: Callable[[Path, random.Random], None]) -> None:
        """Bring a copy of a night's exports whose newest survey file is spoilt."""
        exports = self.folder / "spoilt"
        shutil.rmtree(exports, ignore_errors=True)
        shutil.copytree(self.folder / night, exports)
        folder = exports / "survey_responses" / f"load_date={night}"
        spoil(folder / "survey_responses.csv", self.rng)
        self.bring(exports.name)

    def spoil(
        self, fault: str, spoil: Callable[[Path, random.Random], None], named: str, times: int
    ) -> None:
        stage = self.stage
        with self.trying(fault) as tried:
            for _ in range(times):
                night, shown = self.other(stage), stage.current()["build_id"]
                self.set_up(stage, night)
                self.spoil_exports(night, spoil)
                ended = stage.run()
                tried.times += 1
                if ended.code != 1 or named not in ended.said or "Traceback" in ended.said:
                    tried.wrong.append(f"exit code {ended.code}: {ended.said}")
                self.whole(stage, tried, shown)
                if stage.current()["build_id"] != shown:
                    tried.wrong.append("it was published")
                # Mended in place, as the exporting side would.
                self.bring(night)
                self.next_night(stage, night, tried)

    def broken_working_file(self) -> None:
        stage = self.stage
        with self.trying("the working file garbled") as tried:
            for _ in range(2):
                night = self.other(stage)
                self.set_up(stage, night)
                garble(stage.working, self.rng)
                tried.times += 1
                self.next_night(stage, night, tried)
                if not stage.working.with_name("warehouse.duckdb.unreadable").exists():
                    tried.notes["not noticed, not needed"] += 1

    def disk(self) -> None:
        """A disk of our own, that is full, and then can only be read."""
        folder = self.folder / "disk"
        with mounted(folder, 400) as may_mount:
            if not may_mount:
                self.say("Full and read-only disks: not tried, this user may not mount any.")
                return
            stage = self.staged(folder / "stage")
            with self.watched(stage):
                self.full_disk(stage, folder / "ballast")
                self.read_only(stage, folder)

    def full_disk(self, stage: Stage, ballast: Path) -> None:
        with self.trying("disk full") as tried:
            for left in (0, 2_000_000, 6_000_000, 12_000_000, 30_000_000):
                night, shown = self.other(stage), stage.current()["build_id"]
                self.set_up(stage, night)
                free = shutil.disk_usage(stage.folder).free
                with ballast.open("wb") as file:
                    file.write(bytes(max(0, free - left)))
                ended = stage.run()
                tried.times += 1
                tried.notes[f"{ended.phase}: exit code {ended.code}"] += 1
                if ended.code not in (0, 1) or "Traceback" in ended.said:
                    tried.wrong.append(f"exit code {ended.code}: {ended.said}")
                self.whole(stage, tried, shown)
                ballast.unlink()
                self.next_night(stage, night, tried)

    def read_only(self, stage: Stage, folder: Path) -> None:
        with self.trying("read-only folders") as tried:
            for _ in range(2):
                night, shown = self.other(stage), stage.current()["build_id"]
                self.set_up(stage, night)
                remount(folder, "ro")
                ended = stage.run()
                remount(folder, "rw")
                tried.times += 1
                if ended.code != 1 or "Traceback" in ended.said:
                    tried.wrong.append(f"exit code {ended.code}: {ended.said}")
                self.whole(stage, tried, shown)
                self.next_night(stage, night, tried)

    # The result

    def table(self, head: list[str], rows: list[list[object]]) -> None:
        """Print a table in Markdown, as docs/nightly.md shows it."""
        self.say("")
        for row in [head, ["---", *["---:"] * (len(head) - 1)], *rows]:
            self.say(f"| {' | '.join(map(str, row))} |")

    def show(self) -> bool:
        """Print the tables; says whether all is well."""
        self.table(
            ["fault", "times", "next nights right", "rows lost"],
            [
                [tried.fault, tried.times, f"{tried.right} of {tried.nights}", tried.rows_lost]
                for tried in self.tried
            ],
        )
        self.table(
            ["reader", "reads", "builds seen", "errors", "mixed states", "slowest read, s"],
            [
                [
                    kind,
                    *[
                        f"{sum(getattr(seen, name) for seen in self.seen if seen.kind == kind):,}"
                        for name in ("reads", "builds", "errors", "mixed")
                    ],
                    f"{max(seen.slowest for seen in self.seen if seen.kind == kind):.2f}",
                ]
                for kind in dict.fromkeys(seen.kind for seen in self.seen)
            ],
        )
        for seen in self.seen:
            for sentence in seen.told:
                self.say(f"{seen.kind}: {sentence}")
        return not any(tried.wrong for tried in self.tried) and not any(
            seen.errors or seen.mixed for seen in self.seen
        )


# Ways to spoil an export


def truncate_parquet(file: Path, rng: random.Random) -> None:
    parquet = file.with_suffix(".parquet")
    with duckdb.connect() as connection:
        connection.execute(f"copy (from read_csv('{file}', all_varchar = true)) to '{parquet}'")
    content = parquet.read_bytes()
    parquet.write_bytes(content[: rng.randrange(1, len(content))])
    file.unlink()


def drop_column(file: Path, rng: random.Random) -> None:
    header, rows = file.read_bytes().split(b"\n", 1)
    file.write_bytes(header.replace(b"score,", b"points,") + b"\n" + rows)


def add_column(file: Path, rng: random.Random) -> None:
    header, *rows = file.read_bytes().removesuffix(b"\n").split(b"\n")
    lines = [header.rstrip(b"\r") + b",mood", *(row.rstrip(b"\r") + b",good" for row in rows)]
    file.write_bytes(b"\n".join(lines) + b"\n")


def add_garbage(file: Path, rng: random.Random) -> None:
    columns = file.read_bytes().split(b"\n", 1)[0].count(b",")
    rows = [b"R%d,x%s" % (number, b"," * (columns - 1)) for number in range(5000)]
    file.write_bytes(file.read_bytes() + b"\n".join(rows) + b"\n")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50, help="nights to kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="faults whose name in the program holds this")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    console = Console(highlight=False, width=110)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        dsn = stack.enter_context(servers.server()) if servers.is_installed() else ""
        campaign = Campaign(folder, dsn, given.seed, console)
        campaign.prepare()
        faults = {
            "kill": lambda: campaign.kill(given.kills),
            "two": campaign.two_at_once,
            "clock": campaign.clock_set_back,
            "exports": campaign.broken_exports,
            "working": campaign.broken_working_file,
        }
        with campaign.watched(campaign.stage), contextlib.suppress(KeyboardInterrupt):
            for name, run in faults.items():
                if not given.only or given.only in name:
                    run()
        if not given.only or given.only in "disk":
            campaign.disk()
        return 0 if campaign.show() else 1


if __name__ == "__main__":
    sys.exit(main())
