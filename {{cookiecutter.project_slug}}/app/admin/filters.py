"""What lists can be narrowed to."""

from collections.abc import Mapping
from typing import Any

from flask_admin.contrib.sqla.filters import BaseSQLAFilter
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

YES_NO = {"yes": True, "no": False}


class Choice(BaseSQLAFilter):
    """One of a few values of a column; nothing chosen means all."""

    def __init__(self, column: InstrumentedAttribute[Any], name: str, values: Mapping[str, Any]) -> None:
        """Offer values by the words that stand for them, in lists and in addresses."""
        super().__init__(column, name, options=[(word, word) for word in values])
        self.attribute = column
        self.values = values

    def operation(self) -> str:
        """Name what the filter does."""
        return "is"

    def validate(self, value: str) -> bool:
        """Know only the words that are offered."""
        return value == "" or value in self.values

    def clean(self, value: str) -> Any:
        """Return what a word stands for."""
        return self.values[value]

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:  # noqa: ARG002 - the base names it
        """Keep the rows that have the value."""
        return query.where(self.matches(value))

    def matches(self, value: Any) -> ColumnElement[bool]:
        """Compare with the column."""
        return self.attribute == value


class IsSetFilter(Choice):
    """Whether a column has a value at all."""

    def __init__(self, column: InstrumentedAttribute[Any], name: str) -> None:
        """Offer yes and no."""
        super().__init__(column, name, YES_NO)

    def matches(self, value: bool) -> ColumnElement[bool]:  # noqa: FBT001 - one of `YES_NO`
        """Ask for a value, or for none."""
        return self.attribute.is_not(None) if value else self.attribute.is_(None)
