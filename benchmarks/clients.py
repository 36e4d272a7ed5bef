"""Measure what a call of another service costs: `python -m benchmarks.clients`."""

import sys
import tempfile
from pathlib import Path

from benchmarks.generation import generate
from tests.baking import BakedProject, copy_template
from tests.environments import SERVICE_PYTHON
from tests.faults.upstreams import upstream
from tests.resources import generate as generate_code
from tests.services import free_port

# Print the microseconds of CPU time of a call: with the generated client, and with urllib3 alone.
CALLS = """
import logging
import sys
from statistics import median
from time import process_time

import urllib3

from app import create_app
from app.clients import weather

CALLS, ROUNDS = 300, 15
port = sys.argv[1]
pool = urllib3.HTTPConnectionPool("127.0.0.1", int(port))

def bare():
    return pool.request("GET", "/", retries=False).json()

def cost(call):
    started = process_time()
    for _ in range(CALLS):
        call()
    return (process_time() - started) / CALLS * 1e6

app = create_app("testing")
app.config["WEATHER_URL"] = f"http://127.0.0.1:{port}"
logging.disable()
with app.app_context():
    rounds = [(cost(weather.get_weather), cost(bare)) for _ in range(ROUNDS)]
ours, plain = map(median, zip(*rounds))
print(f"{ours:.0f} us of CPU time a call; urllib3 alone {plain:.0f} us")
"""


def main() -> None:
    """Generate a service with a client, and call a local server."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        generate(copy_template(Path(folder) / "template"), Path(folder))
        project = BakedProject(Path(folder) / "flask-service", {})
        url = "https://api.example.com"
        generate_code(project, SERVICE_PYTHON, "weather", "--url", url, what="client")
        port = free_port()
        with upstream(port):
            sys.stdout.write(project.run(SERVICE_PYTHON, "-c", CALLS, str(port)))


if __name__ == "__main__":
    main()
