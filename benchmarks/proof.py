"""Measure how long the test suite takes."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.results import Result
from flask_service_extensions.rendering import ROOT
from tests.baking import clean_environment
from tests.variants import OPTIONS, valid_products

STATIC_SECONDS, COLD_MINUTES, WARM_MINUTES = 30, 8, 1


def measure() -> list[Result]:
    """Run what `make test` runs: its static checks, then everything, twice."""
    products = len(valid_products(OPTIONS))
    with TemporaryDirectory() as folder:
        static = seconds_of("tests/test_static_checks.py", Path(folder) / "static")
        cold, warm = (seconds_of("tests", Path(folder) / "all") / 60 for _ in range(2))
    return [
        Result(
            what=f"static checks of {products} products",
            measured=f"{static:.0f} s, {products / static * 60:.0f} a minute",
            aim=f"under {STATIC_SECONDS} s",
            met=static < STATIC_SECONDS,
        ),
        Result(
            what="`make test`, nothing remembered",
            measured=f"{cold:.1f} min",
            aim=f"under {COLD_MINUTES} min on 2 cores",
            met=cold < COLD_MINUTES,
        ),
        Result(
            what="`make test`, nothing changed",
            measured=f"{warm:.1f} min",
            aim=f"under {WARM_MINUTES} min on 2 cores",
            met=warm < WARM_MINUTES,
        ),
    ]


def seconds_of(tests: str, ledger: Path) -> float:
    """Run tests on two processes and return how long that takes."""
    command = [sys.executable, "-m", "pytest", "-n", "2", f"--ledger={ledger}", tests]
    started = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - started
