"""The environment of the generated services, with everything that any variant declares."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from flask_service_cli.generate.client_wiring import REQUIREMENTS
from flask_service_extensions.rendering import ROOT
from flask_service_extensions.reserved import PYPROJECT
from tests.baking import clean_environment

TOOLS = Path(sys.executable).parent
UV = TOOLS / "uv"
SERVICE_ENVIRONMENT = ROOT / ".venv" / "service"
SERVICE_PYTHON = SERVICE_ENVIRONMENT / "bin" / "python"


def requirements() -> list[str]:
    """Read the unrendered pyproject.toml, in which every feature is switched on.

    Add what generated clients declare.
    """
    declared = tomllib.loads(PYPROJECT.read_text("utf-8"))
    of_clients = [line for lines in REQUIREMENTS.values() for line in lines]
    groups = [declared["project"]["dependencies"], declared["dependency-groups"]["dev"], of_clients]
    return [*dict.fromkeys(line for group in groups for line in group)]


def install_service(folder: Path = SERVICE_ENVIRONMENT, interpreter: Path | None = None) -> None:
    """Make the environment anew; uv links files from its cache, so that takes seconds."""
    python = ["--python", interpreter] if interpreter else []
    install = ["pip", "install", "--compile-bytecode", "--python", folder / "bin" / "python"]
    for command in (["venv", "--clear", *python, folder], [*install, *requirements()]):
        subprocess.run([UV, "--quiet", *command], env=clean_environment(), check=True)


def find_interpreter(version: str) -> Path | None:
    """Return a Python that uv or pyenv has, None where there is none."""
    options = ["--no-project", "--no-python-downloads", "--python-preference=only-system"]
    for root in sorted(
        Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*")
    ):
        if (python := root / "bin" / f"python{version}").exists():
            return python
    done = subprocess.run(
        [UV, "python", "find", *options, version],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def environment_of(version: str) -> Path:
    """Return the Python of an environment of services for a version, made when it is needed."""
    folder = ROOT / ".venv" / f"service-{version}"
    made = folder / "requirements.txt"
    wanted = "\n".join(requirements())
    if not made.exists() or made.read_text("utf-8") != wanted:
        install_service(folder, find_interpreter(version))
        made.write_text(wanted, "utf-8")
    return folder / "bin" / "python"


if __name__ == "__main__":
    install_service()
