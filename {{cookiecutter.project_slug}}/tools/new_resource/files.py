"""Which files a resource has, and what is in them."""

import re
from pathlib import Path

from click import ClickException
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.new_resource.changes import Change, tidy
from tools.new_resource.project import Project
from tools.new_resource.resource import Resource

# file: (what is to be found in it once, what is added at its end, how to name it)
REGISTRATIONS = (
    ("tests/conftest.py", r"^pytest_plugins = \[\n(?:    .*\n)*", '    "tests.{}",\n', "pytest_plugins = ["),
    ("app/api/__init__.py", r"^from app\.api import \(\n(?:    .*\n)*", "    {},\n", "from app.api import ("),
    ("app/api/__init__.py", r"^BLUEPRINTS = \[\n(?:    .*\n)*", "    {}.blp,\n", "BLUEPRINTS = ["),
)
PATHS = {
    "model": "app/models/{0.name}.py",
    "schema": "app/schemas/{0.name}.py",
    "service": "app/services/{0.plural}.py",
    "api": "app/api/{0.plural}.py",
    "fixtures": "tests/{0.plural}.py",
    "test_api": "tests/api/test_{0.plural}.py",
    "test_service": "tests/services/test_{0.plural}.py",
    "migration": "migrations/versions/{1}.py",
}


def revision_of(resource: Resource, project: Project) -> str:
    """Name the revision after its number in the chain and its table."""
    return f"{project.number:04}_{resource.plural}"


def paths_of(resource: Resource, project: Project) -> dict[str, str]:
    """Name the new files by their templates."""
    revision = revision_of(resource, project)
    return {template: path.format(resource, revision) for template, path in PATHS.items()}


def changes_for(resource: Resource, project: Project) -> list[Change]:
    """Make all files of a resource, and register its fixtures and its blueprint."""
    texts = rendered(resource, project).items()
    new = [Change(path, "", tidy(text, path, project.root)) for path, text in texts]
    return [*new, *_registrations(resource, project.root)]


def rendered(resource: Resource, project: Project) -> dict[str, str]:
    """Return the texts of the new files, in which only the layout is not yet that of the project."""
    templates, context = _templates(), _context(resource, project)
    return {
        path: templates.get_template(f"{name}.py.jinja").render(context)
        for name, path in paths_of(resource, project).items()
    }


def _context(resource: Resource, project: Project) -> dict[str, object]:
    """Return what the templates know."""
    words = resource.plural.replace("_", " ")
    made = [field.kind.made for field in resource.fields]
    return {
        "resource": resource,
        "project": project,
        "revision": revision_of(resource, project),
        "word": resource.name.replace("_", " "),
        "words": words,
        "title": words.capitalize(),
        "commit": "_commit()" if resource.uniques else "db.session.commit()",
        "targets": [project.targets[field.target] for field in resource.refs],
        # Fixtures that make what a new row refers to, and whether their numbers are needed.
        "makers": sorted({f"make_{field.target}" for field in resource.refs}),
        "numbered": any(re.search(r"\bn\b", expression) for expression in made),
    }


def _templates() -> Environment:
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    return Environment(  # noqa: S701 - it writes Python, not HTML
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _registrations(resource: Resource, root: Path) -> list[Change]:
    """Add a line at the end of each list, where other changes of it do not meet."""
    before = {path: (root / path).read_text(encoding="utf-8") for path, *_ in REGISTRATIONS}
    after = dict(before)
    for path, pattern, line, name in REGISTRATIONS:
        added = rf"\g<0>{line.format(resource.plural)}"
        after[path], found = re.subn(pattern, added, after[path], flags=re.MULTILINE)
        if not found:
            raise ClickException(f"{path} has no list `{name}` with a line for each name.")
    return [Change(path, before[path], tidy(text, path, root)) for path, text in after.items()]
