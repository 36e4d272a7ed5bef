"""The fields of a resource, parsed from the command line."""

from dataclasses import dataclass

from click import ClickException

from flask_service_cli.generate.field_types import TYPES, FieldType

MODIFIERS = {"optional", "unique"}


@dataclass(frozen=True)
class Field:
    """One field of a resource."""

    name: str
    type_name: str
    target: str = ""
    optional: bool = False
    unique: bool = False

    @property
    def type(self) -> FieldType:
        """What the type is in each layer."""
        return TYPES[self.type_name]

    @property
    def column(self) -> str:
        """The name of the attribute, column and JSON field."""
        return f"{self.name}_id" if self.target else self.name

    @property
    def word(self) -> str:
        """The name in a sentence."""
        return self.name.replace("_", " ")

    @property
    def annotation(self) -> str:
        """The Python type of the attribute."""
        return f"{self.type.python} | None" if self.optional else self.type.python

    @property
    def constant(self) -> str:
        """The name of the constant that holds the maximum length."""
        return f"{self.name}_length".upper()

    def column_type(self, length: str | int | None) -> str:
        """Return the type of the column; unique strings are compared case-sensitively."""
        column = self.type.unique_column if self.unique else self.type.column
        return (column or self.type.column).format(length=length)

    def dump_field(self) -> str:
        """Return the field of the schema for responses."""
        return self._call(
            *self.type.dump_field, "required=True", *["allow_none=True"] * self.optional
        )

    def load_field(self, *, new: bool) -> str:
        """Return the field of the schema for new rows, or for changes."""
        default = ["load_default=None" if self.optional else "required=True"] * new
        return self._call(*self.type.load_field, *["allow_none=True"] * self.optional, *default)

    @property
    def label(self) -> str:
        """The label in forms and on pages."""
        note = {"ref": " ID", "datetime": " (UTC)"}.get(self.type_name, "")
        return self.word[0].upper() + self.word[1:] + note

    @property
    def needs_form_input(self) -> bool:
        """Whether the field in forms uses something of `app/web/form_inputs.py`."""
        return self.optional or self.type.has_form_input

    def form_field(self) -> str:
        """Return the field of the form of pages."""
        form_field, *arguments = self.type.form_field
        filters = [*self.type.form_filters, *["none_if_empty"] * self.optional]
        if self.optional and self.type_name == "bool":
            form_field, filters = "OptionalBooleanField", []
        if filters:
            arguments.insert(0, f"filters=[{', '.join(filters)}]")
        return f"{form_field}({', '.join([repr(self.label), *arguments])})"

    def _call(self, name: str, *arguments: str) -> str:
        return f"{name}({', '.join(arguments)})".format(length=self.constant)


def parse_field(text: str) -> Field:
    """Parse `name:type[:target][:modifier]...`.

    Raises:
        ClickException: The text has another form.
    """
    name, *words = text.split(":")
    if not words or words[0] not in TYPES:
        raise ClickException(f"{text}: write NAME:TYPE with one of the types {', '.join(TYPES)}.")
    type_name, *words = words
    target = words.pop(0) if type_name == "ref" and words else ""
    _validate_words(text, type_name, target, words)
    return Field(name, type_name, target, optional="optional" in words, unique="unique" in words)


def _validate_words(text: str, type_name: str, target: str, modifiers: list[str]) -> None:
    if type_name == "ref" and target in MODIFIERS | {""}:
        raise ClickException(f"{text}: write NAME:ref:MODEL, for example customer:ref:user.")
    if unknown := set(modifiers) - MODIFIERS:
        raise ClickException(f"{text}: {min(unknown)!r} is neither `optional` nor `unique`.")
    if len(set(modifiers)) < len(modifiers):
        raise ClickException(f"{text}: a modifier is repeated.")
    if "unique" in modifiers and TYPES[type_name].unique_column is None:
        raise ClickException(
            f"{text}: {type_name} cannot be unique on every database; str and int can."
        )
