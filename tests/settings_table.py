"""Write the table in docs/settings.md of services from the settings that their parts declare."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter
from jinja2 import Environment

from flask_service_extensions.rendering import CONTEXT, PROJECT_FOLDER, ROOT
from tests.baking import BakedProject, copy_template
from tests.environments import SERVICE_PYTHON
from tests.variants import CODE_OPTIONS, DEFAULTS, PAIRWISE_CODE, Variant

DOCUMENT = ROOT / PROJECT_FOLDER / "docs" / "settings.md"
HEAD = "| --- | --- | --- | --- |\n"
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
CONDITIONS = (
    'cookiecutter.auth != "none"',
    'cookiecutter.auth == "jwt"',
    'cookiecutter.auth == "session"',
    'cookiecutter.auth == "session" or cookiecutter.admin',
    *(f"cookiecutter.{option}" for option in CODE_OPTIONS if CONTEXT[option] in (True, False)),
)


def rows_of(project: BakedProject) -> list[str]:
    """Return the rows of one variant."""
    printed = project.run(SERVICE_PYTHON, "-c", PRINT_ROWS)
    return [line for line in printed.splitlines() if line.startswith("|")]


def table(rows: Mapping[Variant, list[str]]) -> str:
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
    before, head, _ = DOCUMENT.read_text("utf-8").partition(HEAD)
    text = before + head + "\n".join(lines) + "\n"
    name = CONTEXT["project_name"]
    return text.replace(f"| {name} |", "| {{ cookiecutter.project_name | md }} |")


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
    """Bake variants in which all pairs of options occur and write the document."""
    with tempfile.TemporaryDirectory() as folder:
        template = copy_template(Path(folder) / "template")
        rows = {}
        for variant in PAIRWISE_CODE:
            output = Path(folder) / str(variant)
            path = cookiecutter(
                str(template), no_input=True, extra_context=variant, output_dir=str(output)
            )
            rows[variant] = rows_of(BakedProject(Path(path), variant))
    DOCUMENT.write_text(table(rows), encoding="utf-8", newline="\n")
    sys.stdout.write(f"Wrote {DOCUMENT.relative_to(ROOT)}.\n")


if __name__ == "__main__":
    main()
