"""Measure how long tests take: those of the template, in copies of it, and those of services."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.results import Result
from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.baking import clean_environment
from tests.linked import commit, generate
from tests.made_up_options import MadeUpOption, small_option, template_with
from tests.variants import BAREST, DEFAULTS, OPTIONS, valid_products

STATIC_SECONDS, COLD_MINUTES, WARM_MINUTES, LARGER_MINUTES = 30, 8, 1, 12
MORE_OPTIONS = [
    small_option(name) for name in ("overture", "oratorio", "octet", "nocturne", "motet", "minuet")
]
SUITES = (("default", DEFAULTS, 12), ("barest", BAREST, 5))
DOCUMENT, MODULE = "docs/updating.md", "app/services/posts.py"


def measure() -> Iterator[Result]:
    """Time services' own tests, the static checks, and `make test` in several states."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        template = prepared(folder / "template")
        for suite, answers, limit in SUITES:
            yield suite_result(template, folder / suite, answers, limit)
        yield static_result(minutes_of(template, "--fresh", "tests/test_static_checks.py") * 60)
        yield result("nothing remembered", minutes_of(template, "--fresh"), COLD_MINUTES)
        yield result("nothing changed", minutes_of(template), WARM_MINUTES)
        for path in (DOCUMENT, MODULE):
            change(template / PROJECT_FOLDER / path)
            yield result(f"after a change of `{path}`", minutes_of(template), WARM_MINUTES)
        larger = prepared(folder / "larger", *MORE_OPTIONS)
        what = f"{len(MORE_OPTIONS)} more options, nothing remembered"
        yield result(what, minutes_of(larger), LARGER_MINUTES)


def prepared(folder: Path, *options: MadeUpOption) -> Path:
    """Return a copy of the template in git, after `make setup`."""
    template = template_with(folder, *options)
    (template / ".venv").unlink()
    commit(template)
    run(template, "setup")
    return template


def minutes_of(template: Path, *arguments: str) -> float:
    """Return how long `make test` takes."""
    started = time.perf_counter()
    run(template, "test", f"ARGS={' '.join(arguments)}")
    return (time.perf_counter() - started) / 60


def run(template: Path, *arguments: str) -> None:
    """Run make."""
    command = ["make", "--silent", *arguments]
    done = subprocess.run(
        command, cwd=template, env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def change(path: Path) -> None:
    """Change a file and nothing that it does."""
    comment = {".md": "<!-- changed -->", ".py": "# Changed."}[path.suffix]
    path.write_text(f"{path.read_text('utf-8')}\n{comment}\n", "utf-8")


def suite_result(template: Path, folder: Path, answers: Mapping[str, Any], limit: int) -> Result:
    """Return the line of a service's own tests, without coverage: the median of three runs."""
    service = generate(template, folder, **answers)
    python = template / ".venv" / "service" / "bin" / "python"
    times = []
    for _ in range(3):
        started = time.perf_counter()
        service.run(python, "-m", "pytest", "-n", "2")
        times.append(time.perf_counter() - started)
    seconds = median(times)
    return Result(
        what=f"tests of the {folder.name} service",
        measured=f"{seconds:.1f} s",
        aim=f"under {limit} s on 2 cores",
        met=seconds < limit,
    )


def static_result(seconds: float) -> Result:
    """Return the line of the static checks."""
    products = len(valid_products(OPTIONS))
    return Result(
        what=f"static checks of {products} products",
        measured=f"{seconds:.0f} s, {products / seconds * 60:.0f} a minute",
        aim=f"under {STATIC_SECONDS} s",
        met=seconds < STATIC_SECONDS,
    )


def result(what: str, minutes: float, limit: int) -> Result:
    """Return a line of `make test`."""
    return Result(
        what=f"`make test`, {what}",
        measured=f"{minutes:.1f} min",
        aim=f"under {limit} min on 2 cores",
        met=minutes < limit,
    )
