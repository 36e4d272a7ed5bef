"""Password hashing with argon2id; the setting `PASSWORD_HASH` has the parameters."""

from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import Flask, current_app
from werkzeug.local import LocalProxy

from app.settings import Setting

SETTINGS = (
    # OWASP Password Storage cheat sheet: argon2id, 2 iterations, 19 MiB (here in KiB), 1 lane.
    Setting(
        "PASSWORD_HASH",
        {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1},
        "The parameters of argon2id; memory in KiB.",
        testing={"time_cost": 1, "memory_cost": 8, "parallelism": 1},
    ),
)

EXTENSION = "passwords"


class Passwords:
    """Hashes and verifies passwords."""

    def __init__(self, hasher: PasswordHasher) -> None:
        """Make up the hash that is verified in place of that of an unknown user."""
        self._hasher = hasher
        # The parameters decide how long that takes; computing a real hash would delay every start.
        parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        self._unknown_user_hash = f"$argon2id$v={ARGON2_VERSION}${parameters}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """Return a salted hash, which contains its parameters."""
        return self._hasher.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether a password matches a hash; without a hash, return False.

        An unknown user takes as long as a wrong password (OWASP Authentication cheat sheet).
        """
        try:
            self._hasher.verify(password_hash or self._unknown_user_hash, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Return whether a hash has other parameters than the current ones."""
        return self._hasher.check_needs_rehash(password_hash)


def init_app(app: Flask) -> None:
    """Create the hasher of an app."""
    app.extensions[EXTENSION] = Passwords(PasswordHasher(**app.config["PASSWORD_HASH"]))


# The hasher of the current app, for services, which do not use Flask themselves.
passwords = cast(Passwords, LocalProxy(lambda: current_app.extensions[EXTENSION]))
