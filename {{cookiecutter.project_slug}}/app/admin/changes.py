"""Changes: Flask-Admin asks for them, the services make them, and broken rules are read aloud."""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Response, flash, request, session
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from wtforms import Form

from app.exceptions import AppError, ConflictError, InvalidInputError
from app.extensions import db


class ServiceModelView(ModelView):
    """A table that is never written directly. Subclasses name the services."""

    edit_fields: type[Form]

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

    def create_model(self, form: Form) -> Any:
        """Make a record of a valid form."""
        with flash_app_errors(flash_error):
            return self.create(form.data)
        return False

    def update_model(self, form: Form, model: Any) -> bool:
        """Change what a valid form holds, which in a list is one field."""
        values = {name: value for name, value in form.data.items() if hasattr(self.edit_fields, name)}
        with flash_app_errors(flash_error):
            if model.is_deleted:
                raise ConflictError("It was deleted: restore it before you change it.")
            self.change(model, values)
            return True
        return False

    def delete_model(self, model: Any) -> bool:
        """Hide a record."""
        with flash_app_errors(flash_error):
            self.act("delete", model, self.remove)
            return True
        return False

    @action("delete", "Delete", "Delete what is selected? It can be restored.")
    def action_delete(self, ids: Iterable[str]) -> None:
        """Hide several records."""
        self.each("delete", ids, self.remove, done="deleted")

    @action("restore", "Restore")
    def action_restore(self, ids: Iterable[str]) -> None:
        """Show several records again."""
        self.each("restore", ids, self.restore, done="restored")

    def act(self, name: str, record: Any, change: Callable[[Any], Any]) -> None:
        """Change a record by an action.

        Raises:
            ConflictError: The action makes no sense for it, perhaps since a moment ago.
        """
        if name not in self.row_actions(record):
            raise ConflictError(f"A record is not in a state to {name} it.")
        change(record)

    def each(self, name: str, ids: Iterable[str], change: Callable[[Any], Any], *, done: str) -> None:
        """Change records one by one; tell how many, and which rules stood in the way of others."""
        changed, messages = 0, set()
        for record in filter(None, map(self.get_one, ids)):
            with flash_app_errors(messages.add):
                self.act(name, record, change)
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
        # Flask-Admin answers with all messages that wait for the next page; only its own belong here.
        waiting = session.pop("_flashes", None)
        try:
            answer = super().ajax_update()
        finally:
            if waiting:
                session["_flashes"] = waiting
        return Response(answer[0], 400, mimetype="text/plain") if isinstance(answer, tuple) else answer


@contextmanager
def flash_app_errors(tell: Callable[[str], Any]) -> Generator[None]:
    """Undo what broke a rule of the services, and tell which."""
    try:
        yield
    except AppError as error:
        db.session.rollback()
        tell(error.detail)


def flash_error(message: str) -> None:
    """Show a message on the next page."""
    flash(message, "error")
