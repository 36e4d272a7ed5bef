"""The one table of features: what brings each of them, and what a project has only with it.

The hooks delete its paths, the command line looks for its sentinels and keeps its names free, and
the tests compare every project with it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cookiecutter.exceptions import FailedHookException

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT


class Sentinel(NamedTuple):
    """A file that shows that a feature is there, and the text that it must contain."""

    path: str
    text: str = ""


class Feature(NamedTuple):
    """A part of the service that some answers leave out."""

    name: str
    # option: choices; any one of them brings the feature.
    brought_by: Mapping[str, tuple[object, ...]]
    # Files and folders that only this feature needs.
    paths: tuple[str, ...] = ()
    sentinel: Sentinel | None = None
    # Environment variables that nothing else reads.
    variables: tuple[str, ...] = ()
    # Tables, schemas, blueprints and modules: a resource with such a name could not get the
    # feature later.
    reserved_names: tuple[str, ...] = ()

    def is_chosen(self, answers: Mapping[str, Any]) -> bool:
        """Return whether the answers bring the feature."""
        return any(answers[option] in choices for option, choices in self.brought_by.items())


FEATURES = (
    Feature(
        "accounts",
        brought_by={"auth": ("jwt", "session")},
        paths=(
            "app/account_tokens.py",
            "app/api/account_mails.py",
            "app/api/auth.py",
            "app/api/sessions.py",
            "app/api/users.py",
            "app/commands/accounts.py",
            "app/commands/login_sessions.py",
            "app/commands/mail.py",
            "app/models/login_session.py",
            "app/models/outgoing_mail.py",
            "app/models/user.py",
            "app/schemas/account_mail.py",
            "app/schemas/auth.py",
            "app/schemas/login_session.py",
            "app/schemas/user.py",
            "app/keyed_hashes.py",
            "app/mail.py",
            "app/mail_delivery.py",
            "app/metrics/accounts.py",
            "app/passwords.py",
            "app/security_log.py",
            "app/security/guard.py",
            "app/security/lifetimes.py",
            "app/security/limits.py",
            "app/services/account_mails.py",
            "app/services/auth.py",
            "app/services/exports.py",
            "app/services/login_sessions.py",
            "app/services/outbox.py",
            "app/services/users.py",
            "app/templates",
            "docker/accounts-dashboard.json",
            "migrations/versions/0002_accounts.py",
            "migrations/versions/0003_outgoing_mails.py",
            "tests/api/test_account_mails.py",
            "tests/api/test_auth.py",
            "tests/api/test_login_sessions.py",
            "tests/api/test_users.py",
            "tests/commands/test_accounts.py",
            "tests/commands/test_login_sessions.py",
            "tests/commands/test_mail.py",
            "tests/models",
            "tests/plugins/accounts.py",
            "tests/plugins/mails.py",
            "tests/plugins/credentials.py",
            "tests/security/routes.py",
            "tests/security/test_guard.py",
            "tests/security/test_lifetimes.py",
            "tests/security/test_limits.py",
            "tests/services/test_auth.py",
            "tests/services/test_login_sessions.py",
            "tests/services/test_outbox.py",
            "tests/services/test_users.py",
            "tests/test_account_races.py",
            "tests/smtp.py",
            "tests/test_mail.py",
            "tests/test_mail_delivery.py",
            "tests/test_account_metrics.py",
            "tests/test_passwords.py",
            "tests/test_security_log.py",
        ),
        variables=("ADMIN_EMAIL", "ADMIN_PASSWORD"),
        reserved_names=(
            "account",
            "account_mail",
            "account_mails",
            "accounts",
            "auth",
            "author",
            "credentials",
            "email_verification",
            "exports",
            "forgot_password",
            "login",
            "login_session",
            "login_sessions",
            "mail",
            "mails",
            "models",
            "outbox",
            "outgoing_mail",
            "outgoing_mails",
            "password_change",
            "password_reset",
            "registration",
            "security",
            "session",
            "session_list",
            "sessions",
            "user",
            "user_page",
            "user_update",
            "users",
        ),
    ),
    Feature(
        "public API",
        brought_by={"auth": ("none",)},
        paths=("tests/plugins/anonymous.py",),
    ),
    Feature(
        "jwt",
        brought_by={"auth": ("jwt",)},
        paths=(
            "app/api/tokens.py",
            "app/schemas/token.py",
            "app/security/jwt.py",
            "tests/api/test_tokens.py",
        ),
        sentinel=Sentinel("app/security/jwt.py"),
        variables=("JWT_SECRET_KEY",),
        reserved_names=("token", "token_pair", "tokens"),
    ),
    Feature(
        "session",
        brought_by={"auth": ("session",)},
        paths=(
            "app/api/csrf.py",
            "app/schemas/csrf.py",
            "app/security/session.py",
            "tests/security/test_session.py",
            "tests/session_clients.py",
        ),
        sentinel=Sentinel("app/security/session.py"),
        reserved_names=("csrf", "session_clients"),
    ),
    Feature(
        "browser sessions",
        brought_by={"auth": ("session",), "admin": (True,), "pages": (True,)},
        paths=(
            "app/security/browser_sessions.py",
            "app/security/csrf.py",
            "tests/security/test_browser_sessions.py",
        ),
    ),
    Feature(
        "admin",
        brought_by={"admin": (True,)},
        paths=("app/admin", "tests/admin"),
        sentinel=Sentinel("app/admin/__init__.py"),
        reserved_names=("admin",),
    ),
    Feature(
        "HTML",
        brought_by={"admin": (True,), "pages": (True,)},
        paths=("app/web", "tests/page_checks.py", "tests/plugins/browsers.py"),
        reserved_names=("browsers",),
    ),
    Feature(
        "pages",
        brought_by={"pages": (True,)},
        paths=(
            "app/pages",
            "app/security/page_sessions.py",
            "app/services/post_submissions.py",
            "docs/pages.md",
            "tests/pages",
            "tests/services/test_post_submissions.py",
        ),
        sentinel=Sentinel("app/pages/__init__.py"),
        reserved_names=("page", "pages", "post_submissions"),
    ),
    Feature(
        "postgresql",
        brought_by={"database": ("postgresql",)},
        paths=("docker/create-role.sh",),
        sentinel=Sentinel("pyproject.toml", "psycopg"),
    ),
    Feature(
        "mysql",
        brought_by={"database": ("mysql",)},
        sentinel=Sentinel("pyproject.toml", "pymysql"),
    ),
    Feature(
        "database server",
        brought_by={"database": ("postgresql", "mysql")},
        paths=("docker/database.env.example",),
    ),
    Feature(
        "docker",
        brought_by={"docker": (True,)},
        paths=(
            ".dockerignore",
            "Dockerfile",
            "compose.dev.yaml",
            "compose.yaml",
            "docker",
            "scripts/make_docker_env.py",
        ),
        sentinel=Sentinel("scripts/make_docker_env.py"),
    ),
    Feature(
        "github",
        brought_by={"ci": ("github",)},
        paths=(".github",),
        sentinel=Sentinel(".github/workflows/ci.yml", "# Checks of every pull request"),
    ),
    Feature(
        "gitlab",
        brought_by={"ci": ("gitlab",)},
        paths=(".gitlab-ci.yml", "renovate.json"),
        sentinel=Sentinel(".gitlab-ci.yml", "# Checks of every merge request"),
    ),
)


def unchosen_paths(
    answers: Mapping[str, Any], features: tuple[Feature, ...] = FEATURES
) -> list[str]:
    """Return the paths that a project of these answers does not have.

    Raises:
        FailedHookException: The template has no such path, whatever was chosen.
    """
    for path in paths(features):
        if not (ROOT / PROJECT_FOLDER / path).exists():
            raise FailedHookException(f"features.py lists {path}, which the template does not have")
    return list(paths(feature for feature in features if not feature.is_chosen(answers)))


def paths(features: Iterator[Feature] | tuple[Feature, ...] = FEATURES) -> Iterator[str]:
    """Yield the paths of some features."""
    return (path for feature in features for path in feature.paths)


def reserved_names() -> frozenset[str]:
    """Return the names that a later change of the answers needs."""
    return frozenset(name for feature in FEATURES for name in feature.reserved_names)
