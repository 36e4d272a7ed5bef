"""Names of the libraries that generated services install; a project cannot be called like one."""

import re
import tomllib
from functools import cache

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT

PYPROJECT = ROOT / PROJECT_FOLDER / "pyproject.toml"
NAME = re.compile(r"[A-Za-z0-9._-]+")
# What the declared dependencies bring along; a test compares it with a real environment.
# fmt: off
TRANSITIVE = frozenset({
    "alembic", "annotated-types", "apispec", "argon2-cffi-bindings", "asgiref",
    "async-timeout", "atpublic", "attrs", "blinker", "cffi",
    "cfgv", "click", "coverage", "cryptography", "deprecated", "distlib", "execnet", "filelock",
    "greenlet", "grimp", "identify", "iniconfig", "itsdangerous", "jinja2", "jsonschema",
    "jsonschema-path", "jsonschema-specifications", "lazy-object-proxy", "limits", "mako",
    "markdown-it-py", "markupsafe", "mdurl", "nodeenv", "openapi-schema-validator", "ordered-set",
    "packaging", "pathable", "pip", "platformdirs", "pluggy", "psycopg-binary", "pycparser",
    "pydantic", "pydantic-core", "pydantic-settings", "pygments", "python-discovery", "pyyaml",
    "referencing", "rfc3339-validator", "rich", "rpds-py", "setuptools", "six",
    "typing-extensions", "typing-inspection", "virtualenv", "wrapt",
    # What `flask generate client` declares.
    "pytest-httpserver", "urllib3",
})
# fmt: on


@cache
def dependency_names() -> frozenset[str]:
    """Read what the project declares, whatever its markers, and add what comes along."""
    declared = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    groups = [declared["project"]["dependencies"], *declared["dependency-groups"].values()]
    return TRANSITIVE | {distribution(line) for group in groups for line in group}


def distribution(requirement: str) -> str:
    """Return the normalised name of a requirement such as `Flask_Limiter[redis]>=4`."""
    match = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""
