"""Write the tables of settings and limits in the documents of services."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter
from jinja2 import Environment

from flask_service_extensions.rendering import CONTEXT, PROJECT_FOLDER, ROOT
from tests.baking import BakedProject, copy_template
from tests.environments import SERVICE_PYTHON
from tests.variants import CODE_OPTIONS, DEFAULTS, PAIRWISE_CODE, Variant

# Run in a project: print a row of the table for each setting.
PRINT_ROWS = """
import json
from app import SETTINGS
from app.settings import UNSET

def shown(value):
    if callable(value):
        return "random"
    if value in (None, ()):
        return "none"
    if value == SETTINGS[0].default:
        return value  # the name of the project, which Markdown does not show as code
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"

def default(setting):
    environments = ("local", "development", "testing", "production")
    named = [(name, getattr(setting, name)) for name in environments]
    others = [f"{name}: {shown(value)}" for name, value in named if value is not UNSET]
    return "; ".join([shown(setting.default), *others])

for setting in SETTINGS:
    cells = (f"`{setting.name}`", f"`{setting.environment_variable}`", default(setting))
    print("|", " | ".join((*cells, setting.description)), "|")
"""
# Likewise for limits and lifetimes, among which are constants of modules.
PRINT_LIMITS = """
import re
from importlib import import_module
from importlib.util import find_spec
from app import SETTINGS

NAMES = re.compile(
    "MAX_CONTENT_LENGTH|KNOWN_.*"
    "|RATELIMIT_(?!ENABLED|STORAGE|IN_MEMORY|SWALLOW).*|.*_(LIFETIME|EXPIRES|TIMEOUT|GRACE|LEEWAY)"
)
CONSTANTS = (
    ("app.api.rest", "MAX_UNKNOWN_FIELDS", "Unknown fields that are reported."),
    ("app.db.pagination", "MAX_ROWS", "Rows that page numbers reach and totals count."),
    ("app.schemas.pagination", "MAX_PER_PAGE", "Rows on a page."),
    ("app.schemas.user", "MIN_PASSWORD_LENGTH", "Characters that a password has at least."),
    ("app.schemas.user", "MAX_PASSWORD_LENGTH", "Characters that a password has at most."),
)

for setting in SETTINGS:
    if NAMES.fullmatch(setting.name):
        value = setting.default_in("production", local=False)
        print("|", f"{setting.description} | {value} | `{setting.name}`", "|")
for module, name, meaning in CONSTANTS:
    if find_spec(module):
        value = getattr(import_module(module), name)
        path = module.replace(".", "/") + ".py"
        print("|", f"{meaning} | {value} | `{name}` in `{path}`", "|")
"""


@dataclass(frozen=True)
class Table:
    """The path of a document, the line above its last rows, and the script that prints those."""

    path: str
    head: str
    script: str


TABLES = (
    Table("docs/settings.md", "| --- | --- | --- | --- |\n", PRINT_ROWS),
    Table("docs/security.md", "| :-- | --: | :-- |\n", PRINT_LIMITS),
)
CONDITIONS = (
    'cookiecutter.auth != "none"',
    'cookiecutter.auth == "jwt"',
    'cookiecutter.auth == "session"',
    'cookiecutter.auth == "session" or cookiecutter.admin or cookiecutter.pages',
    *(f"cookiecutter.{option}" for option in CODE_OPTIONS if CONTEXT[option] in (True, False)),
)


def rows_of(project: BakedProject, table: Table) -> list[str]:
    """Return the rows of one variant."""
    printed = project.run(SERVICE_PYTHON, "-c", table.script)
    return [line for line in printed.splitlines() if line.startswith("|")]


def document(table: Table, rows: Mapping[Variant, list[str]]) -> str:
    """Return the document with the rows of all variants, each under the condition that it needs."""
    merged: list[str] = []
    for variant_rows in rows.values():
        place = 0
        for row in variant_rows:
            if row not in merged:
                merged.insert(place, row)
            place = merged.index(row) + 1
    lines = (
        line
        for condition, group in groupby(merged, lambda row: condition_of(row, rows))
        for line in conditional(condition, list(group))
    )
    before, head, _ = source(table).read_text("utf-8").partition(table.head)
    text = before + head + "\n".join(lines) + "\n"
    name = CONTEXT["project_name"]
    return text.replace(f"| {name} |", "| {{ cookiecutter.project_name | md }} |")


def source(table: Table) -> Path:
    """Return the unrendered document."""
    return ROOT / PROJECT_FOLDER / table.path


def condition_of(row: str, rows: Mapping[Variant, list[str]]) -> str:
    """Return the condition under which a variant has a row; none if all have it."""
    having = {variant for variant, variant_rows in rows.items() if row in variant_rows}
    if having == set(rows):
        return ""
    return next(condition for condition in CONDITIONS if having == meeting(condition, rows))


def meeting(condition: str, variants: Mapping[Variant, Any]) -> set[Variant]:
    """Return the variants that meet a condition."""
    holds = Environment(autoescape=True).compile_expression(condition)
    return {variant for variant in variants if holds(cookiecutter=DEFAULTS | variant)}


def conditional(condition: str, lines: list[str]) -> Iterator[str]:
    """Yield lines between a condition and its end."""
    if condition:
        yield f"{{%- if {condition} %}}"
    yield from lines
    if condition:
        yield "{%- endif %}"


def main() -> None:
    """Bake variants in which all pairs of options occur and write the documents."""
    with tempfile.TemporaryDirectory() as folder:
        template = copy_template(Path(folder) / "template")
        projects = {}
        for variant in PAIRWISE_CODE:
            output = Path(folder) / str(variant)
            path = cookiecutter(
                str(template), no_input=True, extra_context=variant, output_dir=str(output)
            )
            projects[variant] = BakedProject(Path(path), variant)
        for table in TABLES:
            rows = {variant: rows_of(project, table) for variant, project in projects.items()}
            source(table).write_text(document(table, rows), encoding="utf-8", newline="\n")
            sys.stdout.write(f"Wrote {source(table).relative_to(ROOT)}.\n")


if __name__ == "__main__":
    main()
