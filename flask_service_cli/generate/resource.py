"""A resource, and its name in the spellings that files, classes, tables and URLs need."""

from dataclasses import dataclass

from flask_service_cli.generate.fields import Field

DEFAULT_OWNER = "owner"
SIBILANTS = ("s", "x", "z", "ch", "sh")
# Words whose first sound differs from their first letter.
AN_BEFORE_CONSONANT = ("hour", "honest", "heir")
A_BEFORE_VOWEL = ("uni", "use", "usa", "eu", "one", "once")


@dataclass(frozen=True)
class Resource:
    """The resource to generate."""

    name: str
    plural: str
    fields: tuple[Field, ...]
    # The relation to the user who created a row; empty in services without users.
    owner: str
    has_pages: bool

    @classmethod
    def create(
        cls,
        name: str,
        fields: tuple[Field, ...],
        *,
        plural: str | None,
        owner: str | None,
        has_accounts: bool,
        has_pages: bool,
    ) -> "Resource":
        """Create a resource from the options of the command."""
        if owner is None:
            owner = DEFAULT_OWNER if has_accounts else ""
        return cls(name, pluralize(name) if plural is None else plural, fields, owner, has_pages)

    @property
    def class_name(self) -> str:
        """The name of the model."""
        return camel_case(self.name)

    @property
    def collection_name(self) -> str:
        """The name of the view of all rows."""
        return camel_case(self.plural)

    @property
    def path(self) -> str:
        """The name of the resource in URLs."""
        return self.plural.replace("_", "-")

    @property
    def word(self) -> str:
        """The name in a sentence."""
        return self.name.replace("_", " ")

    @property
    def words(self) -> str:
        """The plural in a sentence."""
        return self.plural.replace("_", " ")

    @property
    def a_word(self) -> str:
        """The name in a sentence, with its article."""
        return f"{indefinite_article(self.word)} {self.word}"

    @property
    def unique_fields(self) -> list[Field]:
        """The fields whose values are unique among the rows that are not deleted."""
        return [field for field in self.fields if field.unique]

    @property
    def long_fields(self) -> list[Field]:
        """The fields whose texts are so long that lists leave them out."""
        return [field for field in self.fields if field.type_name == "text"]

    @property
    def references(self) -> list[Field]:
        """The fields that hold the id of a row of another model."""
        return [field for field in self.fields if field.target]

    @property
    def needs_value_fields(self) -> bool:
        """Whether the schemas use fields of `app/schemas/values.py`."""
        return any(field.type.value_field for field in self.fields)

    @property
    def needs_form_inputs(self) -> bool:
        """Whether the form uses filters or fields of `app/web/form_inputs.py`."""
        return self.has_pages and any(field.needs_form_input for field in self.fields)


def pluralize(name: str) -> str:
    """Return the regular English plural."""
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(SIBILANTS) else f"{name}s"


def indefinite_article(word: str) -> str:
    """Return `a` or `an`."""
    is_vowel = word.startswith(AN_BEFORE_CONSONANT) or (
        word.startswith(tuple("aeiou")) and not word.startswith(A_BEFORE_VOWEL)
    )
    return "an" if is_vowel else "a"


def camel_case(name: str) -> str:
    """Return the name of a class."""
    return "".join(word.capitalize() for word in name.split("_"))


def snake_case(name: str) -> str:
    """Return the name of a class as a variable is spelled."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")
