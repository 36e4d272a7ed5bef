"""Settings: where they come from, and what production refuses."""

import runpy
import sys
from types import ModuleType

import pytest
from flask import Flask

from app import SETTINGS, config
from app.config import LOCAL_WORK_HINT
from app.db import engine as database
from app.settings import MIN_SECRET_BYTES, ConfigurationError, Setting
from tests.plugins.settings import PARSED, SECRETS

pytestmark = pytest.mark.usefixtures("production")

RANDOM = "0123456789abcdef" * 4


@pytest.fixture
def drivers(monkeypatch):
    """Stand-ins for the drivers, of which a project has at most one."""

    def connect(host, port, user, password, dbname, database, charset, sslmode):
        """Connect to a server."""

    for name in ("psycopg", "pymysql"):
        module = ModuleType(name)
        vars(module)["connect"] = connect
        monkeypatch.setitem(sys.modules, name, module)


def settings(name: str = "production") -> dict:
    """Read the configuration of an environment."""
    app = Flask(__name__)
    config.load(app, name, SETTINGS)
    return app.config


def refusal(name: str = "production") -> str:
    """Read the configuration of an environment that must not start, and return why."""
    with pytest.raises(ConfigurationError) as error:
        settings(name)
    return str(error.value)


def test_production_starts_with_what_it_asks_for():
    assert settings()["SQLALCHEMY_DATABASE_URI"].startswith("sqlite:///")


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_a_missing_secret(secret, monkeypatch):
    monkeypatch.delenv(secret)

    assert f"- {secret} is missing." in refusal()


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_an_empty_secret(secret, monkeypatch):
    monkeypatch.setenv(secret, "")

    assert f"- {secret} is missing." in refusal()


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_a_short_secret(secret, monkeypatch):
    monkeypatch.setenv(secret, RANDOM[: MIN_SECRET_BYTES - 1])

    assert f"- {secret} has fewer than 32 bytes." in refusal()


@pytest.mark.parametrize("secret", SECRETS)
def test_production_takes_a_secret_of_the_shortest_length(secret, monkeypatch):
    monkeypatch.setenv(secret, RANDOM[:MIN_SECRET_BYTES])

    assert settings()[secret] == RANDOM[:MIN_SECRET_BYTES]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("default", ["change-me", "Your-Secret-Key", "dev-secret", "DEFAULT"])
def test_production_refuses_a_known_default(secret, default, monkeypatch):
    monkeypatch.setenv(secret, default + RANDOM)

    assert f"- {secret} is a well-known default." in refusal()


@pytest.mark.parametrize("secret", SECRETS)
def test_production_refuses_a_secret_that_is_not_ascii(secret, monkeypatch):
    monkeypatch.setenv(secret, f"€{RANDOM}")

    assert f"- {secret} has characters other than ASCII." in refusal()


def test_production_refuses_a_missing_database(monkeypatch):
    monkeypatch.delenv("DATABASE_URL")

    assert "- DATABASE_URL is missing." in refusal()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_production_refuses_a_database_that_forgets(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)

    assert "- DATABASE_URL names no file" in refusal()


@pytest.mark.parametrize(
    "origins",
    ["*", "https://app.example.com, *", "https://*.example.com", ".*", "https://.*"],
)
def test_production_refuses_origins_that_are_patterns(origins, monkeypatch):
    monkeypatch.setenv("CORS_ORIGINS", origins)

    assert "- CORS_ORIGINS must list origins" in refusal()


@pytest.mark.parametrize(
    "origins",
    ["https://app.example.com, http://localhost:3000", "capacitor://localhost", "http://[::1]:3000"],
)
def test_production_accepts_origins(origins, monkeypatch):
    monkeypatch.setenv("CORS_ORIGINS", origins)

    assert settings()["CORS_ORIGINS"] == tuple(origins.split(", "))


