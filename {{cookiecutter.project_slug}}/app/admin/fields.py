"""List columns: filters, formatting."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_admin.contrib.sqla.filters import BaseSQLAFilter
from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

YES_NO = {"yes": True, "no": False}
BADGE = Markup('<span class="badge badge-{}">{}</span>')
BADGE_STYLES = {"active": "success", "published": "success", "deleted": "danger"}
# OWASP, CSV Injection: characters that start a formula, also in full width. Spreadsheets that expect
# semicolons as separators start a new cell after each semicolon, tab or line break.
FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])")


class ChoiceFilter(BaseSQLAFilter):
    """Filter a list by one of a few values of a column; an empty choice means all."""

    def __init__(self, column: InstrumentedAttribute[Any], name: str, values: Mapping[str, Any]) -> None:
        """Offer values under the words that stand for them in the page and in its URL."""
        super().__init__(column, name, options=[(word, word) for word in values])
        self.attribute = column
        self.values = values

    def operation(self) -> str:
        """Return the name of the operation, which is part of the query parameter."""
        return "is"

    def validate(self, value: str) -> bool:
        """Accept only the words that are offered."""
        return value == "" or value in self.values

    def clean(self, value: str) -> Any:
        """Return the value that a word stands for."""
        return self.values[value]

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:  # noqa: ARG002 - the base names it
        """Keep the matching rows."""
        return query.where(self.matches(value))

    def matches(self, value: Any) -> ColumnElement[bool]:
        """Return the SQL criterion."""
        return self.attribute == value


class IsSetFilter(ChoiceFilter):
    """Filter a list by whether a column has a value."""

    def __init__(self, column: InstrumentedAttribute[Any], name: str) -> None:
        """Offer yes and no."""
        super().__init__(column, name, YES_NO)

    def matches(self, value: bool) -> ColumnElement[bool]:  # noqa: FBT001 - one of `YES_NO`
        """Return the SQL criterion."""
        return self.attribute.is_not(None) if value else self.attribute.is_(None)


def format_badge(state: str) -> Markup:
    """Show a state as a coloured badge."""
    return BADGE.format(BADGE_STYLES.get(state, "secondary"), state)


def format_datetime(_view: object, value: datetime, _name: str) -> str:
    """Show a time to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


def format_csv_cell(value: Any) -> str:
    """Return text that no spreadsheet runs as a formula."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return FORMULA.sub(r"\1'", text)
