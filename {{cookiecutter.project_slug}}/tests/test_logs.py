"""Request ids and logs."""

import json
import re
from logging import getLogger

import pytest

from app.logs import REQUEST_ID_HEADER
from tests.echo import ECHO, add_echo

LINE_BREAKS = ["\n", "\r", "\r\n", "\u2028", "\x85"]


@pytest.fixture
def log(capsys):
    """Read what was logged since the last time, a JSON object for each line."""

    def read() -> list[dict]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return read


@pytest.fixture
def start(new_app):
    """Start an app in the test: pytest gives each phase of a test a standard output of its own."""

    def start(**settings):
        return new_app(**{"LOG_JSON": True} | settings).test_client()

    return start


def access(lines: list[dict]) -> dict:
    """Return the one line about a request."""
    (line,) = [line for line in lines if line["logger"] == "app.access"]
    return line


@pytest.mark.parametrize("given", ["a", "0b5e-4F_7.x", "x" * 128])
def test_the_id_of_the_sender_is_kept(client, given):
    response = client.get("/health", headers={REQUEST_ID_HEADER: given})

    assert response.headers[REQUEST_ID_HEADER] == given


@pytest.mark.parametrize("given", ["", " ", "x" * 129, "a b", "a\tb", 'a"b', "<script>", "a,b", "ä"])
def test_an_id_that_could_forge_something_is_replaced(client, given):
    response = client.get("/health", headers={REQUEST_ID_HEADER: given})

    assert re.fullmatch("[0-9a-f]{32}", response.headers[REQUEST_ID_HEADER])


def test_every_request_without_an_id_gets_one_of_its_own(client):
    ids = {client.get("/health").headers[REQUEST_ID_HEADER] for _ in range(3)}

    assert len(ids) == 3


def test_errors_carry_the_id_of_the_sender(client):
    response = client.get("/nothing", headers={REQUEST_ID_HEADER: "mine"})

    assert response.get_json(force=True)["request_id"] == "mine"
    assert response.headers[REQUEST_ID_HEADER] == "mine"


def test_a_request_is_one_json_object_with_the_facts(start, log):
    client = start()

    client.get("/nothing", headers={REQUEST_ID_HEADER: "mine"})

    line = access(log())
    assert line["request_id"] == "mine"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nothing", 404)
    assert line["duration_ms"] >= 0
    assert line["user_id"] is None
    assert line["level"] == "INFO"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", line["time"])


def test_every_log_of_a_request_carries_its_id(start, log):
    client = start()
    logger = client.application.logger
    client.application.add_url_rule("/chatty", view_func=lambda: logger.info("Hey") or "")

    client.get("/chatty", headers={REQUEST_ID_HEADER: "mine"})

    assert {line["request_id"] for line in log()} == {"mine"}


def test_logs_outside_requests_carry_a_dash(start, log):
    client = start()

    client.application.logger.warning("Hey")

    assert [line["request_id"] for line in log()] == ["-"]


def test_a_traceback_stays_on_the_line_of_its_error(start, log):
    client = start()
    client.application.add_url_rule("/fail", view_func=lambda: 1 / 0)

    client.get("/fail")
    (error,) = [line for line in log() if line["level"] == "ERROR"]

    assert "ZeroDivisionError" in error["exc_info"]


def test_the_log_keeps_quiet_about_body_query_and_credentials(start, capsys):
    client = start()
    add_echo(client.application)

    client.post(
        f"{ECHO}?token=hunter1",
        json={"title": "hunter2", "password": "hunter3"},
        headers={"Authorization": "Bearer hunter4", "Cookie": "session=hunter5"},
    )

    assert "hunter" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "logged"),
    [
        ("Invalid HTTP Header: 'AuthorizationBearer hunter2'", "Invalid HTTP Header"),
        ('Invalid HTTP header name: "Bearer \'hunter2"', "Invalid HTTP header name"),
        ("Contradictory scheme headers", "Contradictory scheme headers"),
    ],
)
def test_malformed_requests_are_logged_without_what_they_contain(start, log, error, logged):
    start()

    getLogger("gunicorn.error").warning("Invalid request from ip={}: {}".format("2001:db8::7", error))  # noqa: G001 - as Gunicorn does

    assert log()[-1]["message"] == f"Invalid request from ip=2001:db8::7: {logged}"


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_line_break_in_a_path_starts_no_line(capsys, start, as_json, line_break):
    client = start(LOG_JSON=as_json)

    client.get("/" + line_break + "FORGED")

    (line,) = capsys.readouterr().out.splitlines()
    assert not line.startswith("FORGED")


def test_development_logs_are_readable(capsys, start):
    client = start(LOG_JSON=False)

    client.get("/health", headers={REQUEST_ID_HEADER: "mine"})

    line = capsys.readouterr().out
    assert re.search(r"INFO +app\.access \[mine\] GET '/health' 200 in [\d.]+ ms", line)


def test_the_level_is_configurable(capsys, start):
    client = start(LOG_LEVEL="WARNING")

    client.get("/health")

    assert capsys.readouterr().out == ""
