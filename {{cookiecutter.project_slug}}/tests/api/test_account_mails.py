"""Accounts by mail: forgotten passwords, verification, change of emails, and the way through all of it."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app import account_tokens
from app.account_tokens import Purpose
from app.models.base import utcnow
from app.models.user import User
from app.services import auth
from tests.plugins.accounts import open_account
from tests.plugins.credentials import PASSWORD, credentials
from tests.threads import at_once

USERS = "/api/v1/users"
ME = f"{USERS}/me"
LOGIN = "/api/v1/auth/login"
FORGOT = "/api/v1/auth/forgot-password"
RESET = "/api/v1/auth/reset-password"
VERIFY = "/api/v1/auth/verify-email"
RESEND = f"{VERIFY}/resend"
NEW_PASSWORD = "battery staple correct horse"
NEW_EMAIL = "moved@example.com"


@pytest.fixture
def reset_token(client, user, mailbox) -> str:
    """A token to reset the password of `user`."""
    client.post(FORGOT, json={"email": user.email})
    return mailbox.token()


@pytest.fixture
def verification_token(client, auth_headers, mailbox) -> str:
    """A token to verify the email of `user`."""
    client.post(RESEND, headers=auth_headers)
    return mailbox.token()


@pytest.fixture
def new_email_token(client, user, auth_headers, mailbox) -> str:
    """A token to confirm a new email of `user`."""
    change = {"email": NEW_EMAIL, "current_password": PASSWORD}
    response = client.patch(f"{USERS}/{user.id}", json=change, headers=auth_headers)
    assert response.status_code == 200
    return mailbox.token()


@pytest.fixture
def reset(client):
    """Set a new password."""

    def reset(token: str, password: str = NEW_PASSWORD):
        return client.post(RESET, json={"token": token, "new_password": password})

    return reset


@pytest.fixture
def verify(client):
    """Verify an email."""
    return lambda token: client.post(VERIFY, json={"token": token})


@pytest.fixture
def required(app):
    """Require verified emails."""
    app.config["EMAIL_VERIFICATION_REQUIRED"] = True


def find(db_session, email: str) -> User:
    """Return a user as the database has it now."""
    return db_session.scalar(
        select(User).where(User.email == email).execution_options(populate_existing=True)
    )


# Forgotten passwords


def test_forgotten_password_is_reset(client, user, reset, reset_token):
    assert reset(reset_token).status_code == 204

    assert credentials(client, user.email, NEW_PASSWORD)
    assert client.post(LOGIN, json={"email": user.email, "password": PASSWORD}).status_code == 401


def test_link_leads_to_the_public_url_whatever_host_is_requested(app, client, user, mailbox):
    app.config["PUBLIC_URL"] = "https://app.example.com"

    client.post(FORGOT, json={"email": user.email}, headers={"Host": "evil.example"})

    body = mailbox.deliver()[0].get_body(("plain",)).get_content()
    assert "https://app.example.com/reset-password?token=" in body
    assert "evil.example" not in body


def test_response_does_not_reveal_whether_there_is_an_account(client, user):
    known = client.post(FORGOT, json={"email": user.email})
    unknown = client.post(FORGOT, json={"email": "unknown@example.com"})

    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (202, b"")


def test_request_runs_the_same_statements_for_known_and_unknown_emails(client, user, statements):
    client.post(FORGOT, json={"email": "user@example.com"})
    known = list(statements)
    statements.clear()

    client.post(FORGOT, json={"email": "unknown@example.com"})

    assert [text for text in statements if "SAVEPOINT" not in text] == [
        text for text in known if "SAVEPOINT" not in text
    ]
    assert "INSERT" in "".join(known)


def test_reset_revokes_all_sessions(client, reset, auth_headers, reset_token):
    reset(reset_token)

    assert client.get(ME, headers=auth_headers).status_code == 401


def test_reset_verifies_the_email(user, db_session, reset, reset_token):
    reset(reset_token)

    assert find(db_session, user.email).email_verified_at


@pytest.mark.parametrize("password", ["", "seven..", "x" * 129, None, "password1"])
def test_invalid_new_password_is_rejected_and_keeps_the_token(reset, reset_token, password):
    response = reset(reset_token, password)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"new_password"}
    assert reset(reset_token).status_code == 204


def test_mails_are_limited_by_email(make_app, user):
    app = make_app(RATELIMIT_ENABLED=True)
    statuses = [app.test_client().post(FORGOT, json={"email": user.email}).status_code for _ in range(6)]

    assert statuses == [202] * 5 + [429]
    assert app.test_client().post(FORGOT, json={"email": "other@example.com"}).status_code == 202


def test_requests_without_email_are_limited_together(make_app):
    app = make_app(RATELIMIT_ENABLED=True)

    statuses = [app.test_client().post(FORGOT, json={}).status_code for _ in range(6)]

    assert statuses == [400] * 5 + [429]


def test_mails_are_limited_by_network(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    emails = [f"person{number}@example.com" for number in range(21)]

    statuses = [app.test_client().post(FORGOT, json={"email": email}).status_code for email in emails]

    assert statuses == [202] * 20 + [429]


# Tokens


def assert_invalid(response) -> None:
    """Check for the one answer to all tokens that are not valid."""
    assert response.status_code == 400
    assert response.json["detail"] == "The link is invalid, has expired or was already used."


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "\U0001f9c1", "x" * 1000, "W10.aaaa.bbbb"])
def test_forged_token_is_rejected(reset, verify, token):
    assert_invalid(reset(token))
    assert_invalid(verify(token))


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": 1}, {"token": "x" * 1001}])
def test_malformed_token_is_invalid(client, body):
    response = client.post(VERIFY, json=body)

    assert response.status_code == 400
    assert set(response.json["errors"]) == {"token"}


def test_token_is_used_once(reset, verify, reset_token):
    reset(reset_token)

    assert_invalid(reset(reset_token, "violet kettle harbour"))


def test_token_for_another_purpose_is_rejected(reset, verify, reset_token, verification_token):
    assert_invalid(verify(reset_token))
    assert_invalid(reset(verification_token))


@pytest.mark.parametrize("setting", ["RESET_TOKEN_LIFETIME", "VERIFICATION_TOKEN_LIFETIME"])
def test_expired_token_is_rejected(app, reset, verify, reset_token, verification_token, setting):
    app.config[setting] = -1

    use, token = (reset, reset_token) if setting.startswith("RESET") else (verify, verification_token)
    assert_invalid(use(token))


def test_token_with_the_id_of_another_user_is_rejected(app, user, admin_user, reset):
    with app.app_context():
        content = account_tokens.load(
            Purpose.RESET, account_tokens.create(Purpose.RESET, user, user.email)
        )._replace(user_id=admin_user.id)
        signer = account_tokens._serializer(Purpose.RESET)  # noqa: SLF001 - even with the right key

    assert_invalid(reset(signer.dumps(content)))


def test_token_signed_with_another_key_is_rejected(reset, user):
    signer = URLSafeTimedSerializer("x" * 32, salt="app.account_tokens.reset")

    assert_invalid(reset(signer.dumps([user.id, user.email, ""])))


def test_token_signed_with_an_earlier_key_is_valid(app, reset, reset_token):
    app.config.update(SECRET_KEY="n" * 32, SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])

    assert reset(reset_token).status_code == 204


def test_token_signed_with_a_key_that_was_dropped_is_rejected(app, reset, reset_token):
    app.config["SECRET_KEY"] = "n" * 32

    assert_invalid(reset(reset_token))


def test_tokens_end_with_the_password(
    app, user, reset, verify, reset_token, verification_token, new_email_token, db_session
):
    with app.app_context():
        auth.set_password(db_session.merge(user), "violet kettle harbour")
        db_session.commit()

    assert_invalid(reset(reset_token))
    assert_invalid(verify(verification_token))
    assert_invalid(verify(new_email_token))


def test_tokens_end_with_the_email(reset, verify, reset_token, verification_token, new_email_token):
    assert verify(new_email_token).status_code == 204

    assert_invalid(reset(reset_token))
    assert_invalid(verify(verification_token))


@pytest.mark.parametrize("change", [{"is_active": False}, {"deleted_at": utcnow()}])
def test_tokens_of_inactive_and_deleted_users_are_rejected(user, db_session, reset, reset_token, change):
    for name, value in change.items():
        setattr(user, name, value)
    db_session.commit()

    assert_invalid(reset(reset_token))


def test_token_is_used_once_however_many_try_at_once(concurrent_app):
    open_account(concurrent_app, "user@example.com")
    with concurrent_app.app_context():
        user = auth.get_user_by_email("user@example.com")
        assert user
        token = account_tokens.create(Purpose.RESET, user, user.email)

    def reset(number: int) -> int:
        body = {"token": token, "new_password": f"violet kettle harbour {number}"}
        return concurrent_app.test_client().post(RESET, json=body).status_code

    assert sorted(at_once(5, reset)) == [204, 400, 400, 400, 400]


# Verification


def test_registration_sends_a_mail_to_verify_the_email(client, db_session, mailbox, verify):
    response = client.post(USERS, json={"email": "new@example.com", "password": PASSWORD})

    assert response.json["email_verified_at"] is None
    assert mailbox.recipients() == ["new@example.com"]
    assert verify(mailbox.token()).status_code == 204
    assert find(db_session, "new@example.com").email_verified_at
    assert_invalid(verify(mailbox.token()))


def test_mail_to_verify_is_sent_again(mailbox, client, user, auth_headers):
    assert client.post(RESEND, headers=auth_headers).status_code == 202

    assert mailbox.recipients() == [user.email]


def test_verified_email_gets_no_mail_again(client, user, auth_headers, mailbox, verify, verification_token):
    verify(verification_token)

    assert client.post(RESEND, headers=auth_headers).status_code == 202
    assert len(mailbox.deliver()) == 1


def test_resend_requires_authentication(client):
    assert client.post(RESEND).status_code == 401


def test_unverified_user_logs_in_where_that_is_not_required(client, user):
    assert credentials(client, user.email)


def test_unverified_user_cannot_log_in_where_it_is_required(client, user, required, reset, mailbox):
    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD})

    assert response.status_code == 403
    assert response.json["type"] == "urn:problem-type:email-not-verified"

    client.post(FORGOT, json={"email": user.email})
    reset(mailbox.token())
    assert credentials(client, user.email, NEW_PASSWORD)


def test_wrong_password_of_an_unverified_user_is_just_wrong(client, user, required):
    response = client.post(LOGIN, json={"email": user.email, "password": NEW_PASSWORD})

    assert response.status_code == 401


def test_registration_does_not_reveal_taken_emails_where_verification_is_required(
    client, user, required, mailbox
):
    taken, free = (
        client.post(USERS, json={"email": email, "password": PASSWORD})
        for email in (user.email.upper(), "new@example.com")
    )

    assert (taken.status_code, taken.data) == (free.status_code, free.data) == (202, b"")
    assert "Location" not in free.headers
    assert sorted(mailbox.recipients()) == ["new@example.com", user.email]
    subjects = {message["To"].addresses[0].addr_spec: message["Subject"] for message in mailbox.messages}
    assert subjects[user.email].startswith("You already have an account")


# Change of email


def test_new_email_takes_effect_when_it_is_confirmed(
    client, user, db_session, mailbox, verify, new_email_token
):
    assert mailbox.recipients() == [NEW_EMAIL]
    assert credentials(client, user.email)

    assert verify(new_email_token).status_code == 204

    assert credentials(client, NEW_EMAIL)
    assert client.post(LOGIN, json={"email": "user@example.com", "password": PASSWORD}).status_code == 401
    assert find(db_session, NEW_EMAIL).email_verified_at


def test_old_email_is_notified(mailbox, verify, new_email_token):
    verify(new_email_token)

    assert mailbox.recipients() == [NEW_EMAIL, "user@example.com"]
    assert mailbox.messages[-1]["Subject"].startswith("The email of your account was changed")


def test_email_that_was_taken_meanwhile_is_a_conflict(make_user, verify, new_email_token, mailbox):
    make_user(email=NEW_EMAIL.upper())

    assert verify(new_email_token).status_code == 409
    assert mailbox.recipients() == [NEW_EMAIL]


def test_email_that_an_admin_changes_is_to_be_verified(client, make_user, admin_headers, mailbox, db_session):
    user = make_user(email="old@example.com", email_verified_at=utcnow() - timedelta(days=1))

    response = client.patch(f"{USERS}/{user.id}", json={"email": NEW_EMAIL}, headers=admin_headers)

    assert (response.json["email"], response.json["email_verified_at"]) == (NEW_EMAIL, None)
    assert sorted(mailbox.recipients()) == [NEW_EMAIL, "old@example.com"]


def test_mails_of_changes_are_limited(make_app, user):
    app = make_app(RATELIMIT_ENABLED=True)
    headers = credentials(app.test_client(), user.email)
    change = {"email": NEW_EMAIL, "current_password": PASSWORD}

    def patch(body) -> int:
        return app.test_client().patch(f"{USERS}/{user.id}", json=body, headers=headers).status_code

    assert [patch(change) for _ in range(6)] == [200] * 5 + [429]
    assert patch({"first_name": "Uma"}) == 200


@pytest.mark.parametrize("required", [True, False], ids=["verification", "no verification"])
def test_mails_to_the_owner_of_a_taken_email_are_limited_in_all_networks_together(make_app, user, required):
    app = make_app(RATELIMIT_ENABLED=True, EMAIL_VERIFICATION_REQUIRED=required)
    body = {"email": user.email, "password": NEW_PASSWORD}

    def register(number: int) -> int:
        network = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return app.test_client().post(USERS, json=body, environ_base=network).status_code

    statuses = [register(number) for number in range(6)]

    assert statuses == ([202] * 5 + [429] if required else [409] * 6)


# Without mail


@pytest.mark.parametrize("path", [FORGOT, RESET, VERIFY, RESEND])
def test_without_mail_the_endpoints_do_not_exist(make_app, path):
    app = make_app(MAIL_SERVER="none")

    assert app.test_client().post(path, json={}).status_code == 404
    assert path not in app.test_client().get("/api/openapi.json").text


# All of it


def test_account_by_mail_from_registration_to_deletion(client, required, mailbox, verify, reset):
    client.post(USERS, json={"email": "pia@example.com", "password": PASSWORD, "first_name": "Pia"})
    assert verify(mailbox.token()).status_code == 204
    headers = credentials(client, "pia@example.com")

    client.post(FORGOT, json={"email": "pia@example.com"})
    assert reset(mailbox.token()).status_code == 204
    assert client.get(ME, headers=headers).status_code == 401
    headers = credentials(client, "pia@example.com", NEW_PASSWORD)

    user_id = client.get(ME, headers=headers).json["id"]
    change = {"email": NEW_EMAIL, "current_password": NEW_PASSWORD}
    client.patch(f"{USERS}/{user_id}", json=change, headers=headers)
    assert verify(mailbox.token()).status_code == 204

    export = client.get(f"{ME}/export", headers=headers).json
    assert export["users"][0]["email"] == NEW_EMAIL
    confirmation = {"current_password": NEW_PASSWORD}
    assert client.delete(ME, json=confirmation, headers=headers).status_code == 204
    assert client.get(ME, headers=headers).status_code == 401
    assert client.post(LOGIN, json={"email": NEW_EMAIL, "password": NEW_PASSWORD}).status_code == 401
