"""What a service has already."""

import ast
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click import ClickException

from flask_service_cli.generate.resource import snake_case

# The interpreter of the service; `flask generate` sets the variable.
PYTHON_VARIABLE = "SERVICE_PYTHON"
PYTHON_PATHS = (".venv/bin/python", ".venv/Scripts/python.exe")
PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True)
class Target:
    """A model that fields may refer to by its id."""

    name: str
    class_name: str
    module: str
    table: str
    # Whether its service decides who sees a row: `get_invoice(actor, invoice_id)`.
    takes_actor: bool
    # The relation to the user who, besides admins, is the only one to see a row.
    owner: str | None

    @property
    def word(self) -> str:
        """The name in a sentence."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Project:
    """The parts of a service that a new resource must fit to."""

    root: Path
    # The linter and formatter of the service.
    ruff: str
    has_accounts: bool
    has_pages: bool
    targets: dict[str, Target]
    # Names of models, tables, blueprints and schemas, which must be unique.
    taken: frozenset[str]
    # The first parts of URLs.
    paths: frozenset[str]
    # Fixtures that every test can use.
    fixtures: frozenset[str]
    reserved_attributes: frozenset[str]
    sql_words: frozenset[str]
    # The last revision, and the number of the next one.
    head: str
    number: int

    @classmethod
    def read(cls, root: Path) -> "Project":
        """Inspect the service in a folder.

        Raises:
            ClickException: There is no service, it cannot be loaded, or has several heads.
        """
        facts = read_facts(root)
        keys = Target.__dataclass_fields__
        return cls(
            root=root,
            ruff=facts["ruff"],
            has_accounts=facts["has_accounts"],
            has_pages=facts["has_pages"],
            targets={
                model["name"]: Target(**{key: model[key] for key in keys})
                for model in facts["models"]
                if model["is_target"]
            },
            taken=taken_names(facts),
            paths=frozenset(facts["paths"]),
            fixtures=frozenset(list_fixtures(root / "tests")),
            reserved_attributes=frozenset(facts["reserved_attributes"]),
            sql_words=frozenset(facts["sql_words"]),
            head=_single_head(facts["heads"], _next_number(facts["revisions"])),
            number=_next_number(facts["revisions"]),
        )


def read_facts(root: Path) -> dict[str, Any]:
    """Return what the service in a folder says about itself; `probe.py` has the keys.

    Raises:
        ClickException: There is no service, or it cannot be loaded.
    """
    if not (root / "app" / "__init__.py").exists():
        raise ClickException("There is no app/__init__.py: change to the folder of a service.")
    return run_probe(root, find_python(root))


def taken_names(facts: dict[str, Any]) -> frozenset[str]:
    """Return the names of models, tables, blueprints and schemas, which must be unique."""
    models = (model["name"] for model in facts["models"])
    schemas = map(snake_case, facts["schemas"])
    return frozenset({*models, *facts["tables"], *facts["blueprints"], *schemas})


def find_python(root: Path) -> str:
    """Return the interpreter that has the service's dependencies.

    Raises:
        ClickException: There is none.
    """
    if python := os.environ.get(PYTHON_VARIABLE):
        return python
    for path in PYTHON_PATHS:
        if (root / path).exists():
            return str(root / path)
    raise ClickException("There is no .venv: run `make setup`, or `flask generate` instead.")


def run_probe(root: Path, python: str) -> dict[str, Any]:
    """Return what the service says about itself.

    Raises:
        ClickException: The app cannot be loaded.
    """
    script = PROBE.read_text(encoding="utf-8")
    done = subprocess.run(
        [python, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1].rstrip(".")
        raise ClickException(f"The app cannot be loaded: {reason}.")
    # Logs of the app go to the same stream.
    return json.loads(done.stdout.splitlines()[-1])


def _single_head(heads: list[str], number: int) -> str:
    if len(heads) == 1:
        return heads[0]
    if not heads:
        raise ClickException("There are no migrations: a new one would have nothing to follow.")
    merge = f"flask db merge heads --rev-id {number:04}_merge"
    raise ClickException(f"The migrations have {len(heads)} heads: merge them with `{merge}`.")


def _next_number(revisions: list[str]) -> int:
    numbers = [int(name.partition("_")[0]) for name in revisions if re.match(r"[0-9]+_", name)]
    return max(numbers, default=0) + 1


def list_fixtures(folder: Path) -> Iterator[str]:
    """Yield the fixtures of `conftest.py` and the plugins, and the one that pytest reserves."""
    yield "request"
    for path in (*folder.glob("*.py"), *(folder / "plugins").glob("*.py")):
        if not path.name.startswith("test_"):
            yield from _fixtures_of(path.read_text(encoding="utf-8"))


def _fixtures_of(text: str) -> Iterator[str]:
    try:
        nodes = ast.parse(text).body
    except SyntaxError:
        return
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if re.match(r"(pytest\.)?fixture\b", ast.unparse(decorator)):
                    yield node.name
