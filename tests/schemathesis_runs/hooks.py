"""How generated requests sign in: as the role in `ROLE`, with a fresh token for every call."""

import os
import secrets
from typing import Any

import requests
import schemathesis
from schemathesis import AuthContext, Case, HookContext

API = os.environ["API"]
ROLE = os.environ["ROLE"]
ADMIN_EMAIL = os.environ["ADMIN_EMAIL"]
PASSWORD = os.environ["ADMIN_PASSWORD"]  # everybody's
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

admins: list["SignIn"] = []


class SignIn:
    """A sign-in that can go on with fresh tokens for every call."""

    def __init__(self, email: str) -> None:
        """Send credentials."""
        self.pair = send("POST", "/auth/login", email=email, password=PASSWORD).json()

    def is_renewed(self) -> bool:
        """Get the next pair of tokens, unless the account or the sign-in has ended."""
        answer = send("POST", "/auth/refresh", self.pair["refresh_token"])
        self.pair = answer.json()
        return answer.ok

    def promotes(self, user_id: int) -> bool:
        """Make somebody an admin, if this one still may."""
        if not self.is_renewed():
            return False
        return send("PATCH", f"/users/{user_id}", self.pair["access_token"], role="admin").ok


@schemathesis.auth(refresh_interval=None)
class Tokens:
    """Tokens of one account, or of a throw-away one where the call may end its sign-in."""

    sign_in: SignIn | None = None

    def get(self, _case: Case, context: AuthContext) -> str:
        """Return a token that no call was made with."""
        operation = context.operation.label
        if operation in LAST_CALLS:
            pair = sign_up().pair
        else:
            if self.sign_in is None or not self.sign_in.is_renewed():
                self.sign_in = sign_up()
            pair = self.sign_in.pair
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


def sign_up() -> SignIn:
    """Register somebody, give them the role of this run and sign them in."""
    email = f"{secrets.token_hex(8)}@example.org"
    account = send("POST", "/users", email=email, password=PASSWORD).json()
    if ROLE == "admin":
        promote(account["id"])
        admins.append(SignIn(email))
    return SignIn(email)


def promote(user_id: int) -> None:
    """Ask the youngest admin who is left: generated requests delete and demote some, never all."""
    if not admins:
        admins.append(SignIn(ADMIN_EMAIL))
    while not admins[-1].promotes(user_id):
        admins.pop()
