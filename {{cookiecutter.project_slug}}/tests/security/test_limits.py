"""How often somebody may guess, and who is counted."""

import pytest

from tests.plugins.accounts import WRONG_PASSWORD
from tests.plugins.credentials import PASSWORD

LOGIN = "/api/v1/auth/login"
USERS = "/api/v1/users"
ME = f"{USERS}/me"
MY_PASSWORD = f"{ME}/password"


@pytest.fixture
def app(make_app):
    """An app that counts."""
    return make_app(RATELIMIT_ENABLED=True)


def house(number: int) -> dict[str, str]:
    """Return where a request comes from."""
    return {"REMOTE_ADDR": f"203.0.113.{number}"}


@pytest.fixture
def log_in(client):
    """Try to log in, from the house with a number; return the response's status."""

    def log_in(email: str, password: str = WRONG_PASSWORD, number: int = 1) -> int:
        body = {"email": email, "password": password}
        return client.post(LOGIN, json=body, environ_base=house(number)).status_code

    return log_in


@pytest.fixture
def register(client):
    """Try to register, from the house with a number; return the response's status."""

    def register(email: str, number: int = 1) -> int:
        body = {"email": email, "password": PASSWORD}
        return client.post(USERS, json=body, environ_base=house(number)).status_code

    return register


@pytest.fixture
def change_password(client):
    """Try to change a password, from the house with a number; return the response's status."""

    def change_password(headers, current: str = WRONG_PASSWORD, number: int = 1, **body) -> int:
        body = {"current_password": current, "new_password": PASSWORD, **body}
        return client.post(MY_PASSWORD, json=body, headers=headers, environ_base=house(number)).status_code

    return change_password


# Logins of one address


def test_the_11th_log_in_of_an_address_is_429(log_in):
    statuses = [log_in(f"person{number}@example.com") for number in range(11)]

    assert statuses == [401] * 10 + [429]


