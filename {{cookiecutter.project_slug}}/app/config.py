"""Configuration of the environments: defaults, then a class, then environment variables.

Nothing is read from the environment until `load` runs, and all problems are reported at once.
"""

import json
import os
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any, ClassVar

import flask
from flask import Flask
from sqlalchemy.exc import ArgumentError

from app.db.engine import engine_options, normalize_url
from app.settings import (
    ConfigurationError,
    Setting,
    generate_secret,
    parse_hosts,
    parse_positive,
    validate_secret,
    validate_secrets,
    validate_unset,
)

PROJECT_NAME = "{{ cookiecutter.project_name | py }}"
LOCAL_WORK_HINT = "To work locally, run `make setup` once (or set APP_ENV=development)."
# The type of a `FLASK_*` variable, which is JSON or else text, by the type of the default.
TYPES: Mapping[type, tuple[type | tuple[type, ...], str]] = {
    bool: (bool, "true or false"),
    int: (int, "a whole number"),
    str: (str, "text"),
    dict: (dict, "a JSON object"),
    tuple: ((list, tuple), 'a JSON list, like ["one"]'),
}

SETTINGS = (
    Setting("PROJECT_NAME", PROJECT_NAME, "The name that people see."),
    Setting(
        "SECRET_KEY",
        None,
        "Signs cookies: at least 32 random bytes.",
        parse=str,
        validate=validate_secret,
        local=generate_secret,
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        (),
        "Earlier values of `SECRET_KEY`; cookies that they signed remain valid.",
        validate=validate_secrets,
    ),
    Setting(
        "TRUSTED_HOSTS",
        None,
        "Host names that requests may name, separated by commas.",
        parse=parse_hosts,
        # Pages of other names that lead to this machine (DNS rebinding) cannot use the service.
        development=("localhost", ".localhost", "127.0.0.1"),
    ),
    Setting("MAX_CONTENT_LENGTH", 2 * 1024 * 1024, "Bytes that the body of a request may have."),
    Setting("SESSION_COOKIE_HTTPONLY", True, "Whether cookies are hidden from scripts."),
    Setting("SESSION_COOKIE_SAMESITE", "Lax", "Which requests of other sites carry cookies."),
    Setting("SESSION_COOKIE_SECURE", True, "Whether cookies are sent over HTTPS only.", local=False),
    Setting(
        "WEB_CONCURRENCY", None, "Workers of gunicorn; by default one for each core.", parse=parse_positive
    ),
    Setting("DEBUG", None, "Whether errors show the debugger.", validate=validate_unset, development=True),
    Setting("TESTING", None, "Whether errors are raised in tests.", validate=validate_unset, testing=True),
)


class Config:
    """All environments; an attribute named like a setting replaces its default."""

    DATABASE_VARIABLE: ClassVar = "DATABASE_URL"

    @classmethod
    def validate(cls, config: Mapping[str, Any], settings: Sequence[Setting]) -> Iterator[str]:
        """Yield what is missing or unsafe."""
        for setting in settings:
            value = config[setting.name]
            if setting.validate and (problem := setting.validate(value)):
                yield f"{setting.environment_variable} {problem}"
            if setting.validate_with and (problem := setting.validate_with(value, config)):
                yield f"{setting.environment_variable} {problem}"
        names = [setting.name for setting in settings if setting.validate is validate_secret]
        if len({config[name] for name in names}) < len(names):
            yield f"{' and '.join(names)} must differ"


class LocalConfig(Config):
    """A developer's own machine: plain HTTP and generated secrets."""

    @classmethod
    def validate(cls, config: Mapping[str, Any], settings: Sequence[Setting]) -> Iterator[str]:  # noqa: ARG003 - as in `Config`
        """Accept everything."""
        return iter(())


class DevelopmentConfig(LocalConfig):
    """SQLite in the instance folder, readable logs, debugger."""


class TestingConfig(LocalConfig):
    """SQLite in memory unless `TEST_DATABASE_URL` names a server; never `DATABASE_URL`."""

    DATABASE_VARIABLE: ClassVar = "TEST_DATABASE_URL"


class ProductionConfig(Config):
    """No defaults for secrets and URLs, and everything is validated."""


