"""The types a field can have: a row says what each of them is on every floor."""

from dataclasses import dataclass, replace

TEXT_LENGTH = 100_000
STRING_LENGTH = 200


@dataclass(frozen=True)
class Kind:
    """One type. Texts are Python; `{length}` is the name or the value of a constant."""

    python: str
    # What a migration says; a model says it only where the annotation does not.
    column: str
    # What comes in and what goes out: a class of fields, and its arguments.
    field: tuple[str, ...]
    shown: tuple[str, ...]
    # In tests: the value of the row number `n`, a JSON value, the smallest and the largest one, and
    # some that do not fit.
    made: str
    sent: str
    bounds: tuple[str, ...]
    refused: tuple[str, ...]
    annotated: bool = True
    # What makes equal on every database what is equal in Python; None if there is no way.
    binary: str | None = ""
    length: int | None = None


STRING = Kind(
    python="str",
    column="String({length})",
    field=("Text", "max_length={length}", "allow_blank=False"),
    shown=("fields.String",),
    made='f"Number {n}"',
    sent='"Something new"',
    bounds=('"x"', '"🙂" * {length}'),
    refused=("1", '" "', '"x" * ({length} + 1)', '"a\\x00"', '"\\ud800"'),
    annotated=False,
    binary='.with_variant(mysql.VARCHAR({length}, collation="utf8mb4_bin"), "mysql", "mariadb")',
    length=STRING_LENGTH,
)
KINDS = {
    "str": STRING,
    "text": replace(
        STRING,
        column='Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")',
        binary=None,
        length=TEXT_LENGTH,
    ),
    "int": Kind(
        python="int",
        column="Integer()",
        field=("Int32",),
        shown=("fields.Integer",),
        made="n",
        sent="1000",
        bounds=("-(2**31)", "2**31 - 1"),
        refused=('"1"', "True", "1.5", "2**31", "-(2**31) - 1"),
    ),
    "decimal": Kind(
        python="Decimal",
        column="Numeric(12, 2)",
        field=("Decimal", "digits=12", "places=2"),
        shown=("Decimal", "digits=12", "places=2"),
        made='n + Decimal("0.25")',
        sent='"1234.50"',
        bounds=('"-9999999999.99"', '"9999999999.99"'),
        refused=("12.5", '"1.234"', '"12345678901"', '"NaN"', '""'),
        annotated=False,
    ),
    "bool": Kind(
        python="bool",
        column="Boolean()",
        field=("StrictBoolean",),
        shown=("fields.Boolean",),
        made="False",
        sent="True",
        bounds=("False", "True"),
        refused=("1", '"yes"'),
        binary=None,
    ),
    "date": Kind(
        python="dt.date",
        column="Date()",
        field=("Date",),
        shown=("fields.Date",),
        made="dt.date(2026, 1, 1) + dt.timedelta(days=n)",
        sent='"2030-01-31"',
        bounds=('"1000-01-01"', '"9999-12-31"'),
        refused=("1", '"2026-02-30"', '"31.01.2026"', '"0999-12-31"'),
    ),
    "datetime": Kind(
        python="dt.datetime",
        column="UTCDateTime()",
        field=("UTCDateTime",),
        shown=("fields.AwareDateTime",),
        made="dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=n)",
        sent='"2030-01-31T12:00:00.123456+00:00"',
        bounds=('"1000-01-01T00:00:00+00:00"', '"9999-12-30T23:59:59.999999+00:00"'),
        refused=("1", '"2026-01-31"', '"2026-01-31T12:00:00"', '"9999-12-31T23:59:59-12:00"'),
    ),
    "ref": Kind(
        python="int",
        column="Integer()",
        field=("Int32", "minimum=1"),
        shown=("fields.Integer",),
        made="",
        sent="",
        bounds=(),
        refused=("0", "2**31", '"1"', "True"),
        annotated=False,
    ),
}
