"""Describe a service as JSON; run by the service's own interpreter in the service's folder.

Models can be defined anywhere and migrations can have been merged, so the loaded app is asked
instead of its sources. The database is not used.
"""

import json
import os
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import current_app
from marshmallow import Schema
from ruff import find_ruff_bin
from sqlalchemy.dialects import mysql, postgresql, sqlite

sys.path.insert(0, os.getcwd())  # noqa: PTH109 - missing where PYTHONSAFEPATH is set

from app import SETTINGS, create_app
from app.extensions import db
from app.models.base import Base, SoftDeleteMixin, TimestampMixin


def describe_service() -> dict[str, Any]:
    """Return what a new resource must fit to."""
    models = [describe_model(mapper) for mapper in Base.registry.mappers]
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    dialects = (mysql.dialect(), postgresql.dialect(), sqlite.dialect())
    return {
        "ruff": find_ruff_bin(),
        "has_accounts": Path("app/security/guard.py").exists(),
        "has_pages": Path("app/pages/__init__.py").exists(),
        "models": models,
        "tables": [*db.metadata.tables],
        "blueprints": [*current_app.blueprints],
        "paths": sorted({rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()}),
        "settings": [
            name for setting in SETTINGS for name in (setting.name, setting.environment_variable)
        ],
        "schemas": [*api.spec.components.schemas],
        "heads": scripts.get_heads(),
        "revisions": [script.revision for script in scripts.walk_revisions()],
        "reserved_attributes": sorted(
            {*dir(db.Model), *dir(TimestampMixin), *dir(SoftDeleteMixin), *dir(Schema)}
        ),
        "sql_words": sorted(
            {word for it in dialects for word in it.identifier_preparer.reserved_words}
        ),
    }


def describe_model(mapper: Any) -> dict[str, Any]:
    """Return the facts about a model that fields can refer to."""
    model = mapper.class_
    name, table = model_name(model), mapper.local_table
    actor = actor_parameter(name, table.name)
    return {
        "name": name,
        "class_name": model.__name__,
        "module": model.__module__,
        "table": table.name,
        "is_target": issubclass(model, SoftDeleteMixin) and table.c.id.type.python_type is int,
        "takes_actor": actor is not None,
        "owner": owner_of(mapper) if actor == "User" else None,
    }


def model_name(model: type[Any]) -> str:
    """Return the name the model was generated with: only its module keeps the words of `plan_2`."""
    module = model.__module__.rpartition(".")[2]
    is_same = module.replace("_", "") == model.__name__.lower()
    return module if is_same else re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def actor_parameter(name: str, table: str) -> str | None:
    """Return the type of the actor in `get_invoice(actor, invoice_id)`, None if it has no actor."""
    service = f"app.services.{table}"
    getter = getattr(import_module(service), f"get_{name}", None) if find_spec(service) else None
    parameters = signature(getter).parameters.values() if getter else ()
    required = [each.annotation for each in parameters if each.default is Parameter.empty]
    return getattr(required[0], "__name__", str(required[0])) if len(required) == 2 else None


def owner_of(mapper: Any) -> str | None:
    """Return the relation to the user a row belongs to, if every row belongs to one."""
    for relation in mapper.relationships:
        columns = [*relation.local_columns]
        if relation.mapper.class_.__name__ == "User" and not columns[0].nullable:
            return relation.key
    return None


with create_app("development").app_context():
    print(json.dumps(describe_service()))