def test_all_problems_are_reported_at_once(monkeypatch):
    for name in (*SECRETS, "DATABASE_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("CORS_ORIGINS", "*")
    monkeypatch.setenv("TRUSTED_PROXIES", "many")

    message = refusal()

    for name in (*SECRETS, "DATABASE_URL", "CORS_ORIGINS", "TRUSTED_PROXIES"):
        assert f"- {name} " in message


def test_the_last_line_tells_how_to_work_locally(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")

    assert refusal().splitlines()[-1] == LOCAL_WORK_HINT
    assert "APP_ENV=development" in LOCAL_WORK_HINT


def test_a_refusal_does_not_repeat_a_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "tooshort")
    monkeypatch.setenv("DATABASE_URL", "nonsense://user:hunter2@host/name")

    message = refusal()

    assert "tooshort" not in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("CORS_ORIGINS", "https://a.example, https://b.example", ("https://a.example", "https://b.example")),
        ("CORS_ORIGINS", " , ", ()),
        ("RATELIMIT_STORAGE_URI", "redis://cache:6379/1", "redis://cache:6379/1"),
        ("LOG_LEVEL", "warning", "WARNING"),
        ("RATELIMIT_STORAGE_URI", "redis+sentinel://a:1,b:2/one", "redis+sentinel://a:1,b:2/one"),
        ("TRUSTED_PROXIES", "2", 2),
        ("WEB_CONCURRENCY", "3", 3),
        ("TRUSTED_HOSTS", "api.example.com,.example.org", ("api.example.com", ".example.org")),
        (
            "TRUSTED_HOSTS",
            "localhost:8000, [::1]:8000, bücher.example",
            ("localhost:8000", "[::1]:8000", "bücher.example"),
        ),
        ("API_DOCS", "false", False),
        ("API_DOCS", "True", True),
    ],
)
def test_a_named_variable_is_read(name, value, read, monkeypatch):
    monkeypatch.setenv(name, value)

    assert settings()[name] == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "loud"),
        ("RATELIMIT_STORAGE_URI", "nonsense"),
        ("RATELIMIT_STORAGE_URI", "nonsense://cache"),
        ("RATELIMIT_STORAGE_URI", "redis://cache:port"),
        ("RATELIMIT_STORAGE_URI", "redis+sentinel://cache"),
        ("RATELIMIT_STORAGE_URI", "redis+cluster://cache:6379"),
        ("WEB_CONCURRENCY", "many"),
        ("WEB_CONCURRENCY", "2.5"),
        ("WEB_CONCURRENCY", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "1.5"),
        ("TRUSTED_PROXIES", "\u0661"),
        ("TRUSTED_PROXIES", "9" * 5000),
        ("API_DOCS", "maybe"),
        ("RATELIMIT_STORAGE_URI", "redis://:pa#ss@cache:6379"),
        ("RATELIMIT_STORAGE_URI", "redis://:pa/ss@cache:6379"),
        ("TRUSTED_HOSTS", "*"),
        ("TRUSTED_HOSTS", "*.example.com"),
        ("TRUSTED_HOSTS", "https://api.example.com"),
    ],
)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_variable_that_cannot_be_read_is_a_problem_everywhere(environment, name, value, monkeypatch):
    monkeypatch.setenv(name, value)

    assert f"- {name} " in refusal(environment)


@pytest.mark.parametrize("name", sorted({*PARSED} - {*SECRETS, "MAIL_SERVER"}))
def test_an_empty_variable_counts_as_not_set(name, monkeypatch):
    default = settings()[name]
    monkeypatch.setenv(name, "")

    assert settings()[name] == default


def test_any_other_setting_comes_with_the_prefix_of_flask(monkeypatch):
    monkeypatch.setenv("FLASK_MAX_CONTENT_LENGTH", "2048")
    monkeypatch.setenv("FLASK_RATELIMIT_DEFAULT", "5 per second")

    read = settings()

    assert read["MAX_CONTENT_LENGTH"] == 2048
    assert read["RATELIMIT_DEFAULT"] == "5 per second"


def test_old_secrets_can_be_kept_while_they_are_rotated(monkeypatch):
    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", f'["{RANDOM}"]')

    assert settings()["SECRET_KEY_FALLBACKS"] == [RANDOM]


@pytest.mark.parametrize("fallback", ["tooshort", "change-me" + RANDOM])
def test_production_refuses_old_secrets_that_were_none(fallback, monkeypatch):
    monkeypatch.setenv("FLASK_SECRET_KEY_FALLBACKS", f'["{fallback}"]')

    assert "- FLASK_SECRET_KEY_FALLBACKS lists a secret that " in refusal()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY_FALLBACKS", RANDOM),  # Flask would take each letter for a key
        ("MAX_CONTENT_LENGTH", "2 MB"),
        ("MAX_CONTENT_LENGTH", "false"),
        ("LOG_LEVEL__X", "1"),
        ("RATELIMIT_DEFAULT", "5"),
        ("RATELIMIT_ENABLED", "no"),
        ("SQLALCHEMY_ENGINE_OPTIONS", "echo"),
        ("RATELIMIT_STORAGE_OPTIONS", "socket_timeout"),
        ("SQLALCHEMY_ENGINE_OPTIONS", '{"connect_args": 1}'),
    ],
)
@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_setting_of_the_wrong_kind_is_a_problem_everywhere(environment, name, value, monkeypatch):
    monkeypatch.setenv(f"FLASK_{name}", value)

    assert f"- FLASK_{name.partition('__')[0]} must be " in refusal(environment)


