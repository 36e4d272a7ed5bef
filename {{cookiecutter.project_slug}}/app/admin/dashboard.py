"""The index page of the admin: counts and the most recent records of each table."""

from collections.abc import Sequence
from typing import Any

from flask_admin import AdminIndexView, expose
from sqlalchemy import select

from app import mail
from app.admin.auth import AdminRequiredMixin
from app.admin.views import ServiceModelView
from app.db.pagination import count_up_to_maximum
from app.extensions import db

RECENT_RECORDS = 5


class DashboardView(AdminRequiredMixin, AdminIndexView):
    """The page at `/admin/`."""

    def __init__(self, views: Sequence[ServiceModelView]) -> None:
        """Summarize the tables of these views."""
        super().__init__(name="Dashboard")
        self.model_views = views

    @expose()
    def index(self) -> str:
        """Show a summary of each table."""
        summaries = [(view, count_records(view), list_recent_records(view)) for view in self.model_views]
        return self.render("admin/dashboard.html", summaries=summaries, has_mail=mail.is_enabled())


def count_records(view: ServiceModelView) -> dict[str, str]:
    """Count the records in each of the view's states, and the deleted ones, in one query."""
    deleted = view.model.deleted_at.is_not(None)
    criteria = {name: ~deleted & state for name, state in view.dashboard_counts.items()} | {
        "deleted": deleted
    }
    rows = (select(view.model).where(criterion) for criterion in criteria.values())
    counts = db.session.execute(select(*(count_up_to_maximum(query, view.model.id) for query in rows))).one()
    return dict(zip(criteria, map(view.format_count, counts), strict=True))


def list_recent_records(view: ServiceModelView) -> Sequence[Any]:
    """Return the records that were created last and are not deleted."""
    model = view.model
    recent = model.select_not_deleted().order_by(model.created_at.desc(), model.id.desc())
    return db.session.scalars(recent.limit(RECENT_RECORDS)).all()
