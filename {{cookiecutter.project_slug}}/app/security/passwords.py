"""Password hashes: argon2id with parameters from the configuration."""

from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

EXTENSION = "passwords"


class Passwords:
    """Hashes passwords and compares them with hashes."""

    def __init__(self, hasher: PasswordHasher) -> None:
        """Prepare a hash that nobody's password has."""
        self._hasher = hasher
        self._nobody = hasher.hash("")

    def hash(self, password: str) -> str:
        """Return a salted hash that carries its own parameters."""
        return self._hasher.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Compare; without a hash, as long as with one and in vain.

        So an unknown user takes the same time as a wrong password (OWASP Authentication cheat sheet).
        """
        try:
            self._hasher.verify(password_hash or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(password_hash)


def init_app(app: Flask) -> None:
    """Hash with the parameters in `PASSWORD_HASH`."""
    app.extensions[EXTENSION] = Passwords(PasswordHasher(**app.config["PASSWORD_HASH"]))


def passwords() -> Passwords:
    """Return the hasher of the running app."""
    return cast(Passwords, current_app.extensions[EXTENSION])
