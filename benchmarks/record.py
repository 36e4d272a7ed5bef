"""Fill a service's database, and write down which statements it sends for which request.

Runs in a service's own folder and environment.
"""

import pickle
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

from app import create_app
from app.extensions import db
from app.models.user import Role, User
from app.services import posts, users
from sqlalchemy import event

EMAIL, PASSWORD = "reader@example.org", "correct horse battery"
POSTS, USERS = 1000, 200
WORDS = "The quick brown fox jumps over the lazy dog. " * 20


def record(paths: list[str]) -> dict[str, Any]:
    """Return the statements by path, and what a client needs to log in."""
    app = create_app()
    with app.app_context():
        # Admins may list users.
        author = users.create_user(
            EMAIL, PASSWORD, first_name="Rita", last_name="Reader", role=Role.ADMIN
        )
        for number in range(POSTS):
            posts.create_post(author, title=f"Post {number}", content=WORDS, published=True)
        db.session.add_all(
            User(
                email=f"user{number}@example.org",
                password_hash=author.password_hash,
                first_name="Uma",
            )
            for number in range(USERS)
        )
        db.session.commit()
        password_hash = author.password_hash
        engine = db.engine
    client = app.test_client()
    login = client.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
    headers = {"Authorization": f"Bearer {login.json['access_token']}"}
    sent: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda *each: sent.append(each[2:4]))
    statements = {}
    for path in paths:
        sent.clear()
        asked = client.get(path, headers=headers)
        if asked.status_code != HTTPStatus.OK:
            raise SystemExit(f"{path}: {asked.status}")
        statements[path] = list(sent)
    return {
        "statements": statements,
        "headers": headers,
        "login": {"email": EMAIL, "password": PASSWORD},
        "password_hash": password_hash,
        "password_hash_options": dict(app.config["PASSWORD_HASH"]),
    }


if __name__ == "__main__":
    output, *paths = sys.argv[1:]
    Path(output).write_bytes(pickle.dumps(record(paths)))
