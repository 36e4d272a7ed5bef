"""The record of a service's template, `.cruft.json`, in the format of cruft."""

import json
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from flask_service_cli.exceptions import UsageError

NAME = ".cruft.json"
SETTINGS = "pyproject.toml"
Link = dict[str, Any]
Answers = Mapping[str, Any]


def read(root: Path) -> Link:
    """Return the URL of the template, the commit and the answers that a service was made of.

    Raises:
        UsageError: The service is not linked, or the file is damaged.
    """
    try:
        link = json.loads((root / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            "This service is not linked to its template: see docs/updating.md."
        ) from None
    except (OSError, ValueError):
        link = None
    match link:
        case {"template": str(), "commit": str(), "context": {"cookiecutter": dict()}}:
            return link
    raise UsageError(f"{NAME} is damaged: restore it from git.")


def answers_of(link: Link) -> Answers:
    """Return the answers to the template's questions."""
    return public(link["context"]["cookiecutter"])


def public(context: Answers) -> Answers:
    """Leave out what cookiecutter computes or keeps for itself."""
    return {name: value for name, value in context.items() if not name.startswith("_")}


def text_of(link: Link, commit: str, answers: Answers) -> str:
    """Return the record for another commit or other answers, as cruft writes it."""
    changed = {**link, "commit": commit, "context": {"cookiecutter": public(answers)}}
    return json.dumps(changed, ensure_ascii=False, indent=2) + "\n"


def skipped(root: Path) -> list[str]:
    """Return the patterns of files that updates leave alone: `skip` of `[tool.cruft]`."""
    try:
        settings = tomllib.loads((root / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it may have a conflict
        return []
    skip = settings.get("tool", {}).get("cruft", {}).get("skip", [])
    return list(skip) if isinstance(skip, list) else []


def is_skipped(name: str, patterns: list[str]) -> bool:
    """Return whether a pattern names a file or a folder around it."""
    places = [name, *map(str, PurePosixPath(name).parents)]
    return any(fnmatch(place, pattern.rstrip("/")) for place in places for pattern in patterns)
