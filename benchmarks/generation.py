"""Measure how long generating a project takes."""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.results import Result
from tests.baking import clean_environment, copy_template

COOKIECUTTER = Path(sys.executable).with_name("cookiecutter")
AIM = 1.8


def measure(folder: Path, *, rounds: int) -> list[Result]:
    """Generate a project in a process of its own, and one from an empty template in turns."""
    templates = copy_template(folder / "template"), empty_template(folder / "empty-template")
    runs = [[generate(each, folder) for each in templates] for _ in range(rounds + 1)]
    ours, empty = map(median, zip(*runs[1:], strict=True))
    ratio = median(one / other for one, other in runs[1:])
    return [
        Result(
            what="generating a project, whole process",
            measured=f"{ours:.2f} s",
            beside=f"{empty:.2f} s",
            ratio=ratio,
            aim=f"at most {AIM}",
            met=ratio <= AIM,
        )
    ]


def empty_template(folder: Path) -> Path:
    """Make a template of one empty file."""
    project = folder / "{{cookiecutter.project_slug}}"
    project.mkdir(parents=True)
    (project / "README.md").touch()
    (folder / "cookiecutter.json").write_text(json.dumps({"project_slug": "nothing"}), "utf-8")
    return folder


def generate(template: Path, folder: Path, *answers: str) -> float:
    """Generate a project in a folder, and return the seconds it took."""
    command = [COOKIECUTTER, "--no-input", "--overwrite-if-exists", "--output-dir", folder]
    command += [template, *answers]
    environment = clean_environment(HOME=str(folder))
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started
