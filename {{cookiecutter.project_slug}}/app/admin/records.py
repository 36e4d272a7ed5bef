"""Tables as the admin shows them."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_admin.model.form import create_editable_list_form
from flask_admin.model.typefmt import bool_formatter, empty_formatter
from wtforms import Form

from app.admin.access import AdminRequiredMixin
from app.admin.changes import ServiceModelView
from app.admin.export import cell
from app.admin.listing import PaginatedListMixin
from app.extensions import db
from app.models.base import MAX_ID
from app.services.overview import Overview

ID = re.compile("[0-9]{1,10}")


def moment(_view: object, value: datetime, _name: str) -> str:
    """Show a moment to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


# Flask-Admin's metaclass copies views into every class, so the base that replaces a view comes first.
class RecordView(AdminRequiredMixin, ServiceModelView, PaginatedListMixin):
    """One table, with the rows that were deleted. Subclasses name its columns, forms and services."""

    list_template = "admin/records.html"
    can_export = True
    export_max_rows = 10_000
    column_type_formatters = {type(None): empty_formatter, bool: bool_formatter, datetime: moment}
    column_type_formatters_export = {type(None): empty_formatter}
    column_formatters_export = {}

    # Endpoint, label and icon of what a row leads to.
    row_links = [(".edit_view", "Edit", "pencil")]
    create_fields: type[Form]
    inline_fields: type[Form]
    # What the first page tells about the table.
    overview: Callable[[], Overview]

    def __init__(self, model: type[Any], name: str) -> None:
        """Live at `/admin/<name>`."""
        super().__init__(model, db, name=name.capitalize(), endpoint=f"admin_{name}", url=name)

    def get_create_form(self) -> type[Form]:
        """Return the fields of a new record."""
        return self.create_fields

    def get_edit_form(self) -> type[Form]:
        """Return the fields that may be changed."""
        return self.edit_fields

    def get_list_form(self) -> type[Form]:
        """Return the fields that may be changed in the list."""
        return create_editable_list_form(self.form_base_class, self.inline_fields)

    def get_one(self, id: str) -> Any:  # noqa: A002 - Flask-Admin's name
        """Return a record, if there can be one with this id."""
        possible = ID.fullmatch(str(id)) and int(id) <= MAX_ID
        return db.session.get(self.model, int(id)) if possible else None

    def get_export_value(self, model: Any, name: Any) -> str:
        """Write one cell of a CSV file."""
        return cell(super().get_export_value(model, name))
