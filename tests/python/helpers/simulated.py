"""The command line of the example's generator, which simulates each department once."""

from __future__ import annotations

from functools import lru_cache

import pytest

from scripts import generate_example
from scripts.generate_example.clock import Settings
from scripts.generate_example.people import Department
from scripts.generate_example.simulation import simulate
from scripts.generate_example.tables import Exports


@lru_cache(maxsize=2)
def simulated(seed: int, year: int, agents: int) -> tuple[Department, Exports]:
    """They are only read by what writes them down, in whichever layout."""
    return simulate(Settings(seed, year, agents))


def generate(*arguments: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            generate_example,
            "simulate",
            lambda settings: simulated(settings.seed, settings.year, settings.agents),
        )
        assert generate_example.main(list(arguments)) == 0
