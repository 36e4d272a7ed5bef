"""Password hashing with argon2id and estimation of guesses with zxcvbn."""

import re
import unicodedata
from typing import Any, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import Flask, current_app
from werkzeug.local import LocalProxy

from app.settings import Setting


def validate_parameters(parameters: dict[str, Any]) -> str | None:
    """Reject parameters that argon2 does not know, or of the wrong type."""
    try:
        PasswordHasher(**parameters)
    except TypeError as error:
        return f"cannot be used: {error}"
    return None


SETTINGS = (
    # OWASP Password Storage cheat sheet: argon2id, 2 iterations, 19 MiB (here in KiB), 1 lane.
    Setting(
        "PASSWORD_HASH",
        {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1},
        "The parameters of argon2id; memory in KiB.",
        validate=validate_parameters,
        testing={"time_cost": 1, "memory_cost": 8, "parallelism": 1},
    ),
)

EXTENSION = "passwords"
MIN_GUESSES = 10**8  # as many as zxcvbn counts for 8 random characters
ESTIMATED_LENGTH = 32  # the time grows faster than the length: up to 0.1 s for 32 characters, 1 s for 128
MIN_WORD_LENGTH = 3


class Passwords:
    """Hashes and verifies passwords, and estimates how easy they are to guess."""

    def __init__(self, hasher: PasswordHasher, project_name: str) -> None:
        """Make up the hash that is verified in place of that of an unknown user."""
        self._hasher = hasher
        self._project_name = project_name
        # The parameters decide how long that takes; computing a real hash would delay every start.
        parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        self._unknown_user_hash = f"$argon2id$v={ARGON2_VERSION}${parameters}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """Return a salted hash, which contains its parameters."""
        return self._hasher.hash(_normalize(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether a password matches a hash; without a hash, return False.

        An unknown user takes as long as a wrong password (OWASP Authentication cheat sheet).
        """
        try:
            self._hasher.verify(password_hash or self._unknown_user_hash, _normalize(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Return whether a hash has other parameters than the current ones."""
        return self._hasher.check_needs_rehash(password_hash)

    def is_guessable(self, password: str, *personal: str) -> bool:
        """Return whether a password is common, or made of personal texts or the project's name."""
        from zxcvbn_rs_py import zxcvbn  # noqa: PLC0415 - takes 9 MB and 30 ms, which many workers never need

        texts = (self._project_name, *personal)
        words = sorted({word for text in texts for part in (text, *text.split("@")) for word in _words(part)})
        return zxcvbn(_normalize(password)[:ESTIMATED_LENGTH], words).guesses < MIN_GUESSES


def init_app(app: Flask) -> None:
    """Create the hasher of an app."""
    hasher = PasswordHasher(**app.config["PASSWORD_HASH"])
    app.extensions[EXTENSION] = Passwords(hasher, app.config["PROJECT_NAME"])


def _normalize(password: str) -> str:
    """Return the same text for all keyboards: NFC with ASCII spaces (RFC 8265, section 4.2.2)."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def _words(text: str) -> set[str]:
    """Return the words of a text, the whole text, and the words joined, as passwords have them."""
    words = re.findall(r"[^\W_]+", text.lower())
    words += [text.lower(), "".join(words), "-".join(words)]
    return {word[:ESTIMATED_LENGTH] for word in words if len(word) >= MIN_WORD_LENGTH}


# The hasher of the current app, for services, which do not use Flask themselves.
passwords = cast(Passwords, LocalProxy(lambda: current_app.extensions[EXTENSION]))
