"""What there is already: asked at run time, so that it stays true when the project changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from click import ClickException
from flask import current_app

from app.extensions import db
from app.models.base import Base, SoftDeleteMixin
from tools.new_resource.resource import camel

FIXTURE = re.compile(r"^@(?:pytest\.)?fixture\b[\s\S]*?\ndef (\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Target:
    """A model that fields may refer to by its id."""

    name: str
    model: type[Any]

    @property
    def table(self) -> str:
        """Name the table."""
        return self.model.__tablename__

    @property
    def owned(self) -> bool:
        """Tell whether each row belongs to somebody by the rules of this command."""
        return hasattr(self.model, "owner_id")

    @property
    def has_viewers(self) -> bool:
        """Tell whether its service decides who sees a row: `get_invoice(viewer, invoice_id)`."""
        name = f"app.services.{self.table}"
        getter = getattr(import_module(name), f"get_{self.name}", None) if find_spec(name) else None
        needed = signature(getter).parameters.values() if getter else ()
        return [parameter.default for parameter in needed].count(Parameter.empty) == 2


@dataclass(frozen=True)
class Project:
    """The parts of a project that a new resource has to fit to."""

    root: Path
    has_accounts: bool
    targets: dict[str, Target]
    # Names of models, tables, blueprints and schemas; two of one kind must not be called the same.
    taken: frozenset[str]
    # Those that every test can ask for.
    fixtures: frozenset[str]
    head: str
    number: int

    @classmethod
    def read(cls, root: Path) -> "Project":
        """Look around, in the context of the app."""
        head, number = _read_revisions()
        models = {_name_of(mapper.class_): mapper.class_ for mapper in Base.registry.mappers}
        return cls(
            root=root,
            has_accounts=(root / "app/security/guard.py").exists(),
            targets={name: Target(name, model) for name, model in models.items() if _can_be_target(model)},
            taken=frozenset({*models, *db.metadata.tables, *current_app.blueprints, *_schemas()}),
            fixtures=frozenset(_fixtures(root / "tests")),
            head=head,
            number=number,
        )


def _name_of(model: type[Any]) -> str:
    """Return the name that the model was made with: its module's, which alone knows the words of `plan_2`."""
    module = model.__module__.rpartition(".")[2]
    return module if camel(module) == model.__name__ else snake(model.__name__)


def _can_be_target(model: type[Any]) -> bool:
    return issubclass(model, SoftDeleteMixin) and model.__table__.c.id.type.python_type is int


def _read_revisions() -> tuple[str, int]:
    """Return the last revision and the number of the next one."""
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    heads, names = scripts.get_heads(), [script.revision for script in scripts.walk_revisions()]
    numbers = [int(name.partition("_")[0]) for name in names if re.match(r"[0-9]+_", name)]
    number = max(numbers, default=0) + 1
    if len(heads) != 1:
        merge = f"flask db merge heads --rev-id {number:04}_join"
        raise ClickException(f"The migrations end in {len(heads)} heads: merge them with `{merge}`.")
    return heads[0], number


def _schemas() -> set[str]:
    """Name the schemas of the API's document."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return {snake(name) for name in api.spec.components.schemas}


def _fixtures(folder: Path) -> Iterator[str]:
    """Name the fixtures of `conftest.py` and its plugins, and the one whose name pytest keeps to itself."""
    yield "request"
    for path in set(folder.glob("*.py")) - set(folder.glob("test_*.py")):
        yield from FIXTURE.findall(path.read_text(encoding="utf-8"))


def snake(name: str) -> str:
    """Spell the name of a class like a variable."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
