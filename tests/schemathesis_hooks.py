"""How generated requests sign in: as the role in `ROLE`, with a fresh token for every call."""

import os
import secrets
from typing import Any

import requests
import schemathesis
from schemathesis import AuthContext, Case, HookContext

API = os.environ["API"]
ROLE = os.environ["ROLE"]
PASSWORD = os.environ["ADMIN_PASSWORD"]
PATIENCE = 10  # seconds for an answer

REFRESH = "POST /api/v1/auth/refresh"
# After these, the caller may be signed out for good: somebody else makes them.
LAST_CALLS = {
    REFRESH,
    "POST /api/v1/auth/logout",
    "POST /api/v1/users/me/password",
    "DELETE /api/v1/users/{user_id}",
}
# A wrong current password is a 400 by design, and no document can tell which one is right.
ASK_FOR_PASSWORD = {"POST /api/v1/users/me/password", "PATCH /api/v1/users/{user_id}"}

admins = [os.environ["ADMIN_EMAIL"]]


@schemathesis.auth(refresh_interval=None)
class Tokens:
    """Tokens of one account, or of a throw-away one where the call may end its sign-in."""

    pair: dict[str, Any] | None = None

    def get(self, _case: Case, context: AuthContext) -> str:
        """Return a token that no call was made with."""
        operation = context.operation.label
        if operation in LAST_CALLS:
            pair = sign_up()
        else:
            pair = self.pair = refresh(self.pair) or sign_up()
        return pair["refresh_token" if operation == REFRESH else "access_token"]

    def set(self, case: Case, data: str, _context: AuthContext) -> None:
        """Send the token."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Type the right password wherever the rest of the body is right, too."""
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    if is_positive and case.operation.label in ASK_FOR_PASSWORD and isinstance(case.body, dict):
        case.body["current_password"] = PASSWORD


def send(method: str, path: str, token: str = "", **body: str) -> requests.Response:
    """Send a request of our own."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, API + path, headers=headers, json=body, timeout=PATIENCE)


def sign_up() -> dict[str, Any]:
    """Register somebody with the role of this run and return their tokens."""
    email = f"{secrets.token_hex(8)}@example.org"
    account = send("POST", "/users", email=email, password=PASSWORD).json()
    if ROLE == "admin":
        promote(account["id"])
        admins.append(email)
    return sign_in(email).json()


def sign_in(email: str) -> requests.Response:
    """Send credentials."""
    return send("POST", "/auth/login", email=email, password=PASSWORD)


def refresh(pair: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the next pair, or None when there is no sign-in (any more)."""
    if pair is None:
        return None
    answer = send("POST", "/auth/refresh", pair["refresh_token"])
    return answer.json() if answer.ok else None


def promote(user_id: int) -> None:
    """Ask the youngest admin who is left: generated requests delete and demote some, never all."""
    while not is_promoted_by(admins[-1], user_id):
        admins.pop()


def is_promoted_by(admin: str, user_id: int) -> bool:
    """Tell whether an admin could give somebody their own role."""
    signed_in = sign_in(admin)
    if not signed_in.ok:
        return False
    return send("PATCH", f"/users/{user_id}", signed_in.json()["access_token"], role=ROLE).ok
