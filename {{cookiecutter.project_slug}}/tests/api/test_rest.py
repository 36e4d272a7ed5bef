"""Tests of ids in paths, of unknown fields and of bodies that cannot be read."""

import json

import pytest
from werkzeug.exceptions import BadRequest

from app.api.rest import MAX_UNKNOWN_FIELDS, StrictRequest, with_next_link
from app.db.pagination import Page
from app.db.types import MAX_ID
from tests.echo import ECHO, add_echo


class BrokenBody:
    """An input stream that fails like that of a WSGI server after invalid chunks."""

    def read(self, _size: int = -1) -> bytes:
        """Raise an exception that only the server defines."""
        raise RuntimeError("a chunk has the wrong size")


@pytest.fixture
def app(make_app):
    """An app with a resource."""
    return make_app(add_echo)


def test_unreadable_body_is_a_bad_request():
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": BrokenBody(), "wsgi.input_terminated": True}
    with pytest.raises(BadRequest, match="cannot be read"):
        StrictRequest(environ).get_data()


def test_app_uses_strict_requests(app):
    assert app.request_class is StrictRequest


@pytest.mark.parametrize("number", [1, MAX_ID])
def test_id_in_range_is_an_integer(client, number):
    assert client.get(f"{ECHO}/{number}").json == {"times": number}


@pytest.mark.parametrize("number", ["0", "-1", "1.0", "x", str(MAX_ID + 1), "9" * 5000, "%D9%A1"])
def test_id_out_of_range_is_not_found(client, number):
    assert client.get(f"{ECHO}/{number}").status_code == 404


@pytest.mark.parametrize("number", [MAX_UNKNOWN_FIELDS, 50_000])
def test_unknown_fields_of_a_body_are_reported_up_to_a_maximum(client, number):
    response = client.post(ECHO, json={f"x{index}": index for index in range(number)} | {"loud": "?"})

    assert response.status_code == 400
    assert len(response.json["errors"]) == MAX_UNKNOWN_FIELDS + len({"word", "loud"})
    assert response.json["errors"]["word"] == ["Missing data for required field."]


def test_unknown_fields_of_a_query_are_reported_up_to_a_maximum(client):
    response = client.get(ECHO, query_string={f"x{index}": index for index in range(100)} | {"times": 9})

    assert len(response.json["errors"]) == MAX_UNKNOWN_FIELDS + len({"times"})


@pytest.mark.parametrize("word", ["Zażółć", "日本語", "🙂"])
def test_json_is_written_as_utf_8(client, word):
    response = client.post(ECHO, json={"word": word})

    assert word.encode() in response.data


def test_names_of_invalid_fields_are_written_as_utf_8(client):
    body = json.dumps({"word": "hey", "日本": 1, "\ud800": 2})

    response = client.post(ECHO, data=body, content_type="application/json")

    assert "日本".encode() in response.data
    assert response.json["errors"].keys() == {"日本", "\ud800"}


def test_link_to_the_next_page_is_under_the_prefix(app):
    page = Page([], page=1, per_page=2, total=5, next_cursor="abc")

    with app.test_request_context(f"{ECHO}?page=1&per_page=2", base_url="http://localhost/service"):
        _, headers = with_next_link(page)

    assert headers["Link"] == f'</service{ECHO}?per_page=2&after=abc>; rel="next"'
