"""Schemas of responses dump exactly what marshmallow alone dumps."""

import random
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from marshmallow import Schema, fields, pre_dump

from app.schemas.response import ResponseSchema


class Colour(Enum):
    """An enum with values of another kind than its names."""

    RED = 1
    BLUE = 2


class InnerSchema(ResponseSchema):
    """A nested schema."""

    id = fields.Integer()
    name = fields.String(data_key="", attribute="title")


class SampleSchema(ResponseSchema):
    """A schema of attributes."""

    id = fields.Integer(required=True)
    text = fields.String(data_key="words")
    flag = fields.Boolean()
    number = fields.Integer(as_string=True)
    colour = fields.Enum(Colour, by_value=True)
    created_at = fields.AwareDateTime()
    day = fields.Date()
    price = fields.Decimal(places=2, as_string=True)
    key = fields.UUID()
    inner = fields.Nested(InnerSchema)
    inners = fields.List(fields.Nested(InnerSchema))
    many = fields.Nested(InnerSchema, many=True)
    tags = fields.List(fields.String())
    anything = fields.Raw(dump_default="nothing")
    secret = fields.String(load_only=True)


class ComputedSchema(SampleSchema):
    """A schema that also has what is no attribute of an object."""

    inner_id = fields.Integer(attribute="inner.id")
    length = fields.Function(lambda obj: len(str(obj.text)))


INNER = [SimpleNamespace(id=1, title="a"), SimpleNamespace(id="2"), {"id": 3, "title": None}, None]
VALUES: list[Any] = [
    *(None, True, False, 0, 7, "7", "text", 1.5, Decimal("1.005"), Colour.RED, uuid.UUID(int=1)),
    *(datetime(2026, 1, 2, 3, 4, 5, 6, UTC), datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=2)))),
    *(date(2026, 1, 2), INNER[0], INNER, INNER[:2], [], ["a", 1]),
]
LIKELY: dict[str, Any] = {
    "id": 1,
    "text": "text",
    "flag": True,
    "number": 5,
    "colour": Colour.BLUE,
    "created_at": VALUES[11],
    "day": VALUES[13],
    "price": VALUES[8],
    "key": VALUES[10],
    "inner": INNER[0],
    "inners": INNER[:2],
    "many": INNER[:1],
    "tags": ["a"],
    "anything": {},
    "secret": "secret",
}


def outcome(dump: Any, schema: Schema, obj: Any, **options: Any) -> tuple[str, str]:
    """Return what a function dumps, with all types, or how it fails."""
    try:
        return "dumped", repr(dump(schema, obj, **options))
    except Exception as error:  # noqa: BLE001 - whatever marshmallow raises
        return type(error).__name__, str(error)


def sample(seed: int) -> Any:
    """Return an object or a dict, in which some values are missing or of other types."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    values = {
        name: chance.choice(VALUES) if chance.random() < 0.1 else value
        for name, value in LIKELY.items()
        if chance.random() > 0.02
    }
    return values if chance.random() < 0.2 else SimpleNamespace(**values)


@pytest.mark.parametrize("schema", [SampleSchema(), ComputedSchema()])
def test_any_object_is_dumped_as_by_marshmallow(schema):
    for seed in range(1000):
        obj = sample(seed)

        assert outcome(ResponseSchema.dump, schema, obj) == outcome(Schema.dump, schema, obj)


@pytest.mark.parametrize("options", [{"only": ["id", "inner.id"]}, {"exclude": ["inners.name", "day"]}])
def test_parts_of_an_object_are_dumped_as_by_marshmallow(options):
    schema = SampleSchema(**options)

    assert schema.dump(SimpleNamespace(**LIKELY)) == Schema.dump(schema, SimpleNamespace(**LIKELY))


@pytest.mark.parametrize("objects", [[], [sample(1), sample(2)], None])
@pytest.mark.parametrize("many", [True, False, None])
def test_lists_are_dumped_as_by_marshmallow(objects, many):
    schema = SampleSchema(many=True)

    mine = outcome(ResponseSchema.dump, schema, objects, many=many)

    assert mine == outcome(Schema.dump, schema, objects, many=many)


def test_hooks_are_run():
    class HookedSchema(InnerSchema):
        @pre_dump
        def replace(self, _obj, **_kwargs):
            """Dump another object."""
            return INNER[2]

    assert HookedSchema().dump(INNER[0]) == {"id": 3, "": None}


def test_plain_objects_are_dumped_without_marshmallow(monkeypatch):
    monkeypatch.delattr(Schema, "_serialize")

    assert InnerSchema().dump(INNER[0]) == {"id": 1, "": "a"}
