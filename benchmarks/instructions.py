"""Count the instructions of a request with valgrind: unlike times, they hardly vary.

Everything runs in one process on SQLite, so that neither a server nor other processes matter.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from benchmarks.generation import generate
from benchmarks.results import README, Result, service_versions
from benchmarks.servers import find
from tests.baking import BakedProject, clean_environment, copy_template
from tests.environments import SERVICE_PYTHON
from tests.services import production

PATHS = ("/api/v1/users/me", "/api/v1/posts?per_page=50", "/api/v1/users?per_page=50")
FEW, MANY = 20, 70  # requests; the difference leaves out what starting costs
TOLERANCE = 0.05

# Runs in a service's folder, with the files of `record.py` and the number of requests.
REQUESTS = """
import pickle, sys
from pathlib import Path
from app import create_app

recorded, path, times = sys.argv[1:]
headers = pickle.loads(Path(recorded).read_bytes())["headers"]
client = create_app().test_client()
for _ in range(int(times)):
    assert client.get(path, headers=headers).status_code == 200
"""


class SlowerError(Exception):
    """A request costs more instructions than recorded."""


def measure(folder: Path) -> Iterator[Result]:
    """Count, and compare with what README.md says.

    Raises:
        SlowerError: A request costs over 5 % more. If that is intended, delete the recorded table.
    """
    generate(copy_template(folder / "template"), folder)
    project, recorded = BakedProject(folder / "flask-service", {}), folder / "recorded"
    variables = production(f"sqlite:///{folder / 'service.sqlite3'}")
    variables |= {"FLASK_RATELIMIT_DEFAULT": "1000000000 per minute", "LOG_LEVEL": "INFO"}
    variables |= {"PYTHONPATH": str(project.path), "PYTHONHASHSEED": "0"}
    project.run(SERVICE_PYTHON, "-m", "flask", "db", "upgrade", **variables)
    record = [Path(__file__).with_name("record.py"), recorded, *PATHS]
    project.run(SERVICE_PYTHON, *record, **variables)
    before = known(README.read_text("utf-8"))
    count = partial(per_request, project.path, variables, recorded)
    with ThreadPoolExecutor(2) as pool:
        counts = dict(zip(PATHS, pool.map(count, PATHS), strict=True))
    for path, millions in counts.items():
        if millions > before.get(path, millions) * (1 + TOLERANCE):
            raise SlowerError(f"{path}: {millions:.2f} million, {before[path]:.2f} were recorded")
        yield Result(
            what=f"`GET {path}`",
            measured=f"{millions:.2f} million",
            beside=f"{before[path]:.2f} million recorded" if path in before else "",
        )


def known(readme: str) -> dict[str, float]:
    """Return the recorded millions of instructions by path, if the versions are the same."""
    _, _, rest = readme.partition("<!-- instructions -->")
    table, _, _ = rest.partition("<!-- end of instructions -->")
    if service_versions() not in table:
        return {}
    found = re.findall(r"^\| `GET (\S+)` \| ([\d.]+) million \|", table, re.MULTILINE)
    return {path: float(count) for path, count in found}


def per_request(folder: Path, variables: dict[str, str], recorded: Path, path: str) -> float:
    """Return the millions of instructions of a request."""
    few, many = (instructions(folder, variables, recorded, path, times) for times in (FEW, MANY))
    return (many - few) / (MANY - FEW) / 1e6


def instructions(
    folder: Path, variables: dict[str, str], recorded: Path, path: str, times: int
) -> int:
    """Return the instructions of a process that sends requests."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no"]
    valgrind += [f"--cachegrind-out-file={os.devnull}", str(SERVICE_PYTHON), "-c", REQUESTS]
    done = subprocess.run(
        [*valgrind, recorded, path, str(times)],
        cwd=folder,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(find(r"I +refs: +([\d,]+)", done.stderr)[1].replace(",", ""))
