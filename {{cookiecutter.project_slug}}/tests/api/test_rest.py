"""Ids in paths, and what no client of the tests can send: bodies that break off or are framed wrongly."""

import pytest
from werkzeug.exceptions import BadRequest

from app.api.rest import StrictRequest
from app.models.base import MAX_ID
from tests.echo import ECHO, add_echo


class BrokenBody:
    """Ends like a server's input when the sender breaks its own framing."""

    def read(self, _size: int = -1) -> bytes:
        """Fail with an exception that no library of ours knows."""
        raise RuntimeError("a chunk has the wrong size")


@pytest.fixture
def app(make_app):
    """An app with a resource."""
    return make_app(add_echo)


def test_a_body_that_cannot_be_read_is_the_senders_mistake():
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": BrokenBody(), "wsgi.input_terminated": True}
    with pytest.raises(BadRequest, match="cannot be read"):
        StrictRequest(environ).get_data()


def test_the_app_reads_requests_that_way(app):
    assert app.request_class is StrictRequest


@pytest.mark.parametrize("number", [1, MAX_ID])
def test_an_id_in_range_is_a_number(client, number):
    assert client.get(f"{ECHO}/{number}").json == {"times": number}


@pytest.mark.parametrize("number", ["0", "-1", "1.0", "x", str(MAX_ID + 1), "9" * 5000, "%D9%A1"])
def test_an_id_out_of_range_is_404(client, number):
    assert client.get(f"{ECHO}/{number}").status_code == 404
