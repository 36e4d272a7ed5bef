"""Decide, before a file is written, whether a project can be made of the answers."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_service_extensions.checks import CHECKS


class Requirement(NamedTuple):
    """A choice that only works beside certain choices of another option."""

    option: str
    choice: object
    needs: str
    one_of: tuple[object, ...]


REQUIRES = (Requirement("admin", True, "auth", ("jwt", "session")),)


def refusal(answers: Mapping[str, Any], requires: tuple[Requirement, ...] = REQUIRES) -> str | None:
    """Return the first sentence that speaks against the answers, or None."""
    return next(bad_values(answers), None) or next(unmet(answers, requires), None)


def bad_values(answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each answer that is wrong in itself."""
    for option, checks in CHECKS.items():
        for check in checks:
            problem = check(str(answers[option]))
            if problem:
                yield f"{option} {shown(answers[option])} {problem}."


def unmet(answers: Mapping[str, Any], requires: tuple[Requirement, ...]) -> Iterator[str]:
    """Yield a sentence for each choice that lacks what it needs."""
    for option, choice, needs, one_of in requires:
        if answers[option] == choice and answers[needs] not in one_of:
            choices = " or ".join(str(value) for value in one_of)
            problem = f"does not work with {needs}={answers[needs]}"
            yield f"{option}={choice} {problem}: choose {needs}={choices}."


def shown(answer: object) -> str:
    """Quote an answer so that it fits into one line of any terminal."""
    text = ascii(answer)
    return text if len(text) <= 70 else f"{text[:67]}..."
