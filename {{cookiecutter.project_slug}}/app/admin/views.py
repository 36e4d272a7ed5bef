"""Base classes of the model views: lists with bounds, changes through services."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import flash
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_admin.model.base import ViewArgs
from flask_admin.model.typefmt import bool_formatter, empty_formatter
from sqlalchemy import Select, SQLColumnExpression, or_, select
from sqlalchemy.orm import Session, defer
from wtforms import Form

from app import security_log
from app.admin.auth import AdminRequiredMixin
from app.admin.fields import format_csv_cell, format_datetime
from app.db.pagination import MAX_ROWS, count_up_to_maximum
from app.db.types import MAX_ID, LongText
from app.exceptions import AppError, ConflictError
from app.extensions import db
from app.schemas.pagination import MAX_PER_PAGE
from app.web.forms import flash_error, show_app_errors

ID = re.compile("[0-9]{1,10}")
MAX_SEARCH_LENGTH = 100
EXPORT_BATCH = 500  # rows in memory


class PaginatedListMixin(ModelView):
    """A list whose query parameters are bounded and whose order is stable."""

    model: Any
    column_searchable_list: Any
    _filters: Any

    can_set_page_size = True
    page_size_options = (20, 50, MAX_PER_PAGE)
    named_filter_urls = True

    def _get_list_extra_args(self) -> ViewArgs:
        """Bound the query parameters, and drop unknown ones: Flask-Admin would repeat them in its links."""
        arguments = super()._get_list_extra_args()
        last_page = MAX_ROWS // self.get_safe_page_size(arguments.page_size) - 1
        return arguments.clone(
            page=max(min(arguments.page or 0, last_page), 0),
            search=_truncate_search(arguments.search),
            filters=[chosen for chosen in arguments.filters or () if chosen[2]],
            extra_args={},
        )

    def get_list(
        self,
        page: int | None,
        sort_column: Any,
        sort_desc: bool,  # noqa: FBT001 - Flask-Admin's signature
        search: str | None,
        filters: Any,
        execute: bool = True,  # noqa: ARG002, FBT001, FBT002 - the same
        page_size: int | None = None,
    ) -> tuple[int, Any]:
        """Return the number of matching rows, up to `MAX_ROWS`, and the rows of one page."""
        size = page_size or self.page_size
        query = self._filter(search, filters or ())
        order = self._order(self._sortable_columns.get(sort_column), descending=sort_desc)
        rows = query.options(*self._defer_long_texts(self._list_columns)).order_by(*order)
        rows = rows.limit(size).offset((page or 0) * size)
        count = count_up_to_maximum(query, self.model.id)
        return db.session.scalar(select(count)) or 0, db.session.scalars(rows).all()

    def _export_data(self) -> tuple[int, Any]:
        """Return the rows of a CSV file: those of the list, without its pages."""
        arguments = self._get_list_extra_args()
        column = self._get_column_by_idx(arguments.sort)
        order = self._order(self._sortable_columns.get(column and column[0]), descending=arguments.sort_desc)
        query = self._filter(arguments.search, arguments.filters or ()).order_by(*order).limit(MAX_ROWS)
        ids = db.session.scalars(query.with_only_columns(self.model.id)).all()
        security_log.record("admin_export", table=self.model.__tablename__, rows=len(ids))
        return len(ids), self.load_in_batches(ids)

    def load_in_batches(self, ids: Sequence[int]) -> Iterator[Any]:
        """Load rows while they are sent.

        A server-side cursor would keep its connection as long as a slow client takes, and a timeout of
        the statement would cut the file.
        """
        query = select(self.model).options(*self._defer_long_texts(self._export_columns))
        with Session(db.engine, expire_on_commit=False) as session:
            for start in range(0, len(ids), EXPORT_BATCH):
                batch = ids[start : start + EXPORT_BATCH]
                rows = {row.id: row for row in session.scalars(query.where(self.model.id.in_(batch)))}
                session.commit()  # gives the connection back
                yield from (rows[row_id] for row_id in batch if row_id in rows)

    def _defer_long_texts(self, columns: Iterable[tuple[Any, str]]) -> list[Any]:
        """Leave out long texts that are not among the columns to show."""
        shown = {name for name, _label in columns}
        return [
            defer(attribute.class_attribute)
            for attribute in self.model.__mapper__.column_attrs
            if isinstance(attribute.columns[0].type, LongText) and attribute.key not in shown
        ]

    def _filter(self, search: str | None, filters: Any) -> Select[Any]:
        query = select(self.model)
        if search:
            columns = (getattr(self.model, name) for name in self.column_searchable_list)
            query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
        for index, _name, value in filters:
            chosen = self._filters[index]
            query = chosen.apply(query, chosen.clean(value))
        return query

    def _order(self, column: Any, *, descending: bool) -> list[Any]:
        """Sort by a column, newest first by default; the id breaks ties."""
        if column is None:
            return [self.model.created_at.desc(), self.model.id.desc()]
        return [column.desc() if descending else column, self.model.id]


# Flask-Admin's metaclass copies inherited views into each class, so the mixin has to come first.
class ServiceModelView(AdminRequiredMixin, PaginatedListMixin):
    """One table, deleted rows included; changes go through services, which subclasses name."""

    list_template = "admin/list.html"
    can_export = True
    export_max_rows = MAX_ROWS
    column_type_formatters = {
        type(None): empty_formatter,
        bool: bool_formatter,
        datetime: format_datetime,
    }
    column_type_formatters_export = {type(None): empty_formatter}
    column_formatters_export = {}

    # Endpoint, label and icon of the links in each row.
    row_links = [(".edit_view", "Edit", "pencil")]
    # States that the dashboard counts, and the columns that it shows of recent records.
    dashboard_counts: Mapping[str, SQLColumnExpression[bool]]
    dashboard_columns: tuple[str, ...]

    def __init__(self, model: type[Any], name: str) -> None:
        """Serve the table at `/admin/<name>`."""
        super().__init__(model, db, name=name.capitalize(), endpoint=f"admin_{name}", url=name)

    def create(self, values: Mapping[str, Any]) -> Any:
        """Create a record."""
        raise NotImplementedError

    def update(self, record: Any, values: Mapping[str, Any]) -> Any:
        """Update a record."""
        raise NotImplementedError

    def delete(self, record: Any) -> None:
        """Soft-delete a record."""
        raise NotImplementedError

    def restore(self, record: Any) -> None:
        """Restore a deleted record."""
        raise NotImplementedError

    def row_actions(self, record: Any) -> list[str]:
        """Return the actions that a record's state allows."""
        return ["restore"] if record.is_deleted else ["delete"]

    def get_one(self, id: str) -> Any:  # noqa: A002 - Flask-Admin's name
        """Return a record, or None if there is none or the id is not valid."""
        is_valid = ID.fullmatch(str(id)) and int(id) <= MAX_ID
        return db.session.get(self.model, int(id)) if is_valid else None

    def format_count(self, count: int) -> str:
        """Show a number of rows that were counted up to `MAX_ROWS`."""
        return f"{count} or more" if count >= MAX_ROWS else str(count)

    def get_export_value(self, model: Any, name: Any) -> str:
        """Return one cell of a CSV file."""
        return format_csv_cell(super().get_export_value(model, name))

    def create_model(self, form: Form) -> Any:
        """Create a record from a valid form."""
        with show_app_errors(form):
            record = self.create(form.data)
            self.log_action("create", record.id)
            return record
        return False

    def update_model(self, form: Form, model: Any) -> bool:
        """Update a record from a valid form."""
        with show_app_errors(form):
            if model.is_deleted:
                raise ConflictError("This record is deleted. Restore it before you edit it.")
            self.update(model, form.data)
            self.log_action("edit", model.id)
            return True
        return False

    def delete_model(self, model: Any) -> bool:
        """Soft-delete a record."""
        with flash_app_errors(flash_error):
            self.run_action("delete", model, self.delete)
            return True
        return False

    @action("delete", "Delete", "Delete the selected records? They can be restored.")
    def action_delete(self, ids: Iterable[str]) -> None:
        """Soft-delete several records."""
        self.run_action_on_all("delete", ids, self.delete, done="deleted")

    @action("restore", "Restore")
    def action_restore(self, ids: Iterable[str]) -> None:
        """Restore several records."""
        self.run_action_on_all("restore", ids, self.restore, done="restored")

    def run_action(self, name: str, record: Any, change: Callable[[Any], Any]) -> None:
        """Change a record.

        Raises:
            ConflictError: The record's state does not allow it, perhaps only since the page was loaded.
        """
        if name not in self.row_actions(record):
            raise ConflictError(f"Cannot {name} a record in this state.")
        record_id = record.id
        change(record)
        self.log_action(name, record_id)

    def log_action(self, name: str, record_id: int) -> None:
        """Log what the current admin did."""
        security_log.record("admin_action", action=name, table=self.model.__tablename__, target_id=record_id)

    def run_action_on_all(
        self, name: str, ids: Iterable[str], change: Callable[[Any], Any], *, done: str
    ) -> None:
        """Change the records of a page one by one; flash how many were changed and why others were not."""
        unique_ids = dict.fromkeys(ids)
        if len(unique_ids) > MAX_PER_PAGE:
            flash_error(f"Select at most {MAX_PER_PAGE} records.")
            return
        changed, messages = 0, set()
        for record in filter(None, map(self.get_one, unique_ids)):
            with flash_app_errors(messages.add):
                self.run_action(name, record, change)
                changed += 1
        if changed:
            flash(f"{changed} {done}.", "success")
        for message in sorted(messages):
            flash_error(message)


@contextmanager
def flash_app_errors(report: Callable[[str], Any]) -> Generator[None]:
    """Roll back if a service raises an error, and report its message."""
    try:
        yield
    except AppError as error:
        db.session.rollback()
        report(error.detail)


def _truncate_search(search: str | None) -> str | None:
    """Return text that every database can search for."""
    if search and len(search) > MAX_SEARCH_LENGTH:
        flash(f"Only the first {MAX_SEARCH_LENGTH} characters were searched for.", "warning")
    return search and search[:MAX_SEARCH_LENGTH].replace("\x00", "")
