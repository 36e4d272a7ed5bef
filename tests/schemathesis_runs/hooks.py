"""How generated requests log in: as the role in `ROLE`, by the kind in `AUTH`."""

import os
import secrets
from importlib import import_module
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext

from tests.schemathesis_runs.calls import Headers, send

ROLE = os.environ["ROLE"]
ADMIN_EMAIL = os.environ["ADMIN_EMAIL"]
PASSWORD = os.environ["ADMIN_PASSWORD"]  # everybody's

kind = import_module(f"tests.schemathesis_runs.{os.environ['AUTH']}")

# After these, the user may be logged out for good: another user sends them.
LAST_CALLS = {
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/logout",
    "POST /api/v1/users/me/password",
    "DELETE /api/v1/users/me",
    "DELETE /api/v1/users/me/sessions",
    "DELETE /api/v1/users/me/sessions/{session_id}",
    "DELETE /api/v1/users/{user_id}",
}
# A wrong current password is a 400 by design, and no document can tell which one is right.
ASK_FOR_PASSWORD = {
    "DELETE /api/v1/users/me",
    "POST /api/v1/users/me/password",
    "PATCH /api/v1/users/{user_id}",
}
# Passwords that are easy to guess are a 400, too, which no document can describe.
NEW_PASSWORDS = {"POST /api/v1/users/me/password": "new_password", "POST /api/v1/users": "password"}

admins: list[Any] = []


@schemathesis.auth(refresh_interval=None)
class Credentials:
    """What proves who one account is, or a throw-away one where the call may end its login."""

    login: Any = None

    def get(self, _case: Case, context: AuthContext) -> Headers:
        """Return headers that are good for this call."""
        operation = context.operation.label
        if ROLE == "anonymous":
            return kind.anonymous()
        if operation in LAST_CALLS:
            return sign_up().headers(operation)
        if self.login is None or not self.login.is_renewed():
            self.login = sign_up()
        return self.login.headers(operation)

    def set(self, case: Case, data: Headers, _context: AuthContext) -> None:
        """Send them."""
        case.headers.update(data)


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Type a password that is accepted wherever the rest of the body is right, too.

    Headers lose control characters: gunicorn rejects these itself, in HTML.
    """
    for name, value in (case.headers or {}).items():
        if isinstance(value, str) and not value.isprintable():
            case.headers[name] = "".join(filter(str.isprintable, value))
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_positive or not isinstance(case.body, dict):
        return
    if case.operation.label in ASK_FOR_PASSWORD:
        case.body["current_password"] = PASSWORD
    if field := NEW_PASSWORDS.get(case.operation.label):
        case.body[field] = PASSWORD


def sign_up() -> Any:
    """Register a user with the role of this run and log in."""
    email = f"{secrets.token_hex(8)}@example.org"
    account = send("POST", "/users", kind.anonymous(), email=email, password=PASSWORD).json()
    if ROLE == "admin":
        promote(account["id"])
        admins.append(kind.SignIn(email, PASSWORD))
    return kind.SignIn(email, PASSWORD)


def promote(user_id: int) -> None:
    """Ask the youngest admin who is left: generated requests delete and demote some, never all."""
    if not admins:
        admins.append(kind.SignIn(ADMIN_EMAIL, PASSWORD))
    while not is_promoted_by(admins[-1], user_id):
        admins.pop()


def is_promoted_by(admin: Any, user_id: int) -> bool:
    """Give a user the role admin, if the current user still may."""
    return (
        admin.is_renewed() and send("PATCH", f"/users/{user_id}", admin.headers(), role="admin").ok
    )
