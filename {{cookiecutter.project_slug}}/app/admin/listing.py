"""Which rows a list shows: what the address asks for, within bounds."""

from typing import Any

from flask import flash
from flask_admin.contrib.sqla import ModelView
from flask_admin.model.base import ViewArgs
from sqlalchemy import Select, func, or_, select

from app.extensions import db
from app.schemas.pagination import MAX_PAGE, MAX_PER_PAGE

MAX_SEARCH_LENGTH = 100


class PaginatedListMixin(ModelView):
    """A list that no address can bring out of step; its order is stable."""

    model: Any
    column_searchable_list: Any
    _filters: Any

    can_set_page_size = True
    page_size_options = (20, 50, MAX_PER_PAGE)
    named_filter_urls = True

    def _get_list_extra_args(self) -> ViewArgs:
        """Bound what is asked for, and forget unknown parameters: links would repeat them."""
        asked = super()._get_list_extra_args()
        return asked.clone(
            page=min(max(asked.page or 0, 0), MAX_PAGE),
            search=_bounded_search(asked.search),
            filters=[chosen for chosen in asked.filters or () if chosen[2]],
            extra_args={},
        )

    def get_list(
        self,
        page: int | None,
        sort_column: Any,
        sort_desc: bool,  # noqa: FBT001 - Flask-Admin's signature
        search: str | None,
        filters: Any,
        execute: bool = True,  # noqa: ARG002, FBT001, FBT002
        page_size: int | None = None,
    ) -> tuple[int, Any]:
        """Return how many rows match, and those of one page."""
        size = page_size or self.page_size
        query = self._matching(search, filters or ())
        count = select(func.count()).select_from(query.with_only_columns(self.model.id).subquery())
        order = self._order(self._sortable_columns.get(sort_column), descending=sort_desc)
        rows = query.order_by(*order).limit(size).offset((page or 0) * size)
        return db.session.scalar(count) or 0, db.session.scalars(rows).all()

    def _matching(self, search: str | None, filters: Any) -> Select[Any]:
        query = select(self.model)
        if search:
            columns = (getattr(self.model, name) for name in self.column_searchable_list)
            query = query.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
        for index, _name, value in filters:
            chosen = self._filters[index]
            query = chosen.apply(query, chosen.clean(value))
        return query

    def _order(self, column: Any, *, descending: bool) -> list[Any]:
        """Sort by a column, by default the newest first; the id breaks ties."""
        if column is None:
            return [self.model.created_at.desc(), self.model.id.desc()]
        return [column.desc() if descending else column, self.model.id]


def _bounded_search(search: str | None) -> str | None:
    """Return what a database can look for."""
    if search and len(search) > MAX_SEARCH_LENGTH:
        flash(f"Only the first {MAX_SEARCH_LENGTH} characters were searched for.", "warning")
    return search and search[:MAX_SEARCH_LENGTH].replace("\x00", "")
