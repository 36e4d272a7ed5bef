"""A browser of the pages."""

from tests.plugins import browsers

LOGIN_URL = "/login"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Browser(browsers.Browser):
    """A client of the pages."""

    login_url = LOGIN_URL
    kind = "pages"

    def is_logged_in(self) -> bool:
        """Request a page that requires a login."""
        return self.get("/profile").status_code == 200
