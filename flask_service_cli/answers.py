"""Changed answers, validated: cookiecutter ignores names that it does not know."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flask_service_cli.exceptions import UsageError
from flask_service_cli.link import Answers, public

# What cookiecutter takes for a yes and for a no.
WORDS = {True: {"1", "on", "t", "true", "y", "yes"}, False: {"0", "f", "false", "n", "no", "off"}}
NAME = re.compile(r"[a-z][a-z0-9_]*")
# A word in MAKEFLAGS, in which make escapes spaces.
MAKE_WORD = re.compile(r"(?:\\.|[^\\\s])+")
USAGE = "Usage: make template-set NAME=VALUE, in lower case, like database=mysql"


def from_make(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what was set on make's command line; upper-case names are for make itself."""
    for word in MAKE_WORD.findall(environment.get("MAKEFLAGS", "")):
        name, equals, _ = word.partition("=")
        if equals and NAME.fullmatch(name):
            yield f"{name}={environment[name]}"


def parse_words(words: Iterable[str]) -> dict[str, str]:
    """Split `NAME=VALUE`, from the command line or from make's.

    Raises:
        UsageError: A word is no answer, or there is none.
    """
    pairs = [word.partition("=") for word in list(words) or from_make(os.environ)]
    if not pairs or not all(name and equals for name, equals, _ in pairs):
        raise UsageError(USAGE)
    return {name: value for name, _, value in pairs}


def questions_of(template: Path) -> Answers:
    """Return what the template asks, each with its default or its choices."""
    return public(json.loads((template / "cookiecutter.json").read_text(encoding="utf-8")))


def validated(wanted: Mapping[str, str], questions: Answers) -> dict[str, Any]:
    """Return answers with the types of the questions.

    Raises:
        UsageError: There is no such question, or no such choice.
    """
    for name in wanted:
        if name not in questions:
            known = ", ".join(questions)
            raise UsageError(f"There is no option {name}; there are {known}.")
    return {name: parse(name, text, questions[name]) for name, text in wanted.items()}


def changes(wanted: Mapping[str, str], questions: Answers, answers: Answers) -> dict[str, Any]:
    """Return the answers that really change.

    Raises:
        UsageError: One of them cannot be given, or not any more.
    """
    given = validated(wanted, questions)
    changed = {name: value for name, value in given.items() if value != answers.get(name)}
    if "project_slug" in changed:
        raise UsageError("project_slug names the folder and the distribution: it cannot change.")
    if changed.get("auth") == "none":
        raise UsageError("auth=none is for new services: switching would lose the accounts.")
    return changed


def parse(name: str, text: str, offered: object) -> object:
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
        raise UsageError(f"{name}={text} is not offered: choose {', '.join(choices)}.")
    return values[0]
