"""The least a Flask view can do: run the statements that a service sent, and `jsonify` the rows.

gunicorn imports this file by itself, with the settings that the service ships.
"""

import os
import pickle
import threading
from pathlib import Path
from typing import Any

import psycopg
from argon2 import PasswordHasher
from flask import Flask, Response, jsonify, request
from psycopg.rows import dict_row

Statement = tuple[str, dict[str, Any]]


def create_app() -> Flask:
    """Build an app with a view for each recorded request, and one that verifies a password."""
    app = Flask(__name__, static_folder=None)
    recorded = pickle.loads(Path(os.environ["RECORDED"]).read_bytes())  # noqa: S301 - ours
    statements: dict[str, list[Statement]] = recorded["statements"]
    hasher = PasswordHasher(**recorded["password_hash_options"])
    connections = threading.local()

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.get("/<path:path>")
    def run(path: str) -> Response:
        if not hasattr(connections, "current"):
            connections.current = psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row)
        url = f"/{path}?{request.query_string.decode()}".rstrip("?")
        with connections.current.transaction():
            return jsonify(
                [connections.current.execute(*each).fetchall() for each in statements[url]]
            )

    @app.post("/api/v1/auth/login")
    def verify() -> Response:
        return jsonify(hasher.verify(recorded["password_hash"], recorded["login"]["password"]))

    return app
