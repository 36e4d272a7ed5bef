"""Settings by environment.

Nothing is read from the environment until `init_app` runs, and every problem is told at once.
"""

import logging
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, ClassVar

import limits
from flask import Flask
from sqlalchemy.exc import ArgumentError

from app.db.engine import engine_options, normalize_url

SECRETS = [
    "SECRET_KEY",
    # @if cookiecutter.auth == "jwt"
    "JWT_SECRET_KEY",
    # @endif
]
MIN_SECRET_BYTES = 32
# Tutorials and examples put such words where a secret belongs; real secrets are random.
PLACEHOLDERS = ("change", "default", "dev-secret", "example", "insecure", "your-secret", "your_secret")

# flask-cors takes everything with a `*`, `?` or `[` in it for a regular expression.
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?", re.IGNORECASE)
# What can be reached at last: a cluster has to be there when a service starts.
STORAGE = re.compile(
    r"memory://|rediss?://([^@]*@)?(\[[^]]+]|[^][@:/]+)(:[0-9]+)?(/.*)?|redis\+unix://.+"
    r"|redis\+sentinel://.+:[0-9]+/.+"
)
IN_MEMORY = {"sqlite://", "sqlite:///", "sqlite:///%3Amemory%3A"}

LOCAL_WORK_HINT = "To work locally, run `make setup` once (or set APP_ENV=development)."


class ConfigurationError(RuntimeError):
    """The service must not start with these settings; the message lists every problem."""


class Config:
    """What all environments share: the safe choice wherever there is one."""

    PROJECT_NAME = "{{ cookiecutter.project_name | py }}"
    SECRET_KEY: str | None = None
    # What SECRET_KEY was before: cookies that it signed stay good.
    SECRET_KEY_FALLBACKS: tuple[str, ...] = ()
    # Bytes; JSON may take twelve of them for one character.
    MAX_CONTENT_LENGTH = 2 * 1024 * 1024
    CORS_ORIGINS: tuple[str, ...] = ()
    TRUSTED_PROXIES = 0
    TRUSTED_HOSTS: tuple[str, ...] | None = None
    WEB_CONCURRENCY: int | None = None  # workers, if gunicorn.conf.py is not to count cores
    LOG_LEVEL = "INFO"
    LOG_JSON = False

    DATABASE_VARIABLE: ClassVar = "DATABASE_URL"
    SQLALCHEMY_DATABASE_URI: str | None = None

    # Modules with commands that are no part of the service.
    COMMANDS: tuple[str, ...] = ()

    API_TITLE = PROJECT_NAME
    API_VERSION = "v1"
    API_DOCS = True
    OPENAPI_VERSION = "3.1.0"

    # In Flask-Limiter's notation; several limits are separated by a semicolon.
    RATELIMIT_ENABLED = True
    RATELIMIT_DEFAULT = "300 per minute"
    RATELIMIT_STORAGE_URI = "memory://"
    RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
    RATELIMIT_SWALLOW_ERRORS = True
    # @if cookiecutter.auth != "none"
    RATELIMIT_LOGIN = "10 per minute"
    RATELIMIT_PASSWORD_FAILURES = "5 per minute"
    RATELIMIT_REGISTRATION = "10 per hour"

    REGISTRATION_OPEN = True
    # OWASP Password Storage cheat sheet: argon2id, 2 iterations, 19 MiB (here in KiB), 1 lane.
    PASSWORD_HASH: Mapping[str, int] = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}

    # @endif
    # @if cookiecutter.auth == "jwt"
    JWT_SECRET_KEY: str | None = None
    JWT_ALGORITHM = "HS256"
    JWT_DECODE_ALGORITHMS: tuple[str, ...] = ("HS256",)
    JWT_TOKEN_LOCATION: tuple[str, ...] = ("headers",)
    JWT_COOKIE_CSRF_PROTECT = False  # there are no cookies to protect
    JWT_ACCESS_TOKEN_EXPIRES = 60 * 60  # seconds
    JWT_REFRESH_TOKEN_EXPIRES = 30 * 24 * 60 * 60  # seconds
    # Seconds in which a refresh token that was just spent still gets the pair that replaced it.
    JWT_REFRESH_GRACE = 10

    # @elif cookiecutter.auth == "session"
    # Listed origins may send the cookie along.
    CORS_SUPPORTS_CREDENTIALS = True

    # @endif
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_SECURE = True

    @classmethod
    def complete(cls, settings: MutableMapping[str, Any]) -> None:
        """Fill what may be made up: nothing, where it matters."""

    @classmethod
    def problems(cls, settings: Mapping[str, Any]) -> Iterator[str]:
        """Say what keeps the service from starting with these settings."""
        for name in SECRETS:
            yield from _secret_problems(name, settings[name])
        if len({settings[name] for name in SECRETS}) < len(SECRETS):
            yield f"{' and '.join(SECRETS)} must differ"
        for secret in settings["SECRET_KEY_FALLBACKS"]:
            yield from _secret_problems("One of FLASK_SECRET_KEY_FALLBACKS", secret)
        if not settings["SQLALCHEMY_DATABASE_URI"]:
            yield f"{cls.DATABASE_VARIABLE} is missing"
        if settings["SQLALCHEMY_DATABASE_URI"] in IN_MEMORY:
            yield f"{cls.DATABASE_VARIABLE} names no file: what is in memory ends with the process"
        if not all(ORIGIN.fullmatch(origin) for origin in settings["CORS_ORIGINS"]):
            yield "CORS_ORIGINS must list origins like https://app.example.com, and no patterns"
        for name in ("DEBUG", "TESTING"):
            if settings[name]:
                yield f"FLASK_{name} must not be set"
        for name in LIMITS:
            yield from _limit_problems(name, settings[name])


