"""The types a field can have, and what each of them is in models, schemas, migrations and tests."""

from dataclasses import dataclass, replace

TEXT_LENGTH = 100_000
STRING_LENGTH = 200


@dataclass(frozen=True)
class FieldType:
    """One type. The strings are Python code; `{length}` is a number or the name of a constant."""

    python: str
    # The type of the column in migrations, and in models unless the annotation implies it.
    column: str
    # Classes and arguments of the marshmallow fields for requests and responses.
    load_field: tuple[str, ...]
    dump_field: tuple[str, ...]
    # In tests: the value of row number `n`, a valid JSON value, the bounds, and invalid values.
    row_value: str
    json_value: str
    bounds: tuple[str, ...]
    invalid_values: tuple[str, ...]
    annotation_implies_column: bool = True
    # The column if it is unique, empty if it is the same; None if the type cannot be unique.
    unique_column: str | None = ""
    length: int | None = None
    # The class in app/schemas/values.py that `load_field` uses.
    value_field: str = ""
    # The class, arguments and filters of the field in forms of pages, whether some of these are in
    # app/web/form_inputs.py, and in tests an invalid text.
    form_field: tuple[str, ...] = ("StringField",)
    form_filters: tuple[str, ...] = ()
    has_form_input: bool = False
    invalid_text: str = ""


STRING = FieldType(
    python="str",
    column="String({length})",
    load_field=("Text", "max_length={length}", "allow_blank=False"),
    dump_field=("fields.String",),
    row_value='f"Number {n}"',
    json_value='"Something new"',
    bounds=('"x"', '"🙂" * {length}'),
    invalid_values=("1", '" "', '"x" * ({length} + 1)', '"a\\x00"'),
    annotation_implies_column=False,
    unique_column="CaseSensitiveString({length})",
    length=STRING_LENGTH,
    invalid_text='"x" * ({length} + 1)',
)
TYPES = {
    "str": STRING,
    "text": replace(
        STRING,
        column="LongText()",
        unique_column=None,
        length=TEXT_LENGTH,
        form_field=("TextAreaField", 'render_kw={"rows": 12}'),
        form_filters=("normalize_newlines",),
    ),
    "int": FieldType(
        python="int",
        column="Integer()",
        load_field=("Int32",),
        dump_field=("fields.Integer",),
        row_value="n",
        json_value="1000",
        bounds=("-(2**31)", "2**31 - 1"),
        invalid_values=('"1"', "True", "1.5", "2**31", "-(2**31) - 1"),
        value_field="Int32",
        form_field=("StringField", "widget=NumberInput()"),
        form_filters=("parse_integer",),
        has_form_input=True,
        invalid_text='"1.5"',
    ),
    "decimal": FieldType(
        python="Decimal",
        column="Numeric(12, 2)",
        load_field=("Decimal", "digits=12", "places=2"),
        dump_field=("Decimal", "digits=12", "places=2"),
        row_value='n + Decimal("0.25")',
        json_value='"1234.50"',
        bounds=('"-9999999999.99"', '"9999999999.99"'),
        invalid_values=("12.5", '"1.234"', '"12345678901"', '"NaN"', '""'),
        annotation_implies_column=False,
        value_field="Decimal",
        form_field=("StringField", 'widget=NumberInput(step="0.01")'),
        invalid_text='"1.234"',
    ),
    "bool": FieldType(
        python="bool",
        column="Boolean()",
        load_field=("StrictBoolean",),
        dump_field=("fields.Boolean",),
        row_value="False",
        json_value="True",
        bounds=("False", "True"),
        invalid_values=("1", '"true"'),
        unique_column=None,
        form_field=("BooleanField",),
    ),
    "date": FieldType(
        python="dt.date",
        column="Date()",
        load_field=("Date",),
        dump_field=("fields.Date",),
        row_value="dt.date(2026, 1, 1) + dt.timedelta(days=n)",
        json_value='"2030-01-31"',
        bounds=('"1000-01-01"', '"9999-12-31"'),
        invalid_values=("1", '"2026-02-30"', '"31.01.2026"', '"0999-12-31"'),
        value_field="Date",
        form_field=("StringField", "widget=DateInput()"),
        invalid_text='"31.01.2026"',
    ),
    "datetime": FieldType(
        python="dt.datetime",
        column="UTCDateTime()",
        load_field=("UTCDateTime",),
        dump_field=("fields.AwareDateTime",),
        row_value="dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=n)",
        json_value='"2030-01-31T12:00:00.123456+00:00"',
        bounds=('"1000-01-01T00:00:00+00:00"', '"9999-12-30T23:59:59.999999+00:00"'),
        invalid_values=(
            "1",
            '"2026-01-31"',
            '"2026-01-31T12:00:00"',
            '"9999-12-31T23:59:59-12:00"',
        ),
        value_field="UTCDateTime",
        form_field=("UTCDateTimeField",),
        has_form_input=True,
        invalid_text='"2026-01-31"',
    ),
    "ref": FieldType(
        python="int",
        column="Integer()",
        load_field=("Int32", "minimum=1"),
        dump_field=("fields.Integer",),
        row_value="",
        json_value="",
        bounds=(),
        invalid_values=("0", "2**31", '"1"', "True"),
        annotation_implies_column=False,
        value_field="Int32",
        form_field=("StringField", "widget=NumberInput()"),
        form_filters=("parse_integer",),
        has_form_input=True,
        invalid_text='"0"',
    ),
}
# Column types that migrations import from app.db.types instead of SQLAlchemy.
OWN_COLUMN_TYPES = ("CaseSensitiveString", "LongText", "UTCDateTime")
