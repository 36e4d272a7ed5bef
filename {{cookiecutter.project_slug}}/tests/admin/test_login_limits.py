"""Rate limits of the admin's login."""

import pytest

from tests.admin.clients import LOGIN_URL
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD


@pytest.fixture
def app(make_app):
    """An app with rate limits."""
    return make_app(RATELIMIT_ENABLED=True)


@pytest.fixture
def attempt_login(browser):
    """Submit the login form from an IP address and return the response."""

    def attempt_login(email: str, password: str = WRONG_PASSWORD, ip_address: str = "203.0.113.1"):
        data = {"csrf_token": browser.csrf_token(), "email": email, "password": password}
        return browser.post(LOGIN_URL, data=data, environ_base={"REMOTE_ADDR": ip_address})

    return attempt_login


def test_eleventh_login_from_one_ip_address_is_429(attempt_login):
    statuses = [attempt_login(f"person{number}@example.com").status_code for number in range(11)]

    assert statuses == [401] * 10 + [429]


def test_sixth_wrong_password_for_one_email_is_429(attempt_login, admin_user):
    statuses = [attempt_login(admin_user.email).status_code for _ in range(6)]

    assert statuses == [401] * 5 + [429]


def test_wrong_passwords_do_not_lock_the_last_admin_in_other_networks(attempt_login, admin_user):
    for _ in range(6):
        attempt_login(admin_user.email)

    assert attempt_login(admin_user.email, PASSWORD, ip_address="203.0.113.2").status_code == 302


def test_wrong_passwords_from_many_networks_lock_all_but_known_ones(app, attempt_login, admin_user):
    app.config["RATELIMIT_ACCOUNT_FAILURES"] = "3 per hour"
    attempt_login(admin_user.email, PASSWORD)

    statuses = [
        attempt_login(admin_user.email, ip_address=f"203.0.113.{number}").status_code
        for number in range(2, 6)
    ]

    assert statuses == [401, 401, 401, 429]
    assert attempt_login(admin_user.email, PASSWORD).status_code == 302


def test_right_password_is_429_after_five_failures(attempt_login, admin_user):
    for _ in range(5):
        attempt_login(admin_user.email.upper())

    response = attempt_login(admin_user.email, PASSWORD)

    assert response.status_code == 429


def test_json_login_is_refused(browser, admin_user):
    headers = {"X-CSRF-Token": browser.csrf_token()}
    bodies = [{"email": [admin_user.email, n], "password": WRONG_PASSWORD} for n in range(6)]

    assert {browser.post(LOGIN_URL, json=body, headers=headers).status_code for body in bodies} == {400}


def test_failed_logins_of_the_api_count(client, attempt_login, admin_user):
    body = {"email": admin_user.email, "password": WRONG_PASSWORD}
    for _ in range(5):
        client.post("/api/v1/auth/login", json=body)

    assert attempt_login(admin_user.email, ip_address="127.0.0.1").status_code == 429


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("password", {"new_password": "lamp river cloud", "confirmation": "lamp river cloud"}),
        ("edit", {"email": "moved@example.com", "role": "admin", "is_active": "y"}),
    ],
)
def test_wrong_current_passwords_of_admins_are_limited(admin_browser, admin_user, page, form):
    url = f"/admin/users/{page}/?id={admin_user.id}"

    statuses = [
        admin_browser.submit(url, **form, current_password=WRONG_PASSWORD).status_code for _ in range(6)
    ]

    assert statuses == [200] * 5 + [429]
    assert admin_browser.submit(url, **form, current_password=PASSWORD).status_code == 429


def test_showing_the_login_form_does_not_count(browser):
    assert {browser.get(LOGIN_URL).status_code for _ in range(12)} == {200}


def test_429_has_retry_after_header(attempt_login):
    for number in range(10):
        attempt_login(f"person{number}@example.com")

    assert int(attempt_login("person@example.com").headers["Retry-After"]) > 0


def test_static_files_do_not_count(make_app):
    script = "/admin/static/vendor/jquery.min.js"
    client = make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="1 per minute").test_client()

    statuses = {client.get(script, buffered=True).status_code for _ in range(3)}

    assert statuses == {200}
