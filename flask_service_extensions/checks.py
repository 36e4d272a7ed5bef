"""One small function per reason to refuse an answer: what is wrong and what to type, or None."""

import keyword
import re
from collections.abc import Callable

from flask_service_extensions.rendering import DELIMITERS, has_delimiters
from flask_service_extensions.reserved import dependency_names

Check = Callable[[str], str | None]

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# Control characters, line separators, bidirectional overrides, byte order marks, lone surrogates.
UNWRITABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
WINDOWS_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
PROJECT_FOLDERS = {"app", "test", "tests", "migrations"}


def is_blank(text: str) -> str | None:
    """Refuse what would leave empty headings and metadata."""
    return None if text.strip() else "is empty: type at least one letter"


def has_unwritable(text: str) -> str | None:
    """Refuse what breaks a line, a file or the eye of a reviewer."""
    return (
        "has a line break or a control character: type one plain line"
        if UNWRITABLE.search(text)
        else None
    )


def has_outer_spaces(text: str) -> str | None:
    """Refuse what would become trailing white space."""
    return "begins or ends with a space: type it without" if text != text.strip() else None


def has_template_code(text: str) -> str | None:
    """Refuse what tools that update a project would render."""
    return (
        f"would be run as a template: type it without {' '.join(DELIMITERS)}"
        if has_delimiters(text)
        else None
    )


def is_no_email(text: str) -> str | None:
    """Refuse what package metadata does not take as an address."""
    return None if EMAIL.fullmatch(text) else "is no e-mail address: type one like you@example.com"


def is_no_kebab(slug: str) -> str | None:
    """Refuse what cannot be a folder, a distribution, a host and a database name at once."""
    if KEBAB.fullmatch(slug):
        return None
    return "is no project slug: type lower-case letters a-z and digits, hyphens between words"


def is_keyword(slug: str) -> str | None:
    """Refuse what Python cannot import."""
    return (
        f"is a Python keyword: type for example {slug}-service" if keyword.iskeyword(slug) else None
    )


def is_project_folder(slug: str) -> str | None:
    """Refuse what every project already has inside."""
    return (
        f"is a folder of every project: type for example my-{slug}"
        if slug in PROJECT_FOLDERS
        else None
    )


def is_windows_device(slug: str) -> str | None:
    """Refuse what Windows cannot make a folder of."""
    return (
        f"is a device on Windows: type for example {slug}-service"
        if slug in WINDOWS_DEVICES
        else None
    )


def is_dependency(slug: str) -> str | None:
    """Refuse what would make the project depend on itself."""
    return (
        f"is a library that services use: type for example {slug}-service"
        if slug in dependency_names()
        else None
    )


def at_most(limit: int) -> Check:
    """Make a check of the length in characters."""

    def is_too_long(text: str) -> str | None:
        return (
            f"is {len(text)} characters long: type at most {limit}" if len(text) > limit else None
        )

    return is_too_long


TEXT = (is_blank, has_unwritable, has_outer_spaces, has_template_code)

CHECKS: dict[str, tuple[Check, ...]] = {
    "project_name": (*TEXT, at_most(80)),
    "project_slug": (
        is_no_kebab,
        at_most(60),
        is_keyword,
        is_project_folder,
        is_windows_device,
        is_dependency,
    ),
    "description": (*TEXT, at_most(250)),
    "author_name": (*TEXT, at_most(80)),
    "author_email": (*TEXT, is_no_email, at_most(120)),
}