CONFIGS: Mapping[str, type[Config]] = {
    "development": DevelopmentConfig,
    "testing": TestingConfig,
    "production": ProductionConfig,
}


def load(app: Flask, name: str | None, settings: Sequence[Setting]) -> None:
    """Load the settings of an environment: defaults, class, `FLASK_*` variables, named variables.

    Raises:
        ConfigurationError: The environment is unknown, or a setting is missing, unsafe or unreadable.
    """
    name = name or os.environ.get("APP_ENV") or "production"
    if name not in CONFIGS:
        raise ConfigurationError(f"APP_ENV is {name!r}; it must be one of {', '.join(CONFIGS)}.")
    chosen = CONFIGS[name]
    set_defaults(app.config, settings, name)
    problems = [*_read_prefixed(app.config, settings), *_read_variables(app.config, settings)]
    app.config["APP_ENV"] = name
    problems += _read_database_url(app.config, chosen.DATABASE_VARIABLE)
    problems += chosen.validate(app.config, settings)
    if problems:
        lines = "".join(f"  - {problem}.\n" for problem in problems)
        raise ConfigurationError(f"Cannot start in {name}:\n{lines}{LOCAL_WORK_HINT}")


def set_defaults(config: flask.Config, settings: Sequence[Setting], name: str) -> None:
    """Store the defaults of an environment, and what its class replaces."""
    chosen = CONFIGS[name]
    for setting in settings:
        config[setting.name] = setting.default_in(name, local=issubclass(chosen, LocalConfig))
    config.from_object(chosen)


def _read_prefixed(config: MutableMapping[str, Any], settings: Sequence[Setting]) -> Iterator[str]:
    """Store `FLASK_*` variables like `Config.from_prefixed_env`, but ignore empty ones and check types."""
    types = {setting.name: TYPES.get(type(setting.default), (object, "")) for setting in settings}
    for variable, text in sorted(os.environ.items()):
        if not variable.startswith("FLASK_") or not text:
            continue
        name, *path = variable.removeprefix("FLASK_").split("__")
        value = _with(config.get(name), path, _json_or_text(text))
        expected, words = types.get(name, (object, ""))
        if isinstance(value, expected) and not (expected is int and isinstance(value, bool)):
            config[name] = value
        else:
            yield f"FLASK_{name} must be {words}"


def _with(value: Any, path: Sequence[str], new: Any) -> Any:
    """Return a value in which what the keys of `path` lead to is replaced."""
    if not path:
        return new
    value = value if isinstance(value, dict) else {}
    return {**value, path[0]: _with(value.get(path[0]), path[1:], new)}


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_variables(config: MutableMapping[str, Any], settings: Sequence[Setting]) -> Iterator[str]:
    """Store the named variables and yield which of them cannot be parsed."""
    for setting in settings:
        if setting.parse and (text := os.environ.get(setting.environment_variable)):
            try:
                config[setting.name] = setting.parse(text)
            except ValueError as error:
                yield f"{setting.environment_variable} {error}"


def _read_database_url(config: MutableMapping[str, Any], variable: str) -> Iterator[str]:
    """Store the URL with the installed driver, and the engine options that go with it."""
    url = os.environ.get(variable) or config["SQLALCHEMY_DATABASE_URI"]
    if not url:
        return
    config["SQLALCHEMY_DATABASE_URI"] = url
    try:
        url = normalize_url(url)
    except (ArgumentError, ImportError, ValueError) as error:
        yield f"{variable} cannot be used: {error}"
        return
    own = config["SQLALCHEMY_ENGINE_OPTIONS"]
    if not isinstance(own.get("connect_args", {}), dict):
        yield "FLASK_SQLALCHEMY_ENGINE_OPTIONS must be a JSON object, and so must its `connect_args`"
        return
    options = engine_options(url, debug=config["APP_ENV"] == "development")
    connect_args = options.get("connect_args", {}) | own.get("connect_args", {})
    config["SQLALCHEMY_DATABASE_URI"] = url
    config["SQLALCHEMY_ENGINE_OPTIONS"] = {**options, **own, "connect_args": connect_args}