def test_log_ins_count_right_or_wrong(log_in, user):
    statuses = [log_in(user.email, PASSWORD) for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_log_ins_of_other_addresses_are_not_counted(log_in, user):
    for number in range(10):
        log_in(f"person{number}@example.com")

    assert log_in(user.email, PASSWORD, number=2) == 200


def test_an_address_is_not_forged_by_a_header(client, log_in):
    for number in range(10):
        log_in(f"person{number}@example.com")

    response = client.post(
        LOGIN,
        json={"email": "user@example.com", "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
        environ_base=house(1),
    )

    assert response.status_code == 429


# Wrong passwords for one account


def test_after_5_wrong_passwords_an_account_is_closed_to_the_right_one(log_in, user):
    statuses = [log_in(user.email) for _ in range(5)]

    assert statuses == [401] * 5
    assert log_in(user.email, PASSWORD) == 429


def test_wrong_passwords_are_counted_across_addresses(log_in, user):
    for number in range(1, 6):
        log_in(user.email, number=number)

    assert log_in(user.email, PASSWORD, number=6) == 429


@pytest.mark.parametrize("spelling", ["USER@EXAMPLE.COM", " user@example.com"])
def test_wrong_passwords_are_counted_however_the_address_is_spelled(log_in, user, spelling):
    for number in range(1, 6):
        log_in(spelling, number=number)

    assert log_in(user.email, PASSWORD) == 429


def test_wrong_passwords_do_not_close_other_accounts(log_in, user, admin_user):
    for _ in range(5):
        log_in(user.email)

    assert log_in(admin_user.email, PASSWORD) == 200


def test_right_passwords_do_not_close_an_account(log_in, user):
    statuses = [log_in(user.email, PASSWORD, number) for number in range(1, 8)]

    assert statuses == [200] * 7


def test_an_account_that_does_not_exist_is_closed_the_same_way(log_in):
    statuses = [log_in("nobody@example.com", number=number) for number in range(1, 7)]

    assert statuses == [401] * 5 + [429]


def test_a_closed_account_is_not_kept_closed_by_more_tries(client, log_in, user):
    for number in range(1, 6):
        log_in(user.email, number=number)
    body = {"email": user.email, "password": WRONG_PASSWORD}

    waits = [
        int(client.post(LOGIN, json=body, environ_base=house(number)).headers["Retry-After"])
        for number in (6, 7)
    ]

    assert waits[1] <= waits[0]


def test_input_that_is_no_log_in_closes_no_account(client, log_in, user):
    for number in range(1, 7):
        client.post(LOGIN, json={"email": user.email}, environ_base=house(number))

    assert log_in(user.email, PASSWORD) == 200


@pytest.mark.parametrize("body", [[], "text", None, 7, {"email": ["x"]}, {"email": {"x": 1}}])
def test_bodies_of_any_shape_can_be_counted(client, body):
    assert client.post(LOGIN, json=body).status_code == 400


@pytest.mark.parametrize("body", [b"\xff\xfe", b'{"email": "\\ud800"}', b"[" * 100_000, b"{", b""])
def test_bodies_that_nobody_can_read_can_be_counted(client, body):
    response = client.post(LOGIN, data=body, content_type="application/json")

    assert response.status_code == 400


# Registrations


def test_the_11th_registration_of_an_address_is_429(register):
    statuses = [register(f"person{number}@example.com") for number in range(11)]

    assert statuses == [201] * 10 + [429]


def test_registrations_that_fail_count_too(register):
    for _ in range(10):
        register("no address")

    assert register("person@example.com") == 429


def test_registrations_of_other_addresses_are_not_counted(register):
    for number in range(10):
        register(f"person{number}@example.com")

    assert register("person@example.com", number=2) == 201


# Wrong current passwords


def test_after_5_wrong_current_passwords_the_right_one_is_429(change_password, auth_headers):
    statuses = [change_password(auth_headers) for _ in range(5)]

    assert statuses == [400] * 5
    assert change_password(auth_headers, PASSWORD) == 429


def test_wrong_current_passwords_are_counted_across_addresses_and_sessions(
    change_password, login, user, auth_headers
):
    for number in range(5):
        change_password(auth_headers, number=number)

    assert change_password(login(user), PASSWORD, number=9) == 429


def test_wrong_current_passwords_are_counted_wherever_they_are_asked_for(
    client, change_password, user, auth_headers
):
    body = {"email": "moved@example.com", "current_password": WRONG_PASSWORD}
    for _ in range(5):
        client.patch(f"{USERS}/{user.id}", json=body, headers=auth_headers)

    assert change_password(auth_headers, PASSWORD) == 429


def test_wrong_current_passwords_of_others_are_not_counted(change_password, auth_headers, admin_headers):
    for _ in range(5):
        change_password(auth_headers)

    assert change_password(admin_headers, PASSWORD) == 204


def test_right_current_passwords_are_not_counted(change_password, auth_headers):
    statuses = [change_password(auth_headers, PASSWORD) for _ in range(7)]

    assert statuses == [204] * 7


def test_changes_without_a_password_go_on(client, change_password, user, auth_headers):
    for _ in range(5):
        change_password(auth_headers)

    response = client.patch(f"{USERS}/{user.id}", json={"first_name": "Uma"}, headers=auth_headers)

    assert response.status_code == 200


def test_changes_that_are_refused_without_a_password_are_not_counted(
    client, change_password, user, auth_headers
):
    for _ in range(6):
        client.patch(f"{USERS}/{user.id}", json={"email": "moved@example.com"}, headers=auth_headers)

    assert change_password(auth_headers, PASSWORD) == 204


# All requests


@pytest.fixture
def ask(app, client):
    """Send one of three requests a minute, from the house with a number; return the response's status."""
    app.config["RATELIMIT_DEFAULT"] = "3 per minute"

    def ask(headers=None, number: int = 1) -> int:
        return client.get(ME, headers=headers, environ_base=house(number)).status_code

    return ask


def test_users_are_counted_across_addresses(auth_headers, ask):
    statuses = [ask(auth_headers, number) for number in range(4)]

    assert statuses == [200] * 3 + [429]


def test_users_at_one_address_are_counted_apart(auth_headers, admin_headers, ask):
    for _ in range(4):
        ask(auth_headers)

    assert ask(admin_headers) == 200


def test_strangers_are_counted_by_their_address(ask):
    statuses = [ask() for _ in range(4)]

    assert statuses == [401] * 3 + [429]
    assert ask(number=2) == 401


# What is answered


def test_a_limit_is_told_as_a_problem(client, log_in, user):
    for _ in range(5):
        log_in(user.email)

    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, environ_base=house(1))

    assert response.status_code == 429
    assert response.mimetype == "application/problem+json"
    assert response.json["title"] == "Too Many Requests"


@pytest.mark.parametrize(
    ("setting", "path", "seconds"),
    [
        ("RATELIMIT_LOGIN", LOGIN, 60),
        ("RATELIMIT_PASSWORD_FAILURES", LOGIN, 60),
        ("RATELIMIT_REGISTRATION", USERS, 3600),
    ],
)
def test_a_limit_tells_when_to_try_again(app, client, setting, path, seconds):
    app.config[setting] = f"1 per {seconds} seconds"
    body = {"email": "person@example.com", "password": PASSWORD}
    client.post(path, json=body)

    response = client.post(path, json=body)

    assert response.status_code == 429
    assert seconds - 30 <= int(response.headers["Retry-After"]) <= seconds + 1  # rounded up


def test_a_limit_repeats_neither_address_nor_password(client, log_in, user):
    for _ in range(5):
        log_in(user.email)

    response = client.post(LOGIN, json={"email": user.email, "password": PASSWORD}, environ_base=house(1))

    assert user.email not in response.text
    assert PASSWORD not in response.text


def test_limits_can_be_switched_off(make_app):
    client = make_app(RATELIMIT_ENABLED=False).test_client()
    body = {"email": "nobody@example.com", "password": WRONG_PASSWORD}

    statuses = {client.post(LOGIN, json=body).status_code for _ in range(12)}

    assert statuses == {401}
