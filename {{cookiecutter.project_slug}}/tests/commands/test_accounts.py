"""Tests of `flask create-admin` and `flask set-password`."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models.base import utcnow
from app.models.login_session import LoginSession
from app.models.user import Role, User
from tests.plugins.credentials import PASSWORD, credentials

NEW_PASSWORD = "a completely different one"
WEAK_PASSWORD = "seven.."


@pytest.fixture(autouse=True)
def _no_admin_in_environment(monkeypatch):
    monkeypatch.delenv("ADMIN_EMAIL", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


@pytest.fixture
def run(runner):
    """Return a function that runs a command with lines of input."""

    def run(*args: str, inputs: tuple[str, ...] = ()):
        return runner.invoke(args=list(args), input="".join(f"{line}\n" for line in inputs))

    return run


@pytest.fixture
def environment(monkeypatch):
    """Return a function that sets the variables of the admin."""

    def environment(email: str, password: str | None = None) -> None:
        monkeypatch.setenv("ADMIN_EMAIL", email)
        if password is not None:
            monkeypatch.setenv("ADMIN_PASSWORD", password)

    return environment


@pytest.fixture
def session_of(db_session):
    """Return a function that stores a session of a user."""

    def session_of(user: User) -> LoginSession:
        end = utcnow() + timedelta(hours=1)
        session = LoginSession(user_id=user.id, kind="test", expires_at=end, ends_at=end)
        db_session.add(session)
        db_session.commit()
        return session

    return session_of


# create-admin


def test_admin_is_created_from_prompts(run, db_session):
    result = run("create-admin", inputs=("root@example.com", PASSWORD, PASSWORD))

    assert result.exit_code == 0
    admin = db_session.scalar(select(User))
    assert (admin.email, admin.role, admin.is_active) == ("root@example.com", Role.ADMIN, True)


def test_created_admin_can_log_in(run, client):
    run("create-admin", inputs=("root@example.com", PASSWORD, PASSWORD))

    headers = credentials(client, "root@example.com")

    assert client.get("/api/v1/users", headers=headers).status_code == 200


def test_password_is_confirmed_and_never_printed(run):
    result = run("create-admin", inputs=("root@example.com", PASSWORD, PASSWORD))

    assert PASSWORD not in result.output
    assert "Repeat for confirmation" in result.output


def test_different_passwords_are_prompted_for_again(run, db_session):
    inputs = ("root@example.com", PASSWORD, NEW_PASSWORD, PASSWORD, PASSWORD)

    result = run("create-admin", inputs=inputs)

    assert result.exit_code == 0
    assert db_session.scalar(select(User.role)) == Role.ADMIN


def test_admin_is_created_from_environment(run, client, environment):
    environment("root@example.com", PASSWORD)

    result = run("create-admin")

    assert result.exit_code == 0
    assert credentials(client, "root@example.com")


def test_password_is_prompted_for_if_environment_has_only_the_email(run, client, environment):
    environment("root@example.com")

    run("create-admin", inputs=(PASSWORD, PASSWORD))

    assert credentials(client, "root@example.com")


def test_password_of_environment_is_not_printed(run, environment):
    environment("root@example.com", PASSWORD)

    assert PASSWORD not in run("create-admin").output


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("root@example.com", WEAK_PASSWORD, "password"),
        ("root@example.com", "x" * 129, "password"),
        ("root@example.com", "password", "password"),
        ("root@example.com", "root@example.com", "password"),
        ("no email", PASSWORD, "email"),
        ("root@example.com\u0007", PASSWORD, "email"),
    ],
)
def test_admin_must_pass_the_validation_of_registration(run, db_session, environment, email, password, field):
    environment(email, password)

    result = run("create-admin")

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {field}: ")
    assert db_session.scalars(select(User)).all() == []


def test_all_validation_errors_are_printed(run, environment):
    environment("no email", WEAK_PASSWORD)

    result = run("create-admin")

    assert "email: " in result.output
    assert "password: " in result.output


def test_invalid_password_is_not_printed(run, environment):
    environment("root@example.com", WEAK_PASSWORD)

    assert WEAK_PASSWORD not in run("create-admin").output


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_existing_user_is_promoted_after_confirmation(run, db_session, user, spelling):
    result = run("create-admin", inputs=(spelling, "y"))

    db_session.refresh(user)
    assert result.exit_code == 0
    assert user.role == Role.ADMIN


@pytest.mark.parametrize("inputs", [("n",), ("",), ()])
def test_existing_user_is_not_promoted_without_confirmation(run, db_session, environment, user, inputs):
    environment(user.email, PASSWORD)

    result = run("create-admin", inputs=inputs)

    db_session.refresh(user)
    assert result.exit_code == 1
    assert user.role == Role.USER


def test_promotion_keeps_the_password(run, client, environment, user):
    environment(user.email, NEW_PASSWORD)

    run("create-admin", inputs=("y",))

    assert credentials(client, user.email, PASSWORD)


def test_promotion_revokes_all_sessions(run, db_session, session_of, user):
    session = session_of(user)

    run("create-admin", inputs=(user.email, "y"))

    db_session.refresh(session)
    assert session.revoked_at is not None


@pytest.mark.parametrize("role", list(Role))
def test_promotion_activates_inactive_user(run, db_session, make_user, role):
    inactive = make_user(role=role, is_active=False)

    run("create-admin", inputs=(inactive.email, "y"))

    db_session.refresh(inactive)
    assert (inactive.role, inactive.is_active) == (Role.ADMIN, True)


def test_existing_admin_is_not_changed(run, db_session, session_of, admin_user):
    session = session_of(admin_user)

    result = run("create-admin", inputs=(admin_user.email,))

    db_session.refresh(session)
    assert (result.exit_code, session.revoked_at) == (0, None)
    assert "already" in result.output


def test_email_of_deleted_user_creates_a_new_admin(run, db_session, make_user):
    deleted = make_user(deleted=True)

    run("create-admin", inputs=(deleted.email, PASSWORD, PASSWORD))

    admin = db_session.scalar(User.select_not_deleted())
    assert admin.id != deleted.id


# set-password


def test_password_is_set(run, client, user):
    result = run("set-password", user.email, inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert result.exit_code == 0
    assert credentials(client, user.email, NEW_PASSWORD)


def test_email_is_accepted_in_any_spelling(run, client, user):
    run("set-password", user.email.upper(), inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert credentials(client, user.email, NEW_PASSWORD)


def test_new_password_is_not_printed(run, user):
    result = run("set-password", user.email, inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert NEW_PASSWORD not in result.output


def test_setting_a_password_revokes_all_sessions(run, client, user, auth_headers):
    run("set-password", user.email, inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401


def test_setting_a_password_keeps_sessions_of_other_users(run, client, user, admin_headers):
    run("set-password", user.email, inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert client.get("/api/v1/users/me", headers=admin_headers).status_code == 200


@pytest.mark.parametrize("password", [WEAK_PASSWORD, "x" * 129])
def test_invalid_password_is_rejected(run, client, user, auth_headers, password):
    result = run("set-password", user.email, inputs=(password, password))

    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: password: ")
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200


def test_guessable_password_is_rejected(run, client, user, auth_headers):
    result = run("set-password", user.email, inputs=("password", "password"))

    assert result.exit_code == 1
    assert "This password is easy to guess." in result.output.splitlines()[-1]
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200


@pytest.mark.parametrize("email", ["unknown@example.com", "deleted@example.com", ""])
def test_unknown_user_is_an_error(run, make_user, email):
    make_user(email="deleted@example.com", deleted=True)

    result = run("set-password", email, inputs=(NEW_PASSWORD, NEW_PASSWORD))

    assert result.exit_code == 1
    assert "not found" in result.output


def test_password_as_argument_is_a_usage_error(run, user):
    assert run("set-password", user.email, NEW_PASSWORD).exit_code == 2
