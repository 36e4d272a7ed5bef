"""Settings: name, default, environment variable and validation of each.

A part of the application declares `SETTINGS`; `app/__init__.py` lists the parts.
"""

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import limits

UNSET: Any = object()
MIN_SECRET_BYTES = 32
# Tutorials and examples use such words in place of a secret; random secrets do not contain them.
PLACEHOLDERS = ("change", "default", "dev-secret", "example", "insecure", "your-secret", "your_secret")
# Of one server.
REDIS_URL = r"rediss?://([^@/?#]*@)?(\[[^]]+]|[^][@:/]+)(:[0-9]+)?(/.*)?"
REDIS_URL_HINT = "the URL of a Redis server; in its password, `#` is %23, `/` %2F and `?` %3F"
HOST = re.compile(r"\.?[\w-]+(\.[\w-]+)*(:[0-9]+)?|\[[0-9A-Fa-f:.]+](:[0-9]+)?")


class ConfigurationError(RuntimeError):
    """The service must not start with these settings; the message lists every problem."""


@dataclass(frozen=True)
class Setting:
    """A key of `app.config`.

    Args:
        name: The key. The variable `FLASK_<name>` sets it, to a value of the type of the default.
        default: The value if nothing else is set. A function is called for each app.
        description: What the setting does, for `docs/settings.md`.
        parse: Reads the environment variable `name`; raises ValueError with the rest of a sentence.
        validate: Returns why production must not start with a value, as the rest of a sentence.
        validate_with: The same for a value that depends on other settings, which are its second argument.
        local: The default in development and in tests.
        development: The default in development.
        testing: The default in tests.
        production: The default in production.
        variable: The environment variable, if its name is not that of the setting.
    """

    name: str
    default: Any
    description: str
    parse: Callable[[str], Any] | None = None
    validate: Callable[[Any], str | None] | None = None
    validate_with: Callable[[Any, Mapping[str, Any]], str | None] | None = None
    local: Any = UNSET
    development: Any = UNSET
    testing: Any = UNSET
    production: Any = UNSET
    variable: str = ""

    @property
    def environment_variable(self) -> str:
        """Return the name of the environment variable to set."""
        return self.variable or (self.name if self.parse else f"FLASK_{self.name}")

    def default_in(self, environment: str, *, local: bool) -> Any:
        """Return a default that belongs to the caller."""
        candidates = (getattr(self, environment, UNSET), self.local if local else UNSET, self.default)
        value = next(candidate for candidate in candidates if candidate is not UNSET)
        return value() if callable(value) else deepcopy(value)


def parse_list(text: str) -> tuple[str, ...]:
    """Return the items of a list that is separated by commas."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def parse_hosts(text: str) -> tuple[str, ...]:
    """Return the host names of a list, of which one with a leading dot includes its subdomains."""
    hosts = parse_list(text)
    if not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError("must list host names like api.example.com; .example.com includes its subdomains")
    return hosts


def parse_count(text: str) -> int:
    """Return a number that is not negative."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("must be a whole number")
    return int(text)


def parse_positive(text: str) -> int:
    """Return a number that is at least 1."""
    number = parse_count(text)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def parse_bool(text: str) -> bool:
    """Return a truth value."""
    values = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in values:
        raise ValueError("must be true or false")
    return values[text.lower()]


def parse_log_level(text: str) -> str:
    """Return the name of a level of `logging`."""
    if text.upper() not in logging.getLevelNamesMapping():
        raise ValueError("must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return text.upper()


def generate_secret() -> str:
    """Return a random secret."""
    return secrets.token_hex(MIN_SECRET_BYTES)


def validate_secret(value: object) -> str | None:
    """Reject a missing, short, well-known or non-ASCII secret."""
    secret = str(value or "")
    if not secret:
        return "is missing"
    if len(secret.encode()) < MIN_SECRET_BYTES:
        return f"has fewer than {MIN_SECRET_BYTES} bytes"
    if not secret.isascii():
        return "has characters other than ASCII"
    if any(placeholder in secret.lower() for placeholder in PLACEHOLDERS):
        return "is a well-known default"
    return None


def validate_optional_secret(value: object) -> str | None:
    """Reject a secret that is set and not acceptable."""
    return validate_secret(value) if value else None


def validate_secrets(values: tuple[object, ...]) -> str | None:
    """Reject a list in which one secret is not acceptable."""
    problems = [problem for value in values if (problem := validate_secret(value))]
    return f"lists a secret that {problems[0]}" if problems else None


def validate_rate_limit(value: str) -> str | None:
    """Reject a rate limit that cannot be parsed, which would limit nothing."""
    try:
        limits.parse_many(value)
    except ValueError:
        return "is not a rate limit like `10 per minute`"
    return None


def validate_unset(value: object) -> str | None:
    """Reject any value."""
    return "must not be set" if value else None
