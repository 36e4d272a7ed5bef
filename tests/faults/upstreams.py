"""A service that this one calls is gone, under load."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from tests.baking import clean_environment
from tests.faults.processes import WORKERS
from tests.faults.sites import Site
from tests.load import Tally, load
from tests.services import free_port, status_of, wait_for

NAME = "weather"
PATH = "/api/v1/weather"
ANSWERED = 100  # before it goes
RECOVERY = 60  # seconds; circuits are open for 30
# Answers every request, on connections that are kept.
UPSTREAM = """
import socketserver
import sys

BODY = b'{"a": 12}'
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 9\\r\\n\\r\\n"

class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            if line == b"\\r\\n":
                self.wfile.write(HEAD + BODY)

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128

with Server(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    print("ready", flush=True)
    server.serve_forever()
"""


@contextmanager
def upstream(port: int) -> Generator[None]:
    """Run such a service, and kill it at the end of the block."""
    command = [sys.executable, "-c", UPSTREAM, str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=clean_environment(), encoding="utf-8"
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.kill()


def losing_upstream(site: Site) -> Tally:
    """Kill the other service under load until both workers stop calling it, and start it again."""
    port = free_port()
    with site.instance(WEATHER_URL=f"http://127.0.0.1:{port}") as instance:

        def logged(text: str, times: int) -> bool:
            return instance.log.read_text("utf-8").count(text) >= times

        url = instance.url + PATH
        with load(url) as tally:
            with upstream(port):
                wait_for(lambda: logged(f'"path": "{PATH}"', ANSWERED), "answering")
            wait_for(lambda: logged("in a row", WORKERS), "opening the circuits")
        with upstream(port):
            wait_for(lambda: status_of(url) == 200, "calling it again", RECOVERY)
    return tally
