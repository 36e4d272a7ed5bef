"""Tables: Flask-Admin shows them, and every change goes through the services."""

import re
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import flash, request
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.model.form import create_editable_list_form
from flask_admin.model.typefmt import bool_formatter, empty_formatter
from wtforms import Form

from app.admin.access import AdminsOnly
from app.admin.export import cell
from app.admin.listing import BoundedList
from app.errors import AppError, ConflictError, InvalidInputError
from app.extensions import db
from app.models.base import MAX_ID

ID = re.compile("[0-9]{1,10}")


def moment(_view: object, value: datetime, _name: str) -> str:
    """Show a moment to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


class RecordView(AdminsOnly, BoundedList):
    """One table. Subclasses name its columns, its forms and the services that change it."""

    list_template = "admin/records.html"
    can_export = True
    export_max_rows = 10_000
    column_type_formatters = {type(None): empty_formatter, bool: bool_formatter, datetime: moment}
    column_type_formatters_export = {type(None): empty_formatter}
    column_formatters_export = {}

    row_links = [(".edit_view", "Edit", "pencil")]
    create_fields: type[Form]
    edit_fields: type[Form]
    inline_fields: type[Form]

    def __init__(self, model: type[Any], name: str) -> None:
        """Live at `/admin/<name>`."""
        super().__init__(model, db, name=name.capitalize(), endpoint=f"admin_{name}", url=name)

    def create(self, values: Mapping[str, Any]) -> Any:
        """Make a record."""
        raise NotImplementedError

    def change(self, record: Any, values: Mapping[str, Any]) -> Any:
        """Change the given fields of a record."""
        raise NotImplementedError

    def remove(self, record: Any) -> None:
        """Hide a record."""
        raise NotImplementedError

    def restore(self, record: Any) -> None:
        """Show a record again."""
        raise NotImplementedError

    def row_actions(self, record: Any) -> list[str]:
        """Name the actions that make sense for a record."""
        return ["restore"] if record.is_deleted else ["delete"]

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
        """Return a record, deleted or not, if there can be one with this id."""
        found = ID.fullmatch(str(id)) and int(id) <= MAX_ID
        return db.session.get(self.model, int(id)) if found else None

    def get_export_value(self, model: Any, name: Any) -> str:
        """Write one cell of a CSV file."""
        return cell(super().get_export_value(model, name))

    def create_model(self, form: Form) -> Any:
        """Make a record of a valid form."""
        with broken_rules(flash_error):
            return self.create(form.data)
        return False

    def update_model(self, form: Form, model: Any) -> bool:
        """Change what a valid form holds, which in the list is one field."""
        values = {name: value for name, value in form.data.items() if name in self.edit_fields.__dict__}
        with broken_rules(flash_error):
            if model.is_deleted:
                raise ConflictError("It was deleted: restore it before you change it.")
            self.change(model, values)
            return True
        return False

    def delete_model(self, model: Any) -> bool:
        """Hide a record."""
        with broken_rules(flash_error):
            self.remove(model)
            return True
        return False

    @action("delete", "Delete", "Delete what is selected? It can be restored.")
    def action_delete(self, ids: Iterable[str]) -> None:
        """Hide several records."""
        self.each(ids, self.remove, "deleted")

    @action("restore", "Restore")
    def action_restore(self, ids: Iterable[str]) -> None:
        """Show several records again."""
        self.each(ids, self.restore, "restored")

    def each(self, ids: Iterable[str], change: Callable[[Any], Any], done: str) -> None:
        """Change records one by one, and tell what went well and which rules stood in the way."""
        changed, messages = 0, set()
        for record in filter(None, map(self.get_one, ids)):
            with broken_rules(messages.add):
                change(record)
                changed += 1
        if changed:
            flash(f"{changed} {done}.", "success")
        for message in sorted(messages):
            flash_error(message)

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        """Change one field in the list; what cannot be saved is no error of the server.

        Raises:
            InvalidInputError: It does not tell which record.
        """
        if "list_form_pk" not in request.form:
            raise InvalidInputError("`list_form_pk` is missing.")
        answer = super().ajax_update()
        return (answer[0], 400) if isinstance(answer, tuple) else answer


@contextmanager
def broken_rules(tell: Callable[[str], Any]) -> Generator[None]:
    """Undo what broke a rule of the services, and tell which."""
    try:
        yield
    except AppError as error:
        db.session.rollback()
        tell(error.detail)


def flash_error(message: str) -> None:
    """Show a message on the next page."""
    flash(message, "error")