class LocalConfig(Config):
    """On somebody's own machine: plain HTTP, and secrets that nobody needs to remember."""

    SESSION_COOKIE_SECURE = False

    @classmethod
    def complete(cls, settings: MutableMapping[str, Any]) -> None:
        """Make up the secrets that are missing, anew at every start."""
        for name in SECRETS:
            settings[name] = settings[name] or secrets.token_hex(MIN_SECRET_BYTES)

    @classmethod
    def problems(cls, settings: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG003
        """Let everything pass."""
        return iter(())


class DevelopmentConfig(LocalConfig):
    """Work on the service: SQLite in the instance folder, readable logs."""

    DEBUG = True
    LOG_LEVEL = "DEBUG"
    SQLALCHEMY_DATABASE_URI = "sqlite:///development.sqlite3"
    COMMANDS: tuple[str, ...] = ("tools.new_resource",)


class TestingConfig(LocalConfig):
    """Tests: SQLite in memory unless `TEST_DATABASE_URL` names a server; never `DATABASE_URL`."""

    TESTING = True
    DATABASE_VARIABLE: ClassVar = "TEST_DATABASE_URL"
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    # @if cookiecutter.auth != "none"
    PASSWORD_HASH: Mapping[str, int] = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    # @endif
    RATELIMIT_ENABLED = False


class ProductionConfig(Config):
    """Serve people: nothing is made up, and nothing unsafe starts."""

    LOG_JSON = True


# What a setting has to be, by the type of its default; `FLASK_*` variables are read as JSON or else as text.
KINDS: Mapping[type, tuple[type | tuple[type, ...], str]] = {
    bool: (bool, "true or false"),
    int: (int, "a whole number"),
    str: (str, "text"),
    dict: (dict, "a JSON object"),
    tuple: ((list, tuple), 'a JSON list, like ["one"]'),
}
# A limit that cannot be read would not limit anything.
LIMITS = [name for name, value in vars(Config).items() if " per " in str(value)]
CONFIGS: Mapping[str, type[Config]] = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
}


