"""Measure the size of images and how long building them takes."""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.generation import generate
from benchmarks.results import Result
from tests.baking import copy_template
from tests.containers import built
from tests.variants import choices

# The alternative where there is no Docker engine.
PYTHON = "3.11"


def measure(folder: Path) -> Iterator[Result]:
    """Build the image of each database, on the same base."""
    (folder / "Dockerfile").write_text(f"FROM docker.io/library/python:{PYTHON}-slim\n", "utf-8")
    with built("bench-base", str(folder)) as base:
        size_of_base = base.engine.size(base.tag)
    template = copy_template(folder / "template")
    for database in choices("database"):
        generate(template, folder, f"database={database}", f"project_slug={database}-service")
        yield build(database, folder / f"{database}-service", size_of_base)


def build(database: str, project: Path, size_of_base: int) -> Result:
    """Build twice, and measure the second time: packages are there, layers are made anew."""
    tag, options = f"bench-{database}", ["--no-cache", f"--build-arg=PYTHON_VERSION={PYTHON}"]
    with built(tag, *options, str(project)):
        started = time.perf_counter()
        with built(tag, *options, str(project)) as image:
            seconds = time.perf_counter() - started
            added = (image.engine.size(tag) - size_of_base) / 1e6
    return Result(
        what=f"image for {database}",
        measured=f"{added:.0f} MB, {seconds:.0f} s",
        beside=f"its base: {size_of_base / 1e6:.0f} MB",
    )
