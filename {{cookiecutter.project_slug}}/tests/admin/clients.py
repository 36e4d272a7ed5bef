"""Who comes to the admin: browsers that keep cookies and submit forms."""

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
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser(FlaskClient):
    """A browser; what it submits carries the token of its session."""

    def token(self) -> str:
        """Read the token from a form that everybody gets to see."""
        found = TOKEN.search(self.get(LOGIN_URL, follow_redirects=True).text)
        assert found
        return found[1]

    def submit(self, path: str, **data) -> TestResponse:
        """Send a form."""
        return self.post(path, data={"csrf_token": self.token(), **data})

    def login(self, email: str, password: str = PASSWORD, **data) -> TestResponse:
        """Send the form of the login page."""
        return self.submit(LOGIN_URL, email=email, password=password, **data)

    def act(self, records: str, action: str, *ids: int) -> str:
        """Do something with records of a list and return the page that follows."""
        self.submit(f"/admin/{records}/action/", action=action, rowid=[str(number) for number in ids])
        return self.get("/admin/").text

    def edit_inline(self, records: str, record_id: object, **data) -> TestResponse:
        """Change one field in a list."""
        return self.submit(f"/admin/{records}/ajax/update/", list_form_pk=record_id, **data)

    def become(self, user: User) -> None:
        """Be logged in without the login page, which lets only admins in."""
        with self.application.app_context():
            session_id = login_sessions.create(user, "admin", timedelta(hours=1)).id
        with self.session_transaction() as session:
            session["_user_id"] = str(session_id)


def rows(response: TestResponse) -> list[dict[str, str]]:
    """Read a CSV file."""
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(response.text)))
