"""Everything a resource must fulfil, checked before a file is written."""

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import replace

from click import ClickException

from flask_service_cli.generate.fields import Field
from flask_service_cli.generate.files import (
    list_paths,
    list_registrations,
    render,
    revision_of,
)
from flask_service_cli.generate.project import Project
from flask_service_cli.generate.resource import Resource, camel_case, snake_case
from flask_service_cli.generate.scopes import has_name_collision
from flask_service_extensions.features import reserved_names

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_IDENTIFIER_LENGTH = 63  # PostgreSQL's; MySQL's is 64
MAX_REVISION_LENGTH = 32  # Alembic's column
SCHEMAS = ("{}", "{}_page", "{}_create", "{}_update", "{}_summary")
# Builtins for interactive use, such as `license`, are good names for fields.
INTERACTIVE = {
    name for name, value in vars(builtins).items() if type(value).__module__ == "_sitebuiltins"
}
PYTHON_WORDS = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)} - INTERACTIVE
# Names that the generated modules use themselves.
RESERVED = {"self", "not_deleted", "query", "dt", "fields", "mapped_column", "relationship"}
RESERVED |= {"db", "page", "per_page", "changes", "actor"}
# What forms of pages, and all templates of them, use themselves.
FORM_NAMES = {"csrf_token", "data", "errors", "form_errors", "hidden_tag", "is_submitted", "meta"}
FORM_NAMES |= {"populate_obj", "process", "schema", "shows_current", "validate"}
FORM_NAMES |= {"validate_on_submit", "values", "version"}
TEMPLATE_NAMES = {"action_button", "caller", "config", "false", "g", "has_mail", "kwargs", "loop"}
TEMPLATE_NAMES |= {"is_registration_open", "navigation", "none", "pagination", "render_checkbox"}
TEMPLATE_NAMES |= {"render_field", "super", "true", "varargs"}


def validate(resource: Resource, project: Project) -> None:
    """Check that a resource fits into a service.

    Raises:
        ClickException: It does not; the message is the first reason.
    """
    for sentence in _problems(resource, project):
        raise ClickException(sentence)


def _problems(resource: Resource, project: Project) -> Iterator[str]:
    if resource.has_pages:
        yield from _page_problems(resource, project)
    for name in (resource.name, resource.plural):
        yield from _noun_problems(name, project)
    if resource.name == resource.plural:
        yield f"{resource.name} needs a plural of another spelling: add --plural."
    yield from _conflicts(resource, project)
    yield from _owner_problems(resource, project)
    for field in resource.fields:
        yield from _field_problems(field, resource, project)
    yield from _duplicates(resource)
    yield from _length_problems(resource, project)
    yield from _name_collisions(resource, project)


def _page_problems(resource: Resource, project: Project) -> Iterator[str]:
    if not project.has_pages:
        yield "This service has no pages: run `make template-set pages=true` first."
    if resource.name in TEMPLATE_NAMES:
        yield f"{resource.name} is reserved in templates of pages: choose another name."
    if resource.path in project.paths:
        yield f"The URL /{resource.path} is already taken: choose another name."
    for field in resource.fields:
        if field.column in FORM_NAMES:
            yield f"{field.column} is reserved in forms: choose another name for the field."


def _name_problems(name: str, project: Project) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield f"{name!r} is not a valid name: use a-z, digits and underscores between words."
    elif name in PYTHON_WORDS:
        yield f"{name} is a Python keyword or builtin: choose another name."
    elif name in project.sql_words:
        yield f"{name} is an SQL keyword: choose another name."


def _noun_problems(name: str, project: Project) -> Iterator[str]:
    yield from _name_problems(name, project)
    if name.startswith("test"):
        yield f"pytest would collect the class {camel_case(name)} as tests: choose another name."


def _conflicts(resource: Resource, project: Project) -> Iterator[str]:
    model = snake_case(resource.class_name)
    wanted = {resource.name, resource.plural, *(schema.format(model) for schema in SCHEMAS)}
    if taken := wanted & project.taken:
        yield f"The name {min(taken)} is already taken: choose another name."
    if reserved := wanted & reserved_names():
        yield f"The name {min(reserved)} is reserved for template options: choose another name."
    fixtures = {resource.name, f"make_{resource.name}", f"new_{resource.name}"}
    if taken := fixtures & project.fixtures:
        yield f"The tests have a fixture named {min(taken)} already: choose another name."
    for path in list_paths(resource, project).values():
        # A package hides a module of the same name.
        for place in (path, path.removesuffix(".py")):
            if (project.root / place).exists():
                yield f"{place} exists already: choose another name."


def _owner_problems(resource: Resource, project: Project) -> Iterator[str]:
    owner = resource.owner
    if not owner:
        return
    if not project.has_accounts:
        yield "This service has no users: leave out --owner."
    yield from _name_problems(owner, project)
    columns = {field.column for field in resource.fields}
    if owner in _reserved(resource, project) or columns & {owner, f"{owner}_id"}:
        yield f"{owner} cannot be the owner's name, because it is reserved or a field."


def _field_problems(field: Field, resource: Resource, project: Project) -> Iterator[str]:
    if not NAME.fullmatch(field.name):
        yield from _name_problems(field.name, project)
    yield from _name_problems(field.column, project)
    if field.column in _reserved(resource, project):
        yield f"{field.column} is reserved in every resource: choose another name for the field."
    if field.target == resource.name:
        yield (f"{field.target} cannot refer to itself: leave {field.name} out and add it by hand.")
    elif field.target and field.target not in project.targets:
        choices = ", ".join(sorted(project.targets)) or "none"
        yield f"{field.target} is not a model that a field can refer to; there are: {choices}."
    elif field.target and f"make_{field.target}" not in project.fixtures:
        yield f"The new tests need a fixture make_{field.target}: write one first."


def _reserved(resource: Resource, project: Project) -> set[str]:
    return {*RESERVED, *project.reserved_attributes, resource.name, resource.plural}


def _duplicates(resource: Resource) -> Iterator[str]:
    columns = [field.column for field in resource.fields]
    for column in columns:
        if columns.count(column) > 1:
            yield f"There are two fields named {column}."


def _length_problems(resource: Resource, project: Project) -> Iterator[str]:
    if len(revision_of(resource, project)) > MAX_REVISION_LENGTH:
        yield f"{resource.plural} is too long for the name of a revision: choose a shorter name."
    references = [(field.name, field.column, field.target) for field in resource.fields]
    if resource.owner:
        references.append((resource.owner, f"{resource.owner}_id", "user"))
    for name, column, target in references:
        other = project.targets[target].table if target else "not_deleted"
        if len(f"uq_{resource.plural}_{column}_{other}") > MAX_IDENTIFIER_LENGTH:
            yield f"{name} is too long for the names of its constraints: choose a shorter name."


def _name_collisions(resource: Resource, project: Project) -> Iterator[str]:
    reference = replace(resource, name="qqqq", plural="zzzz")
    for (path, text), plain in zip(
        _modules(resource, project).items(), _modules(reference, project).values(), strict=True
    ):
        if has_name_collision(text, plain):
            yield f"{path} would use one name for two things: choose another name for the resource."


def _modules(resource: Resource, project: Project) -> dict[str, str]:
    """Return the texts of all modules that mention the resource."""
    texts = render(resource, project) | {
        change.path: change.after for change in list_registrations(resource, project.root)
    }
    return {path: text for path, text in texts.items() if path.endswith(".py")}
