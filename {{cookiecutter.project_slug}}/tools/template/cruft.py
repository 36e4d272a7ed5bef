"""Cruft, which merges a template's changes; it is no part of the service's own environment."""

import os
import shutil
import subprocess
import sys
import venv

from tools.template.link import ROOT, RefusedError

VERSION = "cruft>=2.16,<3"
# Where it goes if there is no uv to run it from a place of its own.
ENVIRONMENT = ROOT / ".venv" / "cruft-2"
SCRIPTS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


def command() -> list[str]:
    """Return the words that start cruft, which may download it."""
    if not SCRIPTS.exists() and (uv := shutil.which("uv")):
        return [uv, "--quiet", "tool", "run", "--python", ">=3.11", "--from", VERSION, "cruft"]
    if not shutil.which("cruft", path=SCRIPTS):
        _install()
    return [str(shutil.which("cruft", path=SCRIPTS))]


def _install() -> None:
    """Make its environment, or none.

    Raises:
        RefusedError: The package index cannot be reached, or pip is unhappy otherwise.
    """
    sys.stderr.write(f"Installing {VERSION} into {ENVIRONMENT.relative_to(ROOT)}\n")
    venv.create(ENVIRONMENT, with_pip=True)
    pip = [shutil.which("python", path=SCRIPTS) or "", "-m", "pip", "install", "--quiet", VERSION]
    installed = subprocess.run(pip, capture_output=True, text=True, check=False)
    if installed.returncode:
        shutil.rmtree(ENVIRONMENT)
        raise RefusedError(f"cruft cannot be installed: {installed.stderr.strip().splitlines()[-1]}")


def environment() -> dict[str, str]:
    """Return variables for UTF-8 everywhere, errors without frames, and templates without greetings."""
    wanted = {"PYTHONUTF8": "1", "TYPER_STANDARD_TRACEBACK": "1", "COOKIECUTTER_QUIET": "1"}
    # Two versions of the template are imported from one folder.
    return {**os.environ, **wanted, "PYTHONDONTWRITEBYTECODE": "1"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run cruft in this service and keep what it prints."""
    words = [*command(), *arguments]
    return subprocess.run(words, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)


def call(*arguments: str) -> int:
    """Run cruft at the terminal and return its exit code."""
    return subprocess.call([*command(), *arguments], cwd=ROOT, env=environment())
