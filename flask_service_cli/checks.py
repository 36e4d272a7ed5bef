"""Contradictions between the recorded answers and the files of a service."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flask_service_cli import link
from flask_service_cli.exceptions import UsageError
from flask_service_cli.render import environment, last_line

# Run with the template's own extension: print what shows that a feature is there.
PRINT_SENTINELS = """
import json
from flask_service_extensions.features import FEATURES

found = [feature for feature in FEATURES if feature.sentinel]
print(json.dumps([[dict(feature.brought_by), *feature.sentinel] for feature in found]))
"""
# A team may delete the containers and the pipeline, or write its own.
MAY_BE_MISSING = {"ci", "docker"}
# It may need a second driver.
MAY_BE_THERE = {"database"}


class Sentinel(NamedTuple):
    """A file, and a text in it, that only some answers bring."""

    brought_by: Mapping[str, list[object]]
    path: str
    text: str


def sentinels_of(template: Path) -> list[Sentinel]:
    """Read the table of features of a state of the template."""
    command = [sys.executable, "-c", PRINT_SENTINELS]
    done = subprocess.run(
        command, env=environment(template), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise UsageError(f"The table of features cannot be read: {last_line(done.stderr)}")
    return [Sentinel(*row) for row in json.loads(done.stdout)]


def contradictions(
    root: Path, answers: Mapping[str, Any], sentinels: list[Sentinel]
) -> Iterator[str]:
    """Yield a sentence for each answer that is not what the files are."""
    skip = link.skipped(root)
    for brought_by, file, text in sentinels:
        option = next(iter(brought_by))
        if not brought_by.keys() <= answers.keys() or link.is_skipped(file, skip):
            continue
        chosen = any(answers[name] in choices for name, choices in brought_by.items())
        found = has_text(root / file, text)
        if found != chosen and option not in (MAY_BE_THERE if found else MAY_BE_MISSING):
            what = f"{text} in {file}" if text else file
            yield (
                f"{link.NAME} says {option}={str(answers[option]).lower()}, but {what} is "
                f"{'there' if found else 'missing'}: {way_out(file)}."
            )


def has_text(path: Path, text: str) -> bool:
    """Return whether a file is there and contains the text."""
    try:
        return text.lower() in path.read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        return False


def way_out(file: str) -> str:
    """Return what to do about a contradiction."""
    if file == link.SETTINGS:
        return "change the answer by make template-set, or add it again"
    return f"change the answer by make template-set, or list {file} in skip of [tool.cruft]"
