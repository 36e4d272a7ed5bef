"""What can be said about a baked project without running it: each check returns its findings."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import yaml

from flask_service_extensions.rendering import is_page
from tests.baking import BakedProject
from tests.environments import SERVICE_PYTHON, TOOLS
from tests.imports import imported_names
from tests.pipelines import invalid_pipelines

LEFTOVER = re.compile(
    r"\{\{-?\s*cookiecutter|(?<!\$)\{[%#]|^[ \t]*#\s*@(if|elif|else|endif|include)\b", re.MULTILINE
)
UNTIDY = re.compile(r"[ \t]+$|\r|\n\n\Z|[^\n]\Z|\A\n", re.MULTILINE)
MAY_BE_EMPTY = {"__init__.py"}

Check = Callable[[BakedProject], list[str]]


def leftover_jinja(project: BakedProject) -> list[str]:
    """Find what Jinja should have eaten."""
    return [
        f"{path}: {match[0]}"
        for path in project.files()
        if not is_page(path.relative_to(project.path))
        for match in LEFTOVER.finditer(path.read_text("utf-8"))
    ]


def emptiness(project: BakedProject) -> list[str]:
    """Find files and folders that a switched-off feature left empty."""
    folders = [path for path in project.everything() if path.is_dir() and not any(path.iterdir())]
    files = [
        path
        for path in project.files()
        if not path.read_text("utf-8").strip() and path.name not in MAY_BE_EMPTY
    ]
    return [f"{path}: empty" for path in folders + files]


def untidy_text(project: BakedProject) -> list[str]:
    """Find trailing white space, foreign line ends and files that do not end with one newline."""
    texts = {path: path.read_text("utf-8") for path in project.files()}
    return [f"{path}: untidy" for path, text in texts.items() if text and UNTIDY.search(text)]


def unreadable_data(project: BakedProject) -> list[str]:
    """Find TOML, YAML and JSON that does not parse; the linter sees it in Python."""
    parsers: dict[str, Callable[[str], object]] = {
        "*.json": json.loads,
        "*.toml": tomllib.loads,
        "*.yaml": lambda text: list(yaml.safe_load_all(text)),
        "*.yml": lambda text: list(yaml.safe_load_all(text)),
    }
    files = ((path, parse) for pattern, parse in parsers.items() for path in project.files(pattern))
    return [
        f"{path}: {error}"
        for path, parse in files
        if (error := _error(parse, path.read_text("utf-8")))
    ]


def _error(parse: Callable[[str], object], text: str) -> str:
    try:
        parse(text)
    except (ValueError, yaml.YAMLError) as error:
        return str(error)
    return ""


def lint(project: BakedProject) -> list[str]:
    """Run the linter with the project's own settings."""
    return _tool(project, "ruff", "check", "--no-cache", "--output-format=concise", ".")


def formatting(project: BakedProject) -> list[str]:
    """Run the formatter with the project's own settings."""
    return _tool(project, "ruff", "format", "--no-cache", "--check", ".")


def types(project: BakedProject, python: Path = SERVICE_PYTHON) -> list[str]:
    """Run the type checker with the libraries of an environment."""
    return _tool(project, "ty", "check", "--output-format=concise", "--python", python)


def layers(project: BakedProject, python: Path = SERVICE_PYTHON) -> list[str]:
    """Check the project's contracts about who imports whom."""
    return _run(project, python.with_name("lint-imports"), "--no-cache")


def _tool(project: BakedProject, name: str, *arguments: str | Path) -> list[str]:
    return _run(project, TOOLS / name, *arguments)


def _run(project: BakedProject, *command: str | Path) -> list[str]:
    done = project.attempt(*command)
    return done.stdout.splitlines() if done.returncode else []


def orphans(project: BakedProject) -> list[str]:
    """Find modules of the application that no other module imports."""
    sources = {path: path.read_text("utf-8") for path in project.files("*.py")}
    imported = {name for source in sources.values() for name in imported_names(source)}
    modules = [path for path in sources if path.is_relative_to(project.path / "app")]
    return [
        f"{path}: not imported"
        for path in modules
        if path.name != "__init__.py" and _module(project, path) not in imported
    ]


def _module(project: BakedProject, path: Path) -> str:
    return ".".join(path.relative_to(project.path).with_suffix("").parts)


QUICK_CHECKS: tuple[Check, ...] = (
    leftover_jinja,
    emptiness,
    untidy_text,
    unreadable_data,
    orphans,
    invalid_pipelines,
    lint,
    formatting,
)


def quick_findings(project: BakedProject) -> list[str]:
    """Run every check that needs no environment."""
    return [finding for check in QUICK_CHECKS for finding in check(project)]