def test_a_named_variable_beats_the_prefix(monkeypatch):
    monkeypatch.setenv("FLASK_LOG_LEVEL", "ERROR")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")

    assert settings()["LOG_LEVEL"] == "WARNING"


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "FLASK_TESTING"])
def test_production_is_neither_debugged_nor_a_test(name, monkeypatch):
    monkeypatch.setenv(name, "1")

    assert f"- {name} must not be set." in refusal()


def test_the_prefix_of_flask_does_not_change_the_environment(monkeypatch):
    monkeypatch.setenv("FLASK_APP_ENV", "development")

    assert settings()["APP_ENV"] == "production"


@pytest.mark.parametrize("limit", ["often", ";", "10 per fortnight"])
def test_production_refuses_a_limit_that_limits_nothing(limit, monkeypatch):
    monkeypatch.setenv("FLASK_RATELIMIT_DEFAULT", limit)

    assert "- FLASK_RATELIMIT_DEFAULT is not a rate limit" in refusal()


def test_nothing_is_read_at_import(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "many")
    monkeypatch.setenv("FLASK_MAX_CONTENT_LENGTH", "many")

    imported = runpy.run_path(config.__file__)

    defaults = {setting.name: setting.default for setting in imported["SETTINGS"]}
    assert defaults == {setting.name: setting.default for setting in config.SETTINGS}


def test_settings_are_read_anew_for_every_app(monkeypatch):
    first = settings()
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    assert (first["LOG_LEVEL"], settings()["LOG_LEVEL"]) == ("INFO", "ERROR")


@pytest.mark.parametrize("environment", ["development", "testing"])
@pytest.mark.parametrize("secret", SECRETS)
def test_locally_a_missing_secret_is_made_up(secret, environment, monkeypatch):
    monkeypatch.delenv(secret)

    first, second = settings(environment)[secret], settings(environment)[secret]

    assert len(first) >= MIN_SECRET_BYTES
    assert first != second


def test_tests_never_use_the_database_of_the_service(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///precious.sqlite3")

    assert settings("testing")["SQLALCHEMY_DATABASE_URI"] == "sqlite://"


def test_tests_use_the_database_that_is_meant_for_them(monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", "sqlite:///tests.sqlite3")

    assert settings("testing")["SQLALCHEMY_DATABASE_URI"] == "sqlite:///tests.sqlite3"


@pytest.mark.usefixtures("drivers")
@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("postgres://u:p@host/name", "postgresql+psycopg://u:p@host/name"),
        ("postgresql://u:p@host:5433/name", "postgresql+psycopg://u:p@host:5433/name"),
        ("postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
        ("mysql://u:p@host/name?charset=utf8mb4", "mysql+pymysql://u:p@host/name?charset=utf8mb4"),
        ("mariadb://host/name", "mysql+pymysql://host/name"),
        ("postgres://u:p%40ss%2F@host/name", "postgresql+psycopg://u:p%40ss%2F@host/name"),
        ("sqlite:////srv/data.sqlite3", "sqlite:////srv/data.sqlite3"),
    ],
)
def test_a_database_url_gets_the_installed_driver(url, normal, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)

    assert settings()["SQLALCHEMY_DATABASE_URI"] == normal


@pytest.mark.parametrize("url", ["postgres://host/name", "mysql://host/name"])
def test_a_missing_driver_is_a_problem(url, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setitem(sys.modules, "pymysql", None)
    monkeypatch.setenv("DATABASE_URL", url)

    assert "- DATABASE_URL cannot be used: " in refusal()


@pytest.mark.usefixtures("drivers")
@pytest.mark.parametrize("url", ["nonsense", "nonsense://host/name", "postgresql://u:p@host:port/name"])
@pytest.mark.parametrize(
    ("environment", "variable"), [("production", "DATABASE_URL"), ("testing", "TEST_DATABASE_URL")]
)
def test_what_is_no_database_url_is_a_problem(environment, variable, url, monkeypatch):
    monkeypatch.setenv(variable, url)

    assert f"- {variable} cannot be used: " in refusal(environment)


@pytest.mark.usefixtures("drivers")
@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("postgres://host/name?sslmode=require&schema=public", "schema"),
        ("mysql://host/name?ssl-mode=REQUIRED", "ssl-mode"),
    ],
)
def test_unknown_parameter_of_a_database_url_is_a_problem(url, parameter, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)

    assert f"the driver does not know the parameter {parameter}." in refusal()


