"""The commands that start the service, as a shell runs them."""

import os
import runpy
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parent.parent
TIMEOUT = 60  # seconds


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project's folder, with the environment of the test."""
    command = [sys.executable, *arguments]
    return subprocess.run(  # noqa: S603 - of the project
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )


def run_module(*command: str) -> subprocess.CompletedProcess[str]:
    """Do what `python -m` does, in the process of the tests: it has imported most modules already."""
    output, errors = StringIO(), StringIO()
    with (
        chdir(ROOT),
        patch.dict(os.environ),
        patch.object(sys, "argv", list(command)),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        sys.modules.pop("wsgi", None)  # it creates the app when it is imported
        code = exit_code(command[0])
    return subprocess.CompletedProcess(command, code, output.getvalue(), errors.getvalue())


def exit_code(module: str) -> int:
    """Run a module as `__main__`; return its exit code and print its message, as Python does."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201 - as Python does
            return 1
        return end.code or 0
    return 0
