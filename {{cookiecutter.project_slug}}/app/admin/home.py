"""The first page."""

from collections.abc import Sequence

from flask_admin import AdminIndexView, expose

from app.admin.access import AdminRequiredMixin
from app.admin.records import RecordView


class Home(AdminRequiredMixin, AdminIndexView):
    """How many there are of what, and the newest of each."""

    def __init__(self, views: Sequence[RecordView]) -> None:
        """Tell about what these views show."""
        super().__init__()
        self.record_views = views

    @expose()
    def index(self) -> str:
        """Show the overviews."""
        overviews = [(view, view.overview()) for view in self.record_views]
        return self.render("admin/home.html", overviews=overviews)
