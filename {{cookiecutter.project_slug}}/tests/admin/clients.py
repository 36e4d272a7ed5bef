"""A test client that behaves like a browser: it keeps cookies and submits forms with CSRF tokens."""

import csv
import re
from datetime import timedelta
from io import StringIO

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.models.user import User
from app.services import login_sessions
from tests.plugins.credentials import PASSWORD

LOGIN_URL = "/admin/login"
CSRF_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser(FlaskClient):
    """A client of the admin's pages."""

    def csrf_token(self) -> str:
        """Read the CSRF token of the session from a page that everyone can see."""
        match = CSRF_TOKEN.search(self.get(LOGIN_URL, follow_redirects=True).text)
        assert match
        return match[1]

    def submit(self, path: str, **data) -> TestResponse:
        """Submit a form with a valid CSRF token."""
        return self.post(path, data={"csrf_token": self.csrf_token(), **data})

    def login(self, email: str, password: str = PASSWORD, **data) -> TestResponse:
        """Submit the login form."""
        return self.submit(LOGIN_URL, email=email, password=password, **data)

    def login_as(self, user: User, kind: str = "admin") -> None:
        """Log in without the login form, which accepts only admins."""
        with self.application.app_context():
            session_id = login_sessions.create(user, kind, timedelta(hours=1)).id
        with self.session_transaction() as session:
            session["_user_id"] = str(session_id)

    def run_action(self, view: str, action: str, *ids: int) -> str:
        """Run an action on records of a list and return the page with its messages."""
        self.submit(f"/admin/{view}/action/", action=action, rowid=[str(record_id) for record_id in ids])
        return self.get("/admin/").text


def read_csv(response: TestResponse) -> list[dict[str, str]]:
    """Return the rows of a CSV response."""
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(response.text)))
