"""Changed answers, checked: cruft and cookiecutter ignore names that they do not know."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.template.link import RefusedError

Answers = Mapping[str, Any]

# What cookiecutter takes for a yes and for a no.
WORDS = {True: {"1", "on", "t", "true", "y", "yes"}, False: {"0", "f", "false", "n", "no", "off"}}
NAME = re.compile(r"[a-z][a-z0-9_]*")
# A word in MAKEFLAGS, in which make escapes spaces.
MAKE_WORD = re.compile(r"(?:\\.|[^\\\s])+")


def from_make(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what was set on make's command line; upper-case names are for make itself."""
    for word in MAKE_WORD.findall(environment.get("MAKEFLAGS", "")):
        name, equals, _ = word.partition("=")
        if equals and NAME.fullmatch(name):
            yield f"{name}={environment[name]}"


def wanted_answers(words: Iterable[str]) -> dict[str, str]:
    """Split `NAME=VALUE`, from the command line or from make's.

    Raises:
        RefusedError: A word is no answer, or there is none.
    """
    pairs = [word.partition("=") for word in list(words) or from_make(os.environ)]
    if not pairs or not all(name and equals for name, equals, _ in pairs):
        raise RefusedError("Which answer shall change? In lower case, like: make template-set database=mysql")
    return {name: value for name, _, value in pairs}


def questions_of(template: Path) -> Answers:
    """Return what the template asks, each with its default or its choices."""
    asked = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    return {name: offered for name, offered in asked.items() if name[0] != "_"}


def checked(wanted: Mapping[str, str], questions: Answers, answers: Answers) -> dict[str, Any]:
    """Return the answers that really change.

    Raises:
        RefusedError: One of them cannot be given, or not any more.
    """
    for name in wanted:
        if name not in questions:
            known = ", ".join(questions)
            raise RefusedError(f"The template does not ask for {name}, but for {known}; a newer one may.")
    given = {name: _answer(name, text, questions[name]) for name, text in wanted.items()}
    changes = {name: value for name, value in given.items() if value != answers.get(name)}
    if "project_slug" in changes:
        raise RefusedError("project_slug names the folder and the distribution and stays as it is.")
    if changes.get("auth") == "none":
        raise RefusedError("auth=none is for new services: switching would lose the accounts of this one.")
    return changes


def _answer(name: str, text: str, offered: object) -> object:
    """Read an answer as cookiecutter would, but never something that was not offered."""
    if isinstance(offered, bool):
        values = [value for value, words in WORDS.items() if text.lower() in words]
        choices = ["true", "false"]
    elif isinstance(offered, list):
        values = [value for value in offered if value == text]
        choices = offered
    else:
        return text
    if not values:
        raise RefusedError(f"{name}={text} is not offered: choose {', '.join(choices)}.")
    return values[0]
