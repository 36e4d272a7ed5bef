"""A browser of the pages."""

from werkzeug.test import TestResponse

from tests.plugins import browsers
from tests.plugins.credentials import PASSWORD

LOGIN_URL = "/login"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Browser(browsers.Browser):
    """A client of the pages."""

    login_url = LOGIN_URL
    kind = "pages"

    def login(self, email: str, password: str = PASSWORD, **data) -> TestResponse:
        """Submit the login form."""
        return self.submit(LOGIN_URL, email=email, password=password, **data)

    def is_logged_in(self) -> bool:
        """Request a page that requires a login."""
        return self.get("/profile").status_code == 200
