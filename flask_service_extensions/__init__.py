"""What cookiecutter loads before the first prompt: quoting filters, checks of the answers."""

import importlib
import sys
from collections.abc import Mapping
from typing import Any

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment
from jinja2.ext import Extension

from flask_service_extensions.answers import refusal
from flask_service_extensions.quoting import FILTERS
from flask_service_extensions.rendering import protect


class AnswersExtension(Extension):
    """Quote answers for the format they land in; refuse those that no project can be made of."""

    def __init__(self, environment: Environment) -> None:
        """Register the filters under the names the templates use."""
        super().__init__(environment)
        environment.filters.update(FILTERS, refuse_bad_answers=refuse_bad_answers)
        forget_this_version()

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 (Jinja passes it)
        """Keep cookiecutter from rendering an answer: a nameless line of source is one."""
        if name is None and "\n" not in source:
            return protect(source)
        return source


def forget_this_version() -> None:
    """Import anew next time: cruft renders the old and the new template in one process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == __name__]:
        del sys.modules[name]
    importlib.invalidate_caches()


def refuse_bad_answers(answers: Mapping[str, Any]) -> str:
    """Raise FailedHookException, which cookiecutter prints as it is, before a file is written."""
    sentence = refusal(answers)
    if sentence:
        raise FailedHookException(sentence)
    return "yes"
