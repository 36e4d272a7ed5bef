# @if cookiecutter.auth == "session"
# @include "session/tests/plugins/credentials.py"
# @else
"""How a client authenticates; no other module of the tests depends on the kind of authentication."""

from flask.testing import FlaskClient

PASSWORD = "correct horse battery staple"


def credentials(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Log in over HTTP and return the headers of authenticated requests."""
    response = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    assert response.status_code == 200, response.text
    return {"Authorization": f"Bearer {response.get_json()['access_token']}"}
    # @endif
