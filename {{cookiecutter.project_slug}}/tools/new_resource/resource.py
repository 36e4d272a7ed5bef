"""A resource, in the spellings that files, classes, tables and addresses need."""

from dataclasses import dataclass

from tools.new_resource.fields import Field

SIBILANTS = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True)
class Resource:
    """What is to be written."""

    name: str
    given_plural: str | None
    fields: tuple[Field, ...]
    # Whether each row belongs to the user who made it.
    owned: bool

    @property
    def plural(self) -> str:
        """Name the table, the service and the views."""
        return pluralise(self.name) if self.given_plural is None else self.given_plural

    @property
    def class_name(self) -> str:
        """Name the model."""
        return camel(self.name)

    @property
    def views_name(self) -> str:
        """Name the view of all rows."""
        return camel(self.plural)

    @property
    def path(self) -> str:
        """Name the resource in addresses."""
        return self.plural.replace("_", "-")

    @property
    def uniques(self) -> list[Field]:
        """Return the fields whose value only one living row has."""
        return [field for field in self.fields if field.unique]

    @property
    def refs(self) -> list[Field]:
        """Return the fields that hold the id of something else."""
        return [field for field in self.fields if field.target]


def pluralise(name: str) -> str:
    """Form the plural by the rules of English, without its exceptions."""
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(SIBILANTS) else f"{name}s"


def camel(name: str) -> str:
    """Spell a name like a class."""
    return "".join(word.capitalize() for word in name.split("_"))
