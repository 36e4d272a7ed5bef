"""Forms of rows."""

from typing import Any

from wtforms import HiddenField

from app.models.base import TimestampMixin
from app.web.forms import SchemaForm


class RowForm(SchemaForm):
    """A form of a row, with the version of the row that it shows: nothing newer is overwritten."""

    version = HiddenField()

    def __init__(self, row: TimestampMixin | None = None) -> None:
        """Show a row, or nothing yet."""
        super().__init__(obj=row, version=_version(row) if row else "")

    def values(self) -> dict[str, Any]:
        """Return what the schema loads from a valid form."""
        schema = self.schema()
        names = schema.fields.keys() & self._fields.keys()
        return dict(schema.load({name: self[name].data for name in names}))

    def shows_current(self, row: TimestampMixin) -> bool:
        """Return whether a row is still what the form showed."""
        return self.version.data == _version(row)


def _version(row: TimestampMixin) -> str:
    return row.updated_at.isoformat()
