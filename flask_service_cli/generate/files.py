"""The files of a resource and what is in them."""

import ast
import re
from pathlib import Path

from click import ClickException
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
)

from flask_service_cli.generate.changes import Change, tidy
from flask_service_cli.generate.field_types import OWN_COLUMN_TYPES
from flask_service_cli.generate.project import Project
from flask_service_cli.generate.resource import Resource
from flask_service_cli.generate.wiring import (
    PAGES,
    register_blueprint,
    register_link,
    register_plugin,
)

TEMPLATES = Path(__file__).with_name("templates")
# Templates of a service, which take the place of those with the same name here.
OVERRIDES = ".templates"
PATHS = {
    "model": "app/models/{0.name}.py",
    "schema": "app/schemas/{0.name}.py",
    "service": "app/services/{0.plural}.py",
    "api": "app/api/{0.plural}.py",
    "fixtures": "tests/plugins/{0.plural}.py",
    "test_api": "tests/api/test_{0.plural}.py",
    "test_service": "tests/services/test_{0.plural}.py",
    "migration": "migrations/versions/{1}.py",
}
PAGE_PATHS = {
    "page": "app/pages/{0.plural}.py",
    "test_page": "tests/pages/test_{0.plural}.py",
    "page_index": "app/pages/templates/pages/{0.plural}/index.html",
    "page_show": "app/pages/templates/pages/{0.plural}/show.html",
    "page_form": "app/pages/templates/pages/{0.plural}/form.html",
    "page_delete": "app/pages/templates/pages/{0.plural}/delete.html",
}
# Written with the first resource that uses them.
VALUES = {"values": "app/schemas/values.py", "test_values": "tests/schemas/test_values.py"}
FORM_INPUTS = {
    "form_inputs": "app/web/form_inputs.py",
    "test_form_inputs": "tests/pages/test_form_inputs.py",
}


def revision_of(resource: Resource, project: Project) -> str:
    """Return the name of the revision: its number and its table."""
    return f"{project.number:04}_{resource.plural}"


def list_paths(resource: Resource, project: Project) -> dict[str, str]:
    """Return the paths of the new files by the names of their templates."""
    revision = revision_of(resource, project)
    paths = {**PATHS, **(PAGE_PATHS if resource.has_pages else {})}
    return {template: path.format(resource, revision) for template, path in paths.items()}


def list_changes(resource: Resource, project: Project) -> list[Change]:
    """Return the new files of a resource and the lines that register it."""
    texts = {
        **render(resource, project),
        **_value_fields(resource, project),
        **_form_inputs(resource, project),
    }
    new = [
        Change(path, "", tidy(text, path, project.root, project.ruff))
        for path, text in texts.items()
    ]
    return [*new, *list_registrations(resource, project.root)]


def list_registrations(resource: Resource, root: Path) -> list[Change]:
    """Return the changes of existing files, without those that are registered already."""
    plural = resource.plural
    changes = [register_blueprint(plural, root), register_plugin(plural, root)]
    if resource.has_pages:
        changes.append(register_blueprint(plural, root, PAGES))
        changes.append(register_link(resource.words.capitalize(), plural, root))
    return [change for change in changes if change.before != change.after]


def render(resource: Resource, project: Project) -> dict[str, str]:
    """Return the texts of the new files, not yet formatted.

    Raises:
        ClickException: A template of the service has an error.
    """
    environment = template_environment(project.root, "resource")
    environments = {".py": environment, ".html": _for_templates(environment)}
    context = _context(resource, project)
    return {
        path: render_template(environments[suffix], f"resource/{name}{suffix}.jinja", context)
        for name, path in list_paths(resource, project).items()
        for suffix in [Path(path).suffix]
    }


def _for_templates(environment: Environment) -> Environment:
    """Return what renders templates that write templates: `{{ }}` is text to it."""
    return environment.overlay(
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )


def render_template(environment: Environment, name: str, context: dict[str, object]) -> str:
    """Return the text of a file, not yet formatted.

    Raises:
        ClickException: A template of the service has an error.
    """
    try:
        return environment.get_template(name).render(context)
    except TemplateError as error:
        raise ClickException(f"{OVERRIDES}/{name} cannot be rendered: {error}.") from None


def _value_fields(resource: Resource, project: Project) -> dict[str, str]:
    """Return the modules that a resource uses and the service does not have yet."""
    if not resource.needs_value_fields:
        return {}
    module = project.root / VALUES["values"]
    if module.exists():
        _require_value_fields(resource, module)
        return {}
    return _shared(VALUES, project)


def _form_inputs(resource: Resource, project: Project) -> dict[str, str]:
    """Return the modules that its form uses and the service does not have yet."""
    if not resource.needs_form_inputs or (project.root / FORM_INPUTS["form_inputs"]).exists():
        return {}
    return _shared(FORM_INPUTS, project)


def _shared(paths: dict[str, str], project: Project) -> dict[str, str]:
    environment = template_environment(project.root, "resource")
    return {
        path: render_template(environment, f"resource/{name}.py.jinja", {})
        for name, path in paths.items()
        if not (project.root / path).exists()
    }


def _require_value_fields(resource: Resource, module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    known = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    used = {field.type.value_field for field in resource.fields if field.type.value_field}
    if missing := used - known:
        raise ClickException(f"{VALUES['values']} has no class {min(missing)}: rename that module.")


def _context(resource: Resource, project: Project) -> dict[str, object]:
    """Return the variables of the templates."""
    values = [field.type.row_value for field in resource.fields]
    return {
        "resource": resource,
        "name": resource.name,
        "plural": resource.plural,
        "Model": resource.class_name,
        "owner": resource.owner,
        "project": project,
        "revision": revision_of(resource, project),
        "label": _label(resource),
        "title": resource.words.capitalize(),
        "commit": "_commit()" if resource.unique_fields else "db.session.commit()",
        "own_column_types": OWN_COLUMN_TYPES,
        "targets": project.targets,
        # Fixtures that create what a new row refers to, and whether the rows are numbered.
        "makers": sorted({f"make_{field.target}" for field in resource.references}),
        "numbered": any(re.search(r"\bn\b", expression) for expression in values),
    }


def _label(resource: Resource) -> str:
    """Return what names a row on pages: its first short text, or its number."""
    numbered = f'"{resource.word.capitalize()} %d" % {resource.name}.id'
    for field in resource.fields:
        if field.type_name == "str":
            text = f"{resource.name}.{field.column}"
            return f"{text} or {numbered}" if field.optional else text
    return numbered


def template_environment(root: Path, command: str) -> Environment:
    """Return what renders the templates of a command, those of the service first.

    Raises:
        ClickException: A template of the service has a name that no template has here.
    """
    _validate_overrides(root, command)
    return Environment(  # noqa: S701 - the output is code, escaped where it runs
        loader=ChoiceLoader([FileSystemLoader(root / OVERRIDES), FileSystemLoader(TEMPLATES)]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _validate_overrides(root: Path, command: str) -> None:
    """Refuse files that would never be used, such as a misspelled name."""
    folder = root / OVERRIDES / command
    known = {path.name for path in (TEMPLATES / command).iterdir()}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in known:
            raise ClickException(
                f"{OVERRIDES}/{command}/{path.name} is not a template of this command; "
                f"there are: {', '.join(sorted(known))}."
            )
