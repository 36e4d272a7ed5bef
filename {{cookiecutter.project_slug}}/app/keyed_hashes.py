"""Keyed hashes of personal data: equal for equal data, meaningless without `SECRET_KEY`."""

import hmac

from flask import current_app

HASH_LENGTH = 32  # hexadecimal digits, 128 bits


def keyed_hash(purpose: str, text: str) -> str:
    """Return the hash of a text; hashes for different purposes cannot be compared."""
    return _hash(current_app.config["SECRET_KEY"], purpose, text)


def keyed_hashes(purpose: str, text: str) -> list[str]:
    """Return the hash and those that earlier values of `SECRET_KEY` gave, to find what was stored then."""
    config = current_app.config
    return [
        _hash(secret, purpose, text) for secret in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])
    ]


def _hash(secret: str, purpose: str, text: str) -> str:
    key = hmac.digest(secret.encode(), purpose.encode(), "sha256")
    return hmac.digest(key, text.encode(errors="replace"), "sha256").hex()[:HASH_LENGTH]
