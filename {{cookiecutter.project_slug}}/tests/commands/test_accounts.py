"""`flask create-admin` and `flask set-password`."""

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
def _nobody_named(monkeypatch):
    monkeypatch.delenv("ADMIN_EMAIL", raising=False)
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


@pytest.fixture
def run(runner):
    """Run a command, typing lines."""

    def run(*args: str, typing: tuple[str, ...] = ()):
        return runner.invoke(args=list(args), input="".join(f"{line}\n" for line in typing))

    return run


@pytest.fixture
def environment(monkeypatch):
    """Name the admin in the environment."""

    def environment(email: str, password: str | None = None) -> None:
        monkeypatch.setenv("ADMIN_EMAIL", email)
        if password is not None:
            monkeypatch.setenv("ADMIN_PASSWORD", password)

    return environment


@pytest.fixture
def session_of(db_session):
    """Store a login of a user."""

    def session_of(user: User) -> LoginSession:
        session = LoginSession(user_id=user.id, kind="test", expires_at=utcnow() + timedelta(hours=1))
        db_session.add(session)
        db_session.commit()
        return session

    return session_of


# create-admin


def test_an_admin_is_created_by_asking(run, db_session):
    result = run("create-admin", typing=("root@example.com", PASSWORD, PASSWORD))

    assert result.exit_code == 0
    admin = db_session.scalar(select(User))
    assert (admin.email, admin.role, admin.is_active) == ("root@example.com", Role.ADMIN, True)


def test_a_created_admin_can_log_in(run, client):
    run("create-admin", typing=("root@example.com", PASSWORD, PASSWORD))

    headers = credentials(client, "root@example.com")

    assert client.get("/api/v1/users", headers=headers).status_code == 200


def test_the_password_is_typed_twice_and_never_shown(run):
    result = run("create-admin", typing=("root@example.com", PASSWORD, PASSWORD))

    assert PASSWORD not in result.output
    assert "Repeat for confirmation" in result.output


def test_passwords_that_differ_are_asked_for_again(run, db_session):
    typing = ("root@example.com", PASSWORD, NEW_PASSWORD, PASSWORD, PASSWORD)

    result = run("create-admin", typing=typing)

    assert result.exit_code == 0
    assert db_session.scalar(select(User.role)) == Role.ADMIN


def test_an_admin_is_created_from_the_environment(run, client, environment):
    environment("root@example.com", PASSWORD)

    result = run("create-admin")

    assert result.exit_code == 0
    assert credentials(client, "root@example.com")


def test_the_password_is_asked_for_when_only_the_address_is_in_the_environment(run, client, environment):
    environment("root@example.com")

    run("create-admin", typing=(PASSWORD, PASSWORD))

    assert credentials(client, "root@example.com")


def test_the_environment_is_not_repeated(run, environment):
    environment("root@example.com", PASSWORD)

    assert PASSWORD not in run("create-admin").output


@pytest.mark.parametrize(
    ("email", "password", "field"),
    [
        ("root@example.com", WEAK_PASSWORD, "password"),
        ("root@example.com", "x" * 129, "password"),
        ("no address", PASSWORD, "email"),
        ("root@example.com\u0007", PASSWORD, "email"),
    ],
)
def test_an_admin_is_held_to_the_rules_of_registration(run, db_session, environment, email, password, field):
    environment(email, password)

    result = run("create-admin")

    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {field}: ")
    assert db_session.scalars(select(User)).all() == []


def test_all_that_is_wrong_is_told_at_once(run, environment):
    environment("no address", WEAK_PASSWORD)

    result = run("create-admin")

    assert "email: " in result.output
    assert "password: " in result.output


def test_a_refused_password_is_not_shown(run, environment):
    environment("root@example.com", WEAK_PASSWORD)

    assert WEAK_PASSWORD not in run("create-admin").output


@pytest.mark.parametrize("spelling", ["user@example.com", "USER@example.com"])
def test_an_existing_user_is_promoted_after_confirmation(run, db_session, user, spelling):
    result = run("create-admin", typing=(spelling, "y"))

    db_session.refresh(user)
    assert result.exit_code == 0
    assert user.role == Role.ADMIN


@pytest.mark.parametrize("typing", [("n",), ("",), ()])
def test_an_existing_user_is_not_promoted_without_confirmation(run, db_session, environment, user, typing):
    environment(user.email, PASSWORD)

    result = run("create-admin", typing=typing)

    db_session.refresh(user)
    assert result.exit_code == 1
    assert user.role == Role.USER


def test_promotion_keeps_the_password(run, client, environment, user):
    environment(user.email, NEW_PASSWORD)

    run("create-admin", typing=("y",))

    assert credentials(client, user.email, PASSWORD)


def test_promotion_ends_all_sessions(run, db_session, session_of, user):
    session = session_of(user)

    run("create-admin", typing=(user.email, "y"))

    db_session.refresh(session)
    assert session.revoked_at is not None


@pytest.mark.parametrize("role", list(Role))
def test_promotion_wakes_an_inactive_account(run, db_session, make_user, role):
    inactive = make_user(role=role, is_active=False)

    run("create-admin", typing=(inactive.email, "y"))

    db_session.refresh(inactive)
    assert (inactive.role, inactive.is_active) == (Role.ADMIN, True)


def test_an_admin_is_left_alone(run, db_session, session_of, admin_user):
    session = session_of(admin_user)

    result = run("create-admin", typing=(admin_user.email,))

    db_session.refresh(session)
    assert (result.exit_code, session.revoked_at) == (0, None)
    assert "already" in result.output


def test_the_address_of_a_deleted_account_makes_a_new_one(run, db_session, make_user):
    gone = make_user(deleted=True)

    run("create-admin", typing=(gone.email, PASSWORD, PASSWORD))

    admin = db_session.scalar(User.select_not_deleted())
    assert admin.id != gone.id


# set-password


def test_a_password_is_set(run, client, user):
    result = run("set-password", user.email, typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert result.exit_code == 0
    assert credentials(client, user.email, NEW_PASSWORD)


def test_the_address_may_be_spelled_differently(run, client, user):
    run("set-password", user.email.upper(), typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert credentials(client, user.email, NEW_PASSWORD)


def test_a_new_password_is_never_shown(run, user):
    result = run("set-password", user.email, typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert NEW_PASSWORD not in result.output


def test_setting_a_password_ends_all_sessions(run, client, user, auth_headers):
    run("set-password", user.email, typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 401


def test_setting_a_password_leaves_others_logged_in(run, client, user, admin_headers):
    run("set-password", user.email, typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert client.get("/api/v1/users/me", headers=admin_headers).status_code == 200


@pytest.mark.parametrize("password", [WEAK_PASSWORD, "x" * 129])
def test_a_password_that_nobody_may_have_is_refused(run, client, user, auth_headers, password):
    result = run("set-password", user.email, typing=(password, password))

    assert result.exit_code == 1
    assert result.output.splitlines()[-1].startswith("Error: password: ")
    assert client.get("/api/v1/users/me", headers=auth_headers).status_code == 200


@pytest.mark.parametrize("email", ["nobody@example.com", "gone@example.com", ""])
def test_nobody_gets_no_password(run, make_user, email):
    make_user(email="gone@example.com", deleted=True)

    result = run("set-password", email, typing=(NEW_PASSWORD, NEW_PASSWORD))

    assert result.exit_code == 1
    assert "not found" in result.output


def test_the_password_is_no_argument(run, user):
    assert run("set-password", user.email, NEW_PASSWORD).exit_code == 2
