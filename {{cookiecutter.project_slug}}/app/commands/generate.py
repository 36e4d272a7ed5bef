"""`flask generate`: write code in the style of this service; for development only."""

import os
import subprocess
import sys
from pathlib import Path

import click
from flask import Blueprint

ROOT = Path(__file__).parents[2]

blp = Blueprint("generate", __name__, cli_group=None)


@blp.cli.command(
    "generate",
    # The template's own command line parses the arguments and prints their help.
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def generate(arguments: tuple[str, ...]) -> None:
    """Write code in the style of this service, such as a resource."""
    command = [sys.executable, "scripts/template.py", "generate", *arguments]
    # The generator has an environment of its own and asks this one about the app.
    environment = os.environ | {"SERVICE_PYTHON": sys.executable}
    sys.exit(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)  # noqa: S603 - the arguments are the developer's
