"""A browser of the admin."""

import csv
from io import StringIO

from werkzeug.test import TestResponse

from tests.plugins import browsers

LOGIN_URL = "/admin/login"


class Browser(browsers.Browser):
    """A client of the admin's pages."""

    login_url = LOGIN_URL
    kind = "admin"

    def run_action(self, view: str, action: str, *ids: int) -> str:
        """Run an action on records of a list and return the page with its messages."""
        self.submit(f"/admin/{view}/action/", action=action, rowid=[str(record_id) for record_id in ids])
        return self.get("/admin/").text


def read_csv(response: TestResponse) -> list[dict[str, str]]:
    """Return the rows of a CSV response."""
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(StringIO(response.text)))
