"""What no resource can be made of: everything is checked before a file is written."""

import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import replace

from click import ClickException
from marshmallow import Schema
from sqlalchemy.dialects import mysql, postgresql, sqlite

from app.extensions import db
from app.models.base import SoftDeleteMixin, TimestampMixin
from tools.new_resource.fields import Field
from tools.new_resource.files import paths_of, rendered, revision_of
from tools.new_resource.project import Project, snake
from tools.new_resource.resource import Resource, camel
from tools.new_resource.scopes import confuses

CLEAN = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_IDENTIFIER = 63  # PostgreSQL's; MySQL's has one more
LONGEST_REVISION = 32  # Alembic's column
SCHEMAS = ("{}", "{}_page", "{}_create", "{}_update")
# What Python adds for people at its prompt, like `license`, is no word of the language.
PROMPT = {name for name, value in vars(builtins).items() if type(value).__module__ == "_sitebuiltins"}
PYTHON_WORDS = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)} - PROMPT
SQL_WORDS = {
    word
    for dialect in (mysql.dialect(), postgresql.dialect(), sqlite.dialect())
    for word in dialect.identifier_preparer.reserved_words
}
# Attributes of every model and schema, and names that the written modules use themselves.
RESERVED = {*dir(db.Model), *dir(TimestampMixin), *dir(SoftDeleteMixin), *dir(Schema)}
RESERVED |= {"self", "id", "owner", "owner_id", "living", "query", "dt", "fields", "mapped_column", "mysql"}
RESERVED |= {"db", "page", "per_page", "changes", "actor"}
# Tables, schemas, blueprints, modules and folders that come with other answers to the template.
LATER = {
    *("account", "accounts", "admin", "author", "auth", "browsers", "credentials", "csrf", "login"),
    *("login_session", "login_sessions", "models", "password_change", "registration", "security", "login"),
    *("token", "token_pair", "tokens", "user", "user_page", "user_update", "users"),
}


def check(resource: Resource, project: Project) -> None:
    """Let a resource pass that fits into the project.

    Raises:
        ClickException: The first reason why it does not.
    """
    for sentence in _problems(resource, project):
        raise ClickException(sentence)


def _problems(resource: Resource, project: Project) -> Iterator[str]:
    for name in (resource.name, resource.plural):
        yield from _bad_noun(name)
    if resource.name == resource.plural:
        yield f"{resource.name} needs a plural of another spelling: add --plural with one."
    yield from _clashes(resource, project)
    for field in resource.fields:
        yield from _bad_field(field, resource, project)
    yield from _doubles(resource)
    yield from _too_long(resource, project)
    yield from _confusions(resource, project)


def _bad_word(name: str) -> Iterator[str]:
    if not CLEAN.fullmatch(name):
        yield f"{name!r} is no name: use lower-case letters a-z and digits, underscores between words."
    elif name in PYTHON_WORDS:
        yield f"{name} is a word of Python: choose another name."
    elif name in SQL_WORDS:
        yield f"{name} is a word of SQL: choose another name."


def _bad_noun(name: str) -> Iterator[str]:
    yield from _bad_word(name)
    if name.startswith("test"):
        yield f"pytest would take a class called {camel(name)} for tests: choose another name."


def _clashes(resource: Resource, project: Project) -> Iterator[str]:
    model = snake(resource.class_name)
    wanted = {resource.name, resource.plural, *(schema.format(model) for schema in SCHEMAS)}
    if taken := wanted & project.taken:
        yield f"There is already something called {min(taken)}: choose another name."
    if later := wanted & LATER:
        yield f"{min(later)} is reserved for what other answers to the template bring: choose another name."
    if fixtures := {resource.name, f"make_{resource.name}", f"new_{resource.name}"} & project.fixtures:
        yield f"The tests have a fixture called {min(fixtures)}: choose another name."
    for path in paths_of(resource, project).values():
        # A folder hides a module of its name.
        for place in (path, path.removesuffix(".py")):
            if (project.root / place).exists():
                yield f"{place} exists already: choose another name."


def _bad_field(field: Field, resource: Resource, project: Project) -> Iterator[str]:
    if not CLEAN.fullmatch(field.name):
        yield from _bad_word(field.name)
    yield from _bad_word(field.column)
    if field.column in RESERVED | {resource.name, resource.plural}:
        yield f"{field.column} is reserved in every resource: call the field something else."
    if field.target == resource.name:
        yield f"{field.target} cannot refer to itself yet: leave {field.name} out and add it by hand."
    elif field.target and field.target not in project.targets:
        choices = ", ".join(sorted(project.targets)) or "none"
        yield f"{field.target} is no model that a field can refer to; there are: {choices}."
    elif field.target and f"make_{field.target}" not in project.fixtures:
        yield f"The tests have no fixture make_{field.target}: write one first, new tests would need it."


def _doubles(resource: Resource) -> Iterator[str]:
    columns = [field.column for field in resource.fields]
    for column in columns:
        if columns.count(column) > 1:
            yield f"There are two fields called {column}."


def _too_long(resource: Resource, project: Project) -> Iterator[str]:
    if len(revision_of(resource, project)) > LONGEST_REVISION:
        yield f"{resource.plural} is too long for the name of a revision: choose a shorter name."
    for field in resource.fields:
        target = project.targets[field.target].table if field.target else "living"
        if len(f"uq_{resource.plural}_{field.column}_{target}") > LONGEST_IDENTIFIER:
            yield f"{field.name} is too long for the names of its constraints: choose a shorter name."


def _confusions(resource: Resource, project: Project) -> Iterator[str]:
    plain = rendered(replace(resource, name="qqqq", given_plural="zzzz"), project).values()
    for (path, text), unmistakable in zip(rendered(resource, project).items(), plain, strict=True):
        if confuses(text, unmistakable):
            yield f"{path} would use one name for two things: call the resource something else."
