"""Tests of ids in paths and of bodies that cannot be read."""

import pytest
from werkzeug.exceptions import BadRequest

from app.api.rest import StrictRequest
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
