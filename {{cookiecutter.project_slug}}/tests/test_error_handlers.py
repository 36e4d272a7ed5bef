"""Every error is a problem document (RFC 9457)."""

import logging

import pytest
from flask import abort, current_app
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.db.session import use_transaction
from app.exceptions import (
    AppError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthorizedError,
)
from app.extensions import db
from tests.echo import ECHO, add_echo
from tests.plugins.models import Sample

PROBLEM_JSON = "application/problem+json"


def add_failing_views(app):
    """Add a view that raises the exception in the setting `ERROR`, and one that aborts with a status code."""

    @app.get("/fail")
    def fail():
        raise current_app.config["ERROR"]

    @app.get("/abort/<int:status>")
    def abort_with(status: int):
        abort(status)


def add_breaking_view(app):
    """Add a view that violates a constraint which no service expects, and one that works."""

    @app.get("/break")
    def break_constraint():
        use_transaction()
        db.session.add(Sample(word=None))
        db.session.commit()

    @app.get("/count")
    def count():
        return str(db.session.scalar(select(func.count()).select_from(Sample)))


def driver_error(message: str, *, sqlstate: str) -> Exception:
    """Return an error like those of psycopg."""
    error = Exception(message)
    vars(error)["sqlstate"] = sqlstate
    return error


def assert_problem(response, status: int) -> dict:
    """Check that an response is a complete problem document, and return it."""
    assert response.status_code == status, response.text
    assert response.mimetype == PROBLEM_JSON
    body = response.get_json(force=True)
    assert body.keys() - {"errors"} == {"type", "title", "status", "detail", "request_id"}
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    return body


@pytest.fixture
def fail(make_app):
    """Request a view that raises an exception, and return the response."""
    # Building an app configures logging, which would remove the handler of `caplog` during the test.
    app = make_app(add_failing_views)

    def fail(error: Exception):
        app.config["ERROR"] = error
        return app.test_client().get("/fail")

    return fail


@pytest.fixture
def echo(make_app):
    """A client of a view that takes strict input."""
    return make_app(add_echo, MAX_CONTENT_LENGTH=500_000).test_client()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (AppError, 500),
        (InvalidInputError, 400),
        (UnauthorizedError, 401),
        (ForbiddenError, 403),
        (NotFoundError, 404),
        (ConflictError, 409),
    ],
)
def test_domain_error_has_its_own_detail(fail, kind, status):
    assert assert_problem(fail(kind("Not like this.")), status)["detail"] == "Not like this."


def test_messages_by_field_are_passed_on(fail):
    problem = assert_problem(fail(ConflictError("Taken.", errors={"email": ["Taken."]})), 409)

    assert problem["errors"] == {"email": ["Taken."]}


def test_headers_of_a_domain_error_are_sent(fail):
    error = ConflictError("Wait.")
    error.headers = {"Retry-After": "7"}

    assert fail(error).headers["Retry-After"] == "7"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 409, 410, 418, 429, 500, 501, 503])
def test_an_aborted_request_is_a_problem(make_app, status):
    client = make_app(add_failing_views).test_client()

    assert_problem(client.get(f"/abort/{status}"), status)


def test_an_unknown_path_is_404(client):
    assert_problem(client.get("/nothing"), 404)


def test_an_unknown_path_of_the_api_is_404(client):
    assert_problem(client.get("/api/v1/nothing"), 404)


def test_a_wrong_method_is_405_and_tells_the_right_ones(client):
    response = client.delete("/health")

    assert_problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_host_that_is_not_trusted_is_400(make_app):
    client = make_app(TRUSTED_HOSTS=["api.example.com"]).test_client()

    assert client.get("/health", headers={"Host": "api.example.com"}).status_code == 200
    response = client.get("/health", headers={"Host": "evil.example"})
    assert_problem(response, 400)
    assert response.json["detail"].endswith("is not trusted. Set TRUSTED_HOSTS to the names of the service.")


def test_valid_input_passes(echo):
    response = echo.post(ECHO, json={"word": "hey", "loud": True})

    assert response.json == {"word": "hey", "loud": True}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"word": "hey"',
        b"{'word': 'hey'}",
        b'{"word": "hey"} {}',
        b"\xff\xfe\xfa",
        b'{"word": "\xff"}',
        b'{"word": "\xed\xa0\x80"}',
        b"\x00",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"word":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"word": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda body: body[:20].decode("latin-1").encode("unicode_escape").decode() + f" {len(body)}",
)
def test_a_body_that_is_not_json_is_400(echo, body):
    assert_problem(echo.post(ECHO, data=body, content_type="application/json"), 400)


