"""Callers who prove with a token who they are."""

from tests.schemathesis_runs.calls import Headers, send

REFRESH = "POST /api/v1/auth/refresh"


class SignIn:
    """A login that can go on with fresh tokens for every call."""

    def __init__(self, email: str, password: str) -> None:
        """Send credentials."""
        self.pair = send("POST", "/auth/login", email=email, password=password).json()

    def is_renewed(self) -> bool:
        """Get the next pair of tokens, unless the account or the login has ended."""
        response = send("POST", "/auth/refresh", _bearer(self.pair["refresh_token"]))
        self.pair = response.json()
        return response.ok

    def headers(self, operation: str = "") -> Headers:
        """Return what proves it, for an operation of the document."""
        return _bearer(self.pair["refresh_token" if operation == REFRESH else "access_token"])


def anonymous() -> Headers:
    """Return what callers need who have not logged in: nothing."""
    return {}


def _bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}
