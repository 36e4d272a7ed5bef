"""Accounts over HTTP."""


def test_a_user_reads_their_own_account(client, user, auth_headers):
    answer = client.get("/api/v1/users/me", headers=auth_headers)

    assert answer.status_code == 200
    assert answer.json["email"] == user.email


def test_a_stranger_reads_no_account(client):
    assert client.get("/api/v1/users/me").status_code == 401


def test_admin(client, admin_headers, make_user):
    make_user()
    answer = client.get("/api/v1/users", headers=admin_headers)
    assert answer.json["total"] == 2
