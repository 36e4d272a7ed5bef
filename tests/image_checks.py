"""What an image of a service must not have: each check returns its findings."""

import re
import tomllib
from collections.abc import Callable
from pathlib import PurePosixPath

from flask_service_extensions.reserved import PYPROJECT, distribution
from tests.containers import Image

Check = Callable[[Image], list[str]]

BELONGS = {".venv", "__pycache__", "app", "gunicorn.conf.py", "migrations", "wsgi.py"}
COMPILER = re.compile(r"(.*-)?(gcc|[gc]\+\+|cc|cpp|clang|tcc|ld|as|make|cargo|rustc|go)(-[\d.]+)?")
# Any image of Debian leaves these open; /data is the volume of SQLite.
MAY_BE_WRITTEN = {"/data", "/dev", "/proc", "/run/lock", "/tmp", "/var/tmp"}
SECRET_NAME = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL")
# Settings have this shape, code does not.
SETTING = r"^\w*(SECRET_KEY|PASSWORD|DATABASE_URL)=."
HOMES = ("/app", "/etc", "/home", "/opt", "/root", "/srv", "/tmp", "/var/tmp")


def root(image: Image) -> list[str]:
    """Find a user that is root, or may be."""
    user = image.configuration["User"]
    return [] if re.fullmatch(r"[1-9]\d*:[1-9]\d*", user) else [f"runs as {user or 'root'}"]


def secrets(image: Image) -> list[str]:
    """Find secrets in the environment and in files."""
    named = [line for line in image.configuration["Env"] if SECRET_NAME.search(line.split("=")[0])]
    grep = ["grep", "--recursive", "--extended-regexp", "--files-with-matches", SETTING]
    return named + paths_in(image.attempt(*grep, *HOMES, user="0").stdout)


def foreign_files(image: Image) -> list[str]:
    """Find what is not needed to run the service: tests, tools, documents, history."""
    return sorted(set(image.run("ls", "--almost-all", "/app").split()) - BELONGS)


def development(image: Image) -> list[str]:
    """Find libraries and tools that only developers need."""
    declared = tomllib.loads(PYPROJECT.read_text("utf-8"))["dependency-groups"]["dev"]
    unwanted = {"uv", *map(distribution, declared)} - {"jinja2"}  # Flask needs that one
    code = "import importlib.metadata as m; print(*(d.name.lower() for d in m.distributions()))"
    return sorted(unwanted & set(image.run("python", "-c", code).split()))


def compilers(image: Image) -> list[str]:
    """Find compilers and package managers."""
    paths = image.run("find", "/", "-xdev", "-path", "*bin/*", user="0")
    return [path for path in paths_in(paths) if COMPILER.fullmatch(PurePosixPath(path).name)]


def writable(image: Image) -> list[str]:
    """Find writable folders."""
    find = ["find", "/", "-xdev", "-writable", "!", "-type", "l"]
    found = paths_in(image.attempt(*find, user="10001:10001").stdout)
    return sorted(set(found) - MAY_BE_WRITTEN)


def paths_in(printed: str) -> list[str]:
    """Return the paths among what a command printed; the rest is complaints."""
    return [line for line in printed.splitlines() if line.startswith("/") and ": " not in line]


CHECKS: tuple[Check, ...] = (root, secrets, foreign_files, development, compilers, writable)
