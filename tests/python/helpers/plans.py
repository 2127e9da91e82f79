"""Plans that differ from the example's: copies of the seeds, and the same in a built database."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from helpers.project import PLAN

Row = dict[str, str]


@dataclass(frozen=True)
class PlanFolder:
    """A folder of seeds; `rows` of a seed are read, changed in place and written back."""

    folder: Path

    @classmethod
    def copied(cls, folder: Path) -> PlanFolder:
        shutil.copytree(PLAN, folder)
        return cls(folder)

    def rows(self, seed: str) -> list[Row]:
        with (self.folder / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, seed: str, rows: list[Row]) -> None:
        with (self.folder / f"{seed}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, seed: str, where: Row, **values: str) -> None:
        """Set columns of the rows that have these values; of all rows for an empty `where`."""
        rows = self.rows(seed)
        changed = [row for row in rows if where.items() <= row.items()]
        assert changed, f"{seed} has no row with {where}"
        for row in changed:
            row.update(values)
        self.write(seed, rows)

    def add_copies(self, seed: str, where: Row, **values: str) -> None:
        """Add copies of rows, with columns of their own."""
        rows = self.rows(seed)
        copies = [{**row, **values} for row in rows if where.items() <= row.items()]
        self.write(seed, rows + copies)

    def load(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put every seed in the place of the one that was built."""
        for file in sorted(self.folder.glob("*.csv")):
            connection.execute(f"delete from plan.{file.stem}")
            connection.execute(
                f"insert into plan.{file.stem} by name"
                f" from read_csv('{file}', header = true, all_varchar = true)"
            )
