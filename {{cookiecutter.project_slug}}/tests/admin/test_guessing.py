"""How often somebody may guess at the door."""

import pytest

from tests.admin.clients import LOGIN_URL
from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD


@pytest.fixture
def app(make_app):
    """An app that counts."""
    return make_app(RATELIMIT_ENABLED=True)


@pytest.fixture
def knock(browser):
    """Try to log in from the house with a number; return the response."""

    def knock(email: str, password: str = WRONG_PASSWORD, house: int = 1):
        data = {"csrf_token": browser.token(), "email": email, "password": password}
        return browser.post(LOGIN_URL, data=data, environ_base={"REMOTE_ADDR": f"203.0.113.{house}"})

    return knock


def test_the_11th_log_in_of_an_address_is_429(knock):
    statuses = [knock(f"person{number}@example.com").status_code for number in range(11)]

    assert statuses == [401] * 10 + [429]


def test_the_6th_wrong_password_for_an_account_is_429_wherever_it_comes_from(knock, admin_user):
    statuses = [knock(admin_user.email, house=house).status_code for house in range(1, 7)]

    assert statuses == [401] * 5 + [429]


def test_a_locked_account_is_locked_for_the_right_password_too(knock, admin_user):
    for house in range(1, 6):
        knock(admin_user.email.upper(), house=house)

    assert knock(admin_user.email, PASSWORD, house=6).status_code == 429


def test_an_account_has_one_spelling(browser, admin_user):
    headers = {"X-CSRF-Token": browser.token()}
    guesses = [{"email": [admin_user.email, n], "password": WRONG_PASSWORD} for n in range(6)]

    assert {browser.post(LOGIN_URL, json=guess, headers=headers).status_code for guess in guesses} == {400}


def test_guesses_at_the_api_count_at_the_door(client, knock, admin_user):
    body = {"email": admin_user.email, "password": WRONG_PASSWORD}
    for _ in range(5):
        client.post("/api/v1/auth/login", json=body)

    assert knock(admin_user.email, house=2).status_code == 429


def test_looking_at_the_door_is_not_guessing(browser):
    assert {browser.get(LOGIN_URL).status_code for _ in range(12)} == {200}


def test_it_tells_when_to_try_again(knock):
    for number in range(10):
        knock(f"person{number}@example.com")

    assert int(knock("person@example.com").headers["Retry-After"]) > 0


def test_styles_and_scripts_are_not_counted(make_app):
    script = "/admin/static/vendor/jquery.min.js"
    client = make_app(RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="1 per minute").test_client()

    answers = {client.get(script, buffered=True).status_code for _ in range(3)}

    assert answers == {200}
