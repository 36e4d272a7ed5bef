"""The environment of the generated services, with everything that any variant declares."""

import subprocess
import sys
import tomllib
from pathlib import Path

from flask_service_extensions.rendering import ROOT
from flask_service_extensions.reserved import PYPROJECT
from tests.baking import clean_environment

TOOLS = Path(sys.executable).parent
UV = TOOLS / "uv"
SERVICE_ENVIRONMENT = ROOT / ".venv" / "service"
SERVICE_PYTHON = SERVICE_ENVIRONMENT / "bin" / "python"


def requirements() -> list[str]:
    """Read the unrendered pyproject.toml, in which every feature is switched on."""
    declared = tomllib.loads(PYPROJECT.read_text("utf-8"))
    return [*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"]]


def install_service() -> None:
    """Make the environment anew; uv links files from its cache, so that takes seconds."""
    install = ["pip", "install", "--compile-bytecode", "--python", SERVICE_PYTHON, *requirements()]
    for command in (["venv", "--clear", SERVICE_ENVIRONMENT], install):
        subprocess.run([UV, "--quiet", *command], env=clean_environment(), check=True)


if __name__ == "__main__":
    install_service()
