"""Measure how long the test suite takes."""

import subprocess
import sys
import time

from benchmarks.results import Result
from flask_service_extensions.rendering import ROOT
from tests.baking import clean_environment
from tests.variants import SINGLE_FILE_VARIANTS, VARIANTS

VARIANTS_A_MINUTE = 90
MINUTES = 10


def measure() -> list[Result]:
    """Run what `make test` runs: its static part, then all of it."""
    static = minutes_of("tests/test_static_checks.py")
    everything = minutes_of("tests")
    variants = len(VARIANTS) + len(SINGLE_FILE_VARIANTS)
    return [
        Result(
            what=f"static proof of {variants} variants",
            measured=f"{variants / static:.0f} a minute",
            aim=f"{VARIANTS_A_MINUTE} a minute",
            met=variants / static >= VARIANTS_A_MINUTE,
        ),
        Result(
            what="`make test`",
            measured=f"{everything:.1f} min",
            aim=f"under {MINUTES} min on 2 cores",
            met=everything < MINUTES,
        ),
    ]


def minutes_of(tests: str) -> float:
    """Run tests on two processes and return how long that takes."""
    command = [sys.executable, "-m", "pytest", "-n", "2", tests]
    started = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
    )
    return (time.perf_counter() - started) / 60
