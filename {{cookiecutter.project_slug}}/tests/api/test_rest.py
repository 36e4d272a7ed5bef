"""What no client of the tests can send: bodies that break off or are framed wrongly."""

import io

import pytest
from werkzeug.exceptions import BadRequest

from app.api.rest import StrictRequest


class BrokenBody(io.RawIOBase):
    """Ends like a server's input when the sender breaks its own framing."""

    def readinto(self, _buffer) -> int:
        raise RuntimeError("a chunk has the wrong size")

    def readable(self) -> bool:
        return True


def test_a_body_that_cannot_be_read_is_the_senders_mistake():
    request = StrictRequest({"REQUEST_METHOD": "POST", "wsgi.input": BrokenBody(), "wsgi.input_terminated": True})
    with pytest.raises(BadRequest, match="cannot be read"):
        request.get_data()


def test_the_app_reads_requests_that_way(app):
    assert app.request_class is StrictRequest
