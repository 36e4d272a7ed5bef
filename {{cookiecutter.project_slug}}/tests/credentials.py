# @if cookiecutter.auth == "session"
# @include "session/tests/credentials.py"
# @else
"""How a client proves who is calling; no other file of the tests knows."""

from flask.testing import FlaskClient

PASSWORD = "correct horse battery staple"


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Sign in over HTTP and return the headers that prove it."""
    answer = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
    # @endif
