"""The Jinja extension that cookiecutter loads: filters, and the validation of the answers."""

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment
from jinja2.ext import Extension

from flask_service_extensions.answers import first_problem
from flask_service_extensions.features import unchosen_paths
from flask_service_extensions.link import template_link
from flask_service_extensions.quoting import FILTERS
from flask_service_extensions.rendering import ROOT, protect


class AnswersExtension(Extension):
    """Quote answers for the format they are written into, and validate them before that."""

    def __init__(self, environment: Environment) -> None:
        """Register the filters."""
        super().__init__(environment)
        environment.filters.update(
            FILTERS,
            template_link=template_link,
            unchosen_paths=unchosen_paths,
            validate_answers=validate_answers,
        )
        unload_package()

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja passes it
        """Keep cookiecutter from rendering an answer: one line of source without a name."""
        if name is None and "\n" not in source:
            return protect(source)
        return source


def unload_package() -> None:
    """Let the next import read the files again: cruft renders two templates in one process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == __name__]:
        del sys.modules[name]
    importlib.invalidate_caches()
    # `cookiecutter ./template` adds a relative path, and runs the hooks in another folder.
    is_root = [bool(entry) and Path(entry).absolute() == ROOT for entry in sys.path]
    sys.path[:] = [
        str(ROOT) if root else entry for entry, root in zip(sys.path, is_root, strict=True)
    ]


def validate_answers(answers: Mapping[str, Any]) -> str:
    """Return "yes" for valid answers.

    Raises:
        FailedHookException: What is wrong and what to type; cookiecutter prints it as it is.
    """
    problem = first_problem(answers)
    if problem:
        raise FailedHookException(problem)
    return "yes"
