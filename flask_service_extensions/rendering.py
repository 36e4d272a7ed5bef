"""What cookiecutter may render, and answers that it must write as they were typed."""

import json
from fnmatch import fnmatch
from pathlib import Path, PurePath

from cookiecutter.exceptions import FailedHookException

ROOT = Path(__file__).parents[1]
# Installed for its command line, the package has a copy of the file beside this module.
CONTEXT_FILES = (ROOT / "cookiecutter.json", Path(__file__).with_name("cookiecutter.json"))
CONTEXT = json.loads(next(filter(Path.exists, CONTEXT_FILES)).read_text(encoding="utf-8"))
MARKER = CONTEXT["_jinja2_env_vars"]["line_statement_prefix"]
PROJECT_FOLDER = "{{cookiecutter.project_slug}}"
OWN_EXPRESSIONS = {PROJECT_FOLDER, *(value for value in CONTEXT.values() if isinstance(value, str))}
DELIMITERS = ("{{", "{%", "{#")


def is_copied(path: PurePath) -> bool:
    """Return whether a file of the project is copied unrendered, because that is faster."""
    return any(fnmatch(path.as_posix(), pattern) for pattern in CONTEXT["_copy_without_render"])


def is_page(path: PurePath) -> bool:
    """Return whether a file of the project is a page, whose Jinja is Flask's."""
    return "templates" in path.parts


def has_delimiters(text: str) -> bool:
    """Return whether a text contains Jinja."""
    return any(delimiter in text for delimiter in DELIMITERS)


def protect(source: str) -> str:
    """Return a source that renders as itself, unless it is one of the template's own.

    Raises:
        FailedHookException: It contains Jinja.
    """
    if source in OWN_EXPRESSIONS:
        return source
    if has_delimiters(source):
        raise FailedHookException(
            f"{source!r} would be run as a template: type it without {' '.join(DELIMITERS)}."
        )
    if source.lstrip().startswith(MARKER):
        return f"{{% raw %}}{source}{{% endraw %}}"
    return source
