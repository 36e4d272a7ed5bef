"""Compare what a project declares with what it imports."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from flask_service_extensions.reserved import distribution
from tests.baking import BakedProject
from tests.imports import imported_names

# Libraries that are found by name or started as a command: no module imports them.
NOT_IMPORTED = {
    "gunicorn": "the server, a command",
    "import-linter": "a command",
    "psycopg": "loaded by SQLAlchemy, from the database URL",
    "pymysql": "loaded by SQLAlchemy, from the database URL",
    "pre-commit": "a command",
    "pytest-cov": "a plugin",
    "pytest-randomly": "a plugin",
    "pytest-xdist": "a plugin",
    "python-dotenv": "loaded by the flask command",
    "python-json-logger": "named in the logging configuration",
    "ruff": "a command",
    "ty": "a command",
}
FIRST_PARTY = {"app", "scripts", "tests", "tools", "wsgi"}
# Folders with code that only development needs.
DEVELOPMENT = {"scripts", "tests", "tools"}


def distributions_by_module(python: Path) -> dict[str, set[str]]:
    """Return which distributions of an environment provide each top-level module."""
    code = "import json, importlib.metadata as m; print(json.dumps(m.packages_distributions()))"
    listing = subprocess.run(
        [python, "-c", code], cwd="/", capture_output=True, check=True, text=True
    ).stdout
    return {module: set(map(distribution, names)) for module, names in json.loads(listing).items()}


def findings(project: BakedProject, provided: dict[str, set[str]]) -> list[str]:
    """Find undeclared imports and unused declarations, for the service and its development."""
    declared = tomllib.loads(project.read("pyproject.toml"))
    service = set(map(distribution, declared["project"]["dependencies"]))
    development = set(map(distribution, declared["dependency-groups"]["dev"]))
    development_code = {
        path
        for path in project.files("*.py")
        if path.relative_to(project.path).parts[0] in DEVELOPMENT
    }
    code = set(project.files("*.py")) - development_code
    return [
        *_undeclared(code, service, provided),
        *_undeclared(development_code, service | development, provided),
        *_unused(code, service, provided),
        *_unused(development_code, development, provided),
    ]


def _undeclared(
    paths: Iterable[Path], declared: set[str], provided: dict[str, set[str]]
) -> list[str]:
    imports = ((path, module) for path in paths for module in sorted(_libraries(path)))
    return [
        f"{path}: {module} is not declared"
        for path, module in imports
        if not provided.get(module, set()) & declared
    ]


def _unused(paths: Iterable[Path], declared: set[str], provided: dict[str, set[str]]) -> list[str]:
    used = {
        name for path in paths for module in _libraries(path) for name in provided.get(module, ())
    }
    return [
        f"{name}: declared, not imported" for name in sorted(declared - used - set(NOT_IMPORTED))
    ]


def _libraries(path: Path) -> set[str]:
    modules = {name.split(".")[0] for name in imported_names(path.read_text("utf-8"))}
    return modules - FIRST_PARTY - set(sys.stdlib_module_names)
