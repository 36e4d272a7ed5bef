"""What no client of the tests can send: bodies that break off or are framed wrongly."""

import pytest
from werkzeug.exceptions import BadRequest

from app.api.rest import StrictRequest


class BrokenBody:
    """Ends like a server's input when the sender breaks its own framing."""

    def read(self, _size: int = -1) -> bytes:
        """Fail with an exception that no library of ours knows."""
        raise RuntimeError("a chunk has the wrong size")


def test_a_body_that_cannot_be_read_is_the_senders_mistake():
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": BrokenBody(), "wsgi.input_terminated": True}
    with pytest.raises(BadRequest, match="cannot be read"):
        StrictRequest(environ).get_data()


def test_the_app_reads_requests_that_way(app):
    assert app.request_class is StrictRequest
