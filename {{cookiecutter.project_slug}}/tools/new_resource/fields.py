"""Fields, from the words of the command line."""

from dataclasses import dataclass

from click import ClickException

from tools.new_resource.kinds import KINDS, Kind

MODIFIERS = {"optional", "unique"}


@dataclass(frozen=True)
class Field:
    """What a resource knows of something."""

    name: str
    type: str
    target: str = ""
    optional: bool = False
    unique: bool = False

    @property
    def kind(self) -> Kind:
        """Say what the type is on every floor."""
        return KINDS[self.type]

    @property
    def column(self) -> str:
        """Name the attribute, column and JSON field."""
        return f"{self.name}_id" if self.target else self.name

    @property
    def python(self) -> str:
        """Return the type of the attribute."""
        return f"{self.kind.python} | None" if self.optional else self.kind.python

    @property
    def constant(self) -> str:
        """Name the longest length that a text can have, in models and schemas."""
        return f"{self.name}_length".upper()

    def sql(self, length: str | int | None) -> str:
        """Return the type of the column; unique texts are compared as they are written."""
        return (self.kind.column + ((self.kind.binary or "") if self.unique else "")).format(length=length)

    def shown(self) -> str:
        """Return the field of the schema that is read."""
        return self._call(*self.kind.shown, "required=True", *["allow_none=True"] * self.optional)

    def taken(self, *, new: bool) -> str:
        """Return the field of the schema for new rows, or for changes."""
        default = ["load_default=None" if self.optional else "required=True"] * new
        return self._call(*self.kind.field, *["allow_none=True"] * self.optional, *default)

    def _call(self, name: str, *arguments: str) -> str:
        return f"{name}({', '.join(arguments)})".format(length=self.constant)


def parse(text: str) -> Field:
    """Read `name:type[:target][:modifier]...`.

    Raises:
        ClickException: It is something else.
    """
    name, *words = text.split(":")
    if not words or words[0] not in KINDS:
        raise ClickException(f"{text}: write NAME:TYPE with one of the types {', '.join(KINDS)}.")
    kind, *words = words
    target = words.pop(0) if kind == "ref" and words else ""
    _check_words(text, kind, target, words)
    return Field(name, kind, target, optional="optional" in words, unique="unique" in words)


def _check_words(text: str, kind: str, target: str, modifiers: list[str]) -> None:
    if kind == "ref" and target in MODIFIERS | {""}:
        raise ClickException(f"{text}: write NAME:ref:MODEL, for example customer:ref:user.")
    if unknown := set(modifiers) - MODIFIERS:
        raise ClickException(f"{text}: {min(unknown)!r} is neither `optional` nor `unique`.")
    if len(set(modifiers)) < len(modifiers):
        raise ClickException(f"{text}: says something twice.")
    if "unique" in modifiers and KINDS[kind].binary is None:
        raise ClickException(f"{text}: {kind} cannot be unique on every database; str and int can.")