@pytest.mark.parametrize("body", ["null", "true", "1", '"word"', "[]", '[{"word": "hey"}]', "1e400", "NaN"])
def test_a_body_that_is_no_object_is_400(echo, body):
    assert_problem(echo.post(ECHO, data=body, content_type="application/json"), 400)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "word"),
        ('{"word": null}', "word"),
        ('{"word": 1}', "word"),
        ('{"word": 1e400}', "word"),
        ('{"word": NaN}', "word"),
        ('{"word": {}}', "word"),
        ('{"word": ["hey"]}', "word"),
        ('{"word": "\\u0000"}', "word"),
        ('{"word": "a\\u0000b"}', "word"),
        ('{"word": "\\ud800"}', "word"),
        ('{"word": "\\udc00\\ud800"}', "word"),
        ('{"word": "hey", "loud": 1}', "loud"),
        ('{"word": "hey", "other": 1}', "other"),
        ('{"word": "hey", "\\ud800": 1}', "\ud800"),
        ('{"word": "hey", "\\u0000": 1}', "\x00"),
        ('{"word": "hey", "": 1}', ""),
    ],
)
def test_invalid_input_is_400_with_messages_by_field(echo, body, field):
    problem = assert_problem(echo.post(ECHO, data=body, content_type="application/json"), 400)

    assert list(problem["errors"]) == [field]
    assert all(isinstance(message, str) for message in problem["errors"][field])


def test_all_invalid_fields_are_reported_at_once(echo):
    problem = assert_problem(echo.post(ECHO, json={"word": 1, "loud": "?", "other": 1}), 400)

    assert problem["errors"].keys() == {"word", "loud", "other"}


@pytest.mark.parametrize(
    "query", ["times=0", "times=4", "times=-1", "times=x", "times=", "times=%00", "page=1"]
)
def test_an_invalid_query_is_400(echo, query):
    problem = assert_problem(echo.get(f"{ECHO}?{query}"), 400)

    assert problem["errors"].keys() == {query.partition("=")[0]}


def test_a_missing_body_is_400(echo):
    assert_problem(echo.post(ECHO), 400)


def test_a_huge_body_is_413(echo):
    assert_problem(echo.post(ECHO, json={"word": "x" * 500_000}), 413)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", None]
)
def test_a_body_of_another_kind_is_415(echo, content_type):
    assert_problem(echo.post(ECHO, data=b'{"word": "hey"}', content_type=content_type), 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/merge-patch+json"])
def test_kinds_of_json_are_taken(echo, content_type):
    response = echo.post(ECHO, data=b'{"word": "hey"}', content_type=content_type)

    assert response.json == {"word": "hey"}


def test_too_many_requests_are_429_and_tell_when_to_come_back(make_app):
    client = make_app(add_echo, RATELIMIT_ENABLED=True, RATELIMIT_DEFAULT="1 per hour").test_client()
    client.get(ECHO)

    response = client.get(ECHO)

    assert_problem(response, 429)
    assert 0 < int(response.headers["Retry-After"]) <= 3601


def test_an_unexpected_error_is_500_and_shows_nothing_of_it(fail):
    response = fail(RuntimeError("hunter2"))

    assert_problem(response, 500)
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text


def test_an_unexpected_error_is_logged_with_its_traceback(fail, caplog):
    fail(RuntimeError("hunter2"))

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]

    assert 'raise current_app.config["ERROR"]' in caplog.text
    assert "RuntimeError: hunter2" in caplog.text
    assert record.exc_info


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("connection refused by db.internal")),
        InterfaceError("SELECT 1", {}, Exception("connection refused by db.internal")),
        InternalError("INSERT", {}, driver_error("db.internal is read-only", sqlstate="25006")),
        InternalError("INSERT", {}, Exception("db.internal was lost"), connection_invalidated=True),
        PoolTimeoutError("connection refused by db.internal"),
    ],
    ids=str,
)
def test_a_database_that_is_away_is_503(fail, error):
    response = fail(error)

    assert_problem(response, 503)
    assert int(response.headers["Retry-After"]) > 0
    assert "db.internal" not in response.text


def test_statement_that_is_wrong_is_an_unexpected_error(fail):
    error = ProgrammingError("SELECT 1 FROM nothing", {}, driver_error("no such table", sqlstate="42P01"))

    assert_problem(fail(error), 500)


@pytest.fixture
def fragile_client(empty_app):
    """A client of a service that loses its database whenever a transaction is rolled back."""

    def lose(connection):
        connection.invalidate()
        raise OperationalError("ROLLBACK", {}, Exception("connection refused by db.internal"))

    def look_in_vain():
        db.session.execute(text("SELECT 1"))
        abort(404)

    empty_app.add_url_rule("/missing", view_func=look_in_vain)
    with empty_app.app_context():
        engine = db.engine
    event.listen(engine, "rollback", lose)
    yield empty_app.test_client()
    event.remove(engine, "rollback", lose)


@pytest.mark.parametrize(("path", "status"), [("/health/ready", 200), ("/missing", 404)])
def test_an_answer_is_not_lost_with_the_database(fragile_client, path, status):
    assert [fragile_client.get(path).status_code for _ in range(2)] == [status, status]


@pytest.fixture
def client_of_a_broken_view(make_app, samples_table):
    """A client of a view that violates a constraint, and of one that works."""
    return make_app(add_breaking_view).test_client()


def test_a_broken_constraint_is_409_and_shows_nothing_of_the_table(client_of_a_broken_view):
    response = client_of_a_broken_view.get("/break")

    assert_problem(response, 409)
    assert "samples" not in response.text


def test_after_a_broken_constraint_the_next_request_is_served(client_of_a_broken_view):
    client_of_a_broken_view.get("/break")

    assert client_of_a_broken_view.get("/count").text == "0"


def test_a_problem_without_a_body_is_the_answer_to_head(client):
    response = client.head("/nothing")

    assert response.status_code == 404
    assert response.mimetype == PROBLEM_JSON
    assert response.data == b""