def init_app(app: Flask, name: str | None = None) -> None:
    """Load the settings of an environment: class, then `FLASK_*` variables, then the named ones.

    Raises:
        ConfigurationError: The environment is unknown, or a setting is missing, unsafe or unreadable.
    """
    name = name or os.environ.get("APP_ENV") or "production"
    if name not in CONFIGS:
        raise ConfigurationError(f"APP_ENV is {name!r}; it must be one of {', '.join(CONFIGS)}.")
    chosen = CONFIGS[name]
    app.config.from_object(chosen)
    app.config.from_prefixed_env()
    app.config["APP_ENV"] = name
    problems = [*_kind_problems(app.config)]
    problems += [*_read_variables(app), *_read_database_url(app, chosen.DATABASE_VARIABLE)]
    chosen.complete(app.config)
    problems += chosen.problems(app.config)
    if problems:
        lines = "".join(f"  - {problem}.\n" for problem in problems)
        raise ConfigurationError(f"Cannot start in {name}:\n{lines}{LOCAL_WORK_HINT}")


def _read_variables(app: Flask) -> Iterator[str]:
    """Store the named variables in the configuration and say which ones cannot be read."""
    for name, read in READERS.items():
        if value := os.environ.get(name):
            try:
                app.config[name] = read(value)
            except ValueError as error:
                yield f"{name} {error}"


def _read_database_url(app: Flask, variable: str) -> Iterator[str]:
    """Store the URL with the installed driver, and the engine options that go with it."""
    url = os.environ.get(variable) or app.config["SQLALCHEMY_DATABASE_URI"]
    if not url:
        return
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    try:
        url = normalize_url(url)
    except (ArgumentError, ImportError, ValueError) as error:
        yield f"{variable} cannot be used: {error}"
        return
    options = engine_options(url, debug=app.config["APP_ENV"] == "development")
    own = app.config.get("SQLALCHEMY_ENGINE_OPTIONS", {})
    if not isinstance(own, dict) or not isinstance(own.get("connect_args", {}), dict):
        yield "FLASK_SQLALCHEMY_ENGINE_OPTIONS must be a JSON object, and so must its `connect_args`"
        return
    connect_args = options.get("connect_args", {}) | own.get("connect_args", {})
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**options, **own, "connect_args": connect_args}


def _kind_problems(settings: MutableMapping[str, Any]) -> Iterator[str]:
    """Compare what came with the prefix of Flask with its default, and go on with that if it is no match."""
    for name, default in vars(Config).items():
        kinds, words = KINDS.get(type(default), (object, ""))
        if f"FLASK_{name}" in os.environ and not isinstance(settings[name], kinds):
            settings[name] = default
            yield f"FLASK_{name} must be {words}"


def _secret_problems(name: str, value: object) -> Iterator[str]:
    secret = str(value or "")
    if not secret:
        yield f"{name} is missing"
    elif len(secret.encode()) < MIN_SECRET_BYTES:
        yield f"{name} has fewer than {MIN_SECRET_BYTES} bytes"
    elif not secret.isascii():
        yield f"{name} has characters other than ASCII"
    elif any(placeholder in secret.lower() for placeholder in PLACEHOLDERS):
        yield f"{name} is a well-known default"


def _limit_problems(name: str, value: str) -> Iterator[str]:
    try:
        limits.parse_many(value)
    except ValueError:
        yield f"{name} is not a rate limit like `10 per minute`"


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return int(value)


def _workers(value: str) -> int:
    workers = _count(value)
    if workers < 1:
        raise ValueError("must be at least 1")
    return workers


def _flag(value: str) -> bool:
    choices = {"true": True, "1": True, "false": False, "0": False}
    if value.lower() not in choices:
        raise ValueError("must be true or false")
    return choices[value.lower()]


def _storage(value: str) -> str:
    if not STORAGE.fullmatch(value):
        raise ValueError("must be memory:// or the URL of a Redis server")
    return value


def _log_level(value: str) -> str:
    if value.upper() not in logging.getLevelNamesMapping():
        raise ValueError("must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return value.upper()


READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(SECRETS, str),
    "CORS_ORIGINS": _words,
    "RATELIMIT_STORAGE_URI": _storage,
    "LOG_LEVEL": _log_level,
    "TRUSTED_PROXIES": _count,
    "TRUSTED_HOSTS": _words,
    "WEB_CONCURRENCY": _workers,
    "API_DOCS": _flag,
}
