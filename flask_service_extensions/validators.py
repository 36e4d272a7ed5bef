"""Validators of the answers: each returns what is wrong and what to type, or None."""

import keyword
import re
import unicodedata
from collections.abc import Callable

from flask_service_extensions.rendering import DELIMITERS, has_delimiters
from flask_service_extensions.reserved import dependency_names

Validator = Callable[[str], str | None]

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# Control, format and surrogate characters, line and paragraph separators, by Unicode category:
# they break a line, or cannot be seen (ruff's formatter rewrites strings that contain them).
UNWRITABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
NONCHARACTERS = {"\ufffe", "\uffff"}
# It joins emoji, and letters of Persian and Indian scripts.
JOINERS = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")
WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
PROJECT_FOLDERS = {"app", "test", "tests", "migrations"}


def not_blank(text: str) -> str | None:
    """Require a text, so that no heading and no metadata is empty."""
    return None if text.strip() else "is empty: type at least one letter"


def printable(text: str) -> str | None:
    """Reject characters that break a line or a file, or that a reader cannot see."""
    rest = JOINERS.sub("", text)
    if any(unicodedata.category(char) in UNWRITABLE or char in NONCHARACTERS for char in rest):
        return "has a line break, a control character or an invisible one: type one plain line"
    return None


def no_outer_spaces(text: str) -> str | None:
    """Reject what would become trailing white space."""
    return "begins or ends with a space: type it without" if text != text.strip() else None


def no_template_code(text: str) -> str | None:
    """Reject what cookiecutter and tools that update a project would render."""
    return (
        f"would be run as a template: type it without {' '.join(DELIMITERS)}"
        if has_delimiters(text)
        else None
    )


def email(text: str) -> str | None:
    """Require an email that package metadata accepts."""
    return None if EMAIL.fullmatch(text) else "is not an email: type one like you@example.com"


def kebab_case(slug: str) -> str | None:
    """Require what can be the name of a folder, a distribution, a host and a database."""
    if KEBAB.fullmatch(slug):
        return None
    return "is not a project slug: type lower-case letters a-z and digits, hyphens between words"


def no_keyword(slug: str) -> str | None:
    """Reject what Python cannot import."""
    return (
        f"is a Python keyword: type for example {slug}-service" if keyword.iskeyword(slug) else None
    )


def no_project_folder(slug: str) -> str | None:
    """Reject the name of a folder that every project has."""
    return (
        f"is a folder of every project: type for example my-{slug}"
        if slug in PROJECT_FOLDERS
        else None
    )


def no_windows_device(slug: str) -> str | None:
    """Reject what cannot be a folder on Windows."""
    return (
        f"is a device on Windows: type for example {slug}-service"
        if slug in WINDOWS_DEVICES
        else None
    )


def no_dependency(slug: str) -> str | None:
    """Reject the name of a dependency: the project would depend on itself."""
    return (
        f"is a library that services use: type for example {slug}-service"
        if slug in dependency_names()
        else None
    )


def max_length(limit: int) -> Validator:
    """Return a validator of the length in characters."""

    def validate(text: str) -> str | None:
        return (
            f"is {len(text)} characters long: type at most {limit}" if len(text) > limit else None
        )

    return validate


TEXT = (not_blank, printable, no_outer_spaces, no_template_code)

VALIDATORS: dict[str, tuple[Validator, ...]] = {
    "project_name": (*TEXT, max_length(80)),
    "project_slug": (
        kebab_case,
        max_length(60),
        no_keyword,
        no_project_folder,
        no_windows_device,
        no_dependency,
    ),
    "description": (*TEXT, max_length(250)),
    "author_name": (*TEXT, max_length(80)),
    "author_email": (*TEXT, email, max_length(120)),
}