@pytest.mark.usefixtures("drivers")
@pytest.mark.parametrize("url", ["postgres://host/name", "mysql://host/name"])
def test_a_server_gets_a_pool_with_a_connection_for_every_thread(url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)

    options = settings()["SQLALCHEMY_ENGINE_OPTIONS"]

    assert (options["pool_size"], options["max_overflow"]) == (database.SERVER_THREADS, 0)
    assert options["skip_autocommit_rollback"]
    assert options["pool_recycle"] > 0


def test_sqlite_gets_no_pool_options():
    options = settings()["SQLALCHEMY_ENGINE_OPTIONS"]

    assert not [name for name in options if name.startswith("pool_")]


def test_engine_options_of_ones_own_are_kept(monkeypatch):
    monkeypatch.setenv("FLASK_SQLALCHEMY_ENGINE_OPTIONS", '{"echo": true}')

    assert settings()["SQLALCHEMY_ENGINE_OPTIONS"]["echo"] is True


@pytest.mark.usefixtures("drivers")
def test_an_argument_of_ones_own_for_the_driver_goes_beside_the_others(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://host/name")
    monkeypatch.setenv("FLASK_SQLALCHEMY_ENGINE_OPTIONS__connect_args__prepare_threshold", "null")

    arguments = settings()["SQLALCHEMY_ENGINE_OPTIONS"]["connect_args"]

    assert arguments["connect_timeout"] == database.CONNECT_TIMEOUT
    assert arguments["prepare_threshold"] is None


@pytest.mark.parametrize(("environment", "hidden"), [("development", False), ("production", True)])
def test_only_development_shows_the_parameters_of_statements(environment, hidden):
    assert settings(environment)["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is hidden


@pytest.mark.parametrize(("environment", "secure"), [("development", False), ("production", True)])
def test_cookies_of_production_are_only_sent_over_tls(environment, secure):
    read = settings(environment)

    assert read["SESSION_COOKIE_SECURE"] is secure
    assert read["SESSION_COOKIE_HTTPONLY"]
    assert read["SESSION_COOKIE_SAMESITE"] == "Lax"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_empty_prefixed_variable_counts_as_not_set(setting, monkeypatch):
    default = settings()[setting.name]
    monkeypatch.setenv(f"FLASK_{setting.name}", "")

    assert settings()[setting.name] == default


def test_nested_variable_changes_one_key_of_one_app(monkeypatch):
    default = settings()["SQLALCHEMY_ENGINE_OPTIONS"]
    with monkeypatch.context() as patch:
        patch.setenv("FLASK_SQLALCHEMY_ENGINE_OPTIONS__echo", "true")
        patch.setenv("FLASK_SQLALCHEMY_ENGINE_OPTIONS__pool_use_lifo", "")

        assert settings()["SQLALCHEMY_ENGINE_OPTIONS"] == {**default, "echo": True}

    assert settings()["SQLALCHEMY_ENGINE_OPTIONS"] == default


def test_settings_are_unique_and_described():
    names = [setting.name for setting in SETTINGS]

    assert len(set(names)) == len(names)
    assert all(setting.description.endswith(".") for setting in SETTINGS)


def test_class_replaces_a_default(monkeypatch):
    monkeypatch.setattr(config.ProductionConfig, "LOG_LEVEL", "ERROR", raising=False)

    assert settings()["LOG_LEVEL"] == "ERROR"


def test_setting_of_another_part_is_parsed_validated_and_has_defaults(monkeypatch):
    own = Setting(
        "RATES_TIMEOUT",
        3,
        "Seconds.",
        parse=int,
        validate=lambda value: "is too long" if value > 10 else None,
        development=30,
    )
    app = Flask(__name__)

    config.load(app, "development", (*SETTINGS, own))
    assert app.config["RATES_TIMEOUT"] == 30

    monkeypatch.setenv("RATES_TIMEOUT", "20")
    with pytest.raises(ConfigurationError, match="- RATES_TIMEOUT is too long"):
        config.load(app, "production", (*SETTINGS, own))
