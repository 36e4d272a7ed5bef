"""Render a state of the template in a process of its own, with the extension of that state."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flask_service_cli.exceptions import UsageError

Answers = Mapping[str, Any]
EXCEPTION = re.compile(r"^(?:\w+\.)*\w+(?:Error|Exception): ")


class Rendering(NamedTuple):
    """A rendered project, and the answers that it was rendered with."""

    folder: Path
    answers: Answers


def render(template: Path, answers: Answers, folder: Path, *, ask: bool = False) -> Rendering:
    """Render the template into a folder; ask what the answers leave open, or take the defaults.

    Raises:
        UsageError: The template refuses the answers, or it fails.
    """
    folder.mkdir()
    # The files of the user shall neither change the defaults nor be changed.
    config = {"replay_dir": str(folder / "replay"), "cookiecutters_dir": str(folder)}
    (folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
    words = [str(template), "--config-file", str(folder / "config.yaml"), "--output-dir", "out"]
    words += [] if ask else ["--no-input"]
    done = subprocess.run(
        [sys.executable, "-m", "cookiecutter", *words, *(f"{k}={v}" for k, v in answers.items())],
        cwd=folder,
        env=environment(template),
        stdin=None if ask else subprocess.DEVNULL,
        stdout=None if ask else subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise UsageError(last_line(done.stderr or done.stdout or "cookiecutter failed"))
    (project,) = (folder / "out").iterdir()
    (replay,) = (folder / "replay").glob("*.json")
    context = json.loads(replay.read_text(encoding="utf-8"))["cookiecutter"]
    return Rendering(project, context)


def environment(template: Path) -> dict[str, str]:
    """Return variables for UTF-8 everywhere, and for a hook that prints nothing."""
    wanted = {"PYTHONPATH": str(template), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**os.environ, **wanted, **git, "COOKIECUTTER_QUIET": "1"}


def last_line(output: str) -> str:
    """Return the sentence at the end of a traceback."""
    return EXCEPTION.sub("", output.strip().splitlines()[-1])
