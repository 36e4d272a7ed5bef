"""The first page."""

from flask_admin import AdminIndexView, expose

from app.admin.access import AdminsOnly
from app.services import overview


class Home(AdminsOnly, AdminIndexView):
    """How many there are of what, and the newest of each."""

    @expose()
    def index(self) -> str:
        """Show the overview."""
        return self.render("admin/home.html", users=overview.users(), posts=overview.posts())
