"""Validate the answers, each by itself and together, before a file is written."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_service_extensions.validators import VALIDATORS


class Requirement(NamedTuple):
    """A choice that needs certain choices of another option."""

    option: str
    choice: object
    needs: str
    one_of: tuple[object, ...]


REQUIRES = (
    Requirement("admin", True, "auth", ("jwt", "session")),
    Requirement("pages", True, "auth", ("jwt", "session")),
)


def first_problem(
    answers: Mapping[str, Any], requires: tuple[Requirement, ...] = REQUIRES
) -> str | None:
    """Return what is wrong with the answers and what to type, or None."""
    return next(invalid_values(answers), None) or next(unmet(answers, requires), None)


def invalid_values(answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each answer that is invalid by itself."""
    for option, validators in VALIDATORS.items():
        for validate in validators:
            problem = validate(str(answers[option]))
            if problem:
                yield f"{option} {shown(answers[option])} {problem}."


def unmet(answers: Mapping[str, Any], requires: tuple[Requirement, ...]) -> Iterator[str]:
    """Yield a sentence for each choice whose requirement is not met."""
    for option, choice, needs, one_of in requires:
        if answers[option] == choice and answers[needs] not in one_of:
            choices = " or ".join(str(value) for value in one_of)
            problem = f"does not work with {needs}={answers[needs]}"
            yield f"{option}={choice} {problem}: choose {needs}={choices}."


def shown(answer: object) -> str:
    """Quote an answer in one line of ASCII, shortened."""
    text = ascii(answer)
    return text if len(text) <= 70 else f"{text[:67]}..."
