"""What was measured, as a table in README.md."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.environments import SERVICE_PYTHON

README = Path(__file__).with_name("README.md")
HEAD = ["| what | measured | beside it | ratio | aim |", "| --- | ---: | ---: | ---: | --- |"]
LIBRARIES = ("flask", "flask-smorest", "sqlalchemy", "psycopg", "gunicorn", "argon2-cffi")


@dataclass(frozen=True)
class Result:
    """One line of the table: numbers with their units, and whether the aim was met."""

    what: str
    measured: str
    aim: str = ""
    met: bool = True
    beside: str = ""
    ratio: float | None = None

    def __str__(self) -> str:
        """Return a row of Markdown."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        aim = self.aim if self.met else f"{self.aim}: **missed**"
        return f"| {self.what} | {self.measured} | {self.beside} | {ratio} | {aim} |"


def report(results: Sequence[Result]) -> str:
    """Return the table and the machine it was measured on."""
    return "\n".join([*HEAD, *map(str, results), "", machine()])


def machine() -> str:
    """Describe what the numbers depend on."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text("utf-8"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores ({cpu[1] if cpu else platform.machine()}),"
        f" {memory:.0f} GiB, Linux {platform.release()}; {service_versions()},"
        f" cookiecutter {version('cookiecutter')}"
    )


def service_versions() -> str:
    """Ask the environment of the services what is installed there."""
    code = (
        "import platform; from importlib.metadata import version;"
        "print('Python', platform.python_version(), end='');"
        f"[print(',', name, version(name), end='') for name in {LIBRARIES}]"
    )
    command = [SERVICE_PYTHON, "-c", code]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def write(section: str, text: str) -> None:
    """Replace a section of the README, between its two markers."""
    begin, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    before, _, rest = README.read_text("utf-8").partition(begin)
    after = rest.partition(end)[2]
    README.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
