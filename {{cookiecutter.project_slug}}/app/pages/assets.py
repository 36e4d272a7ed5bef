"""Static files: their URLs change with their content, so browsers keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request, send_from_directory

from app.security.guard import public

FOLDER = Path(__file__).with_name("static")
IMMUTABLE = "public, max-age=31536000, immutable"
HASH_LENGTH = 12

blp = Blueprint("assets", __name__)


@blp.get("/static/<path:filename>")
@public
def show(filename: str) -> Response:
    """Send a file; during an update, a page of another version may ask for it."""
    response = send_from_directory(FOLDER, filename)
    if request.args.get("v") == version(filename):
        response.headers["Cache-Control"] = IMMUTABLE
    return response


@blp.url_defaults
def add_version(_endpoint: str, values: dict[str, Any]) -> None:
    """Add the version of the file to its URL."""
    values.setdefault("v", version(values["filename"]))


def version(filename: str) -> str:
    """Return a hash of the content of a file."""
    path = FOLDER / filename
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache
def _hash(path: Path, _modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]
