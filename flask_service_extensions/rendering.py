"""What cookiecutter may render, and what it must leave as a person typed it."""

import json
from fnmatch import fnmatch
from pathlib import Path, PurePath

from cookiecutter.exceptions import FailedHookException

ROOT = Path(__file__).parents[1]
CONTEXT = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
MARKER = CONTEXT["_jinja2_env_vars"]["line_statement_prefix"]
PROJECT_FOLDER = "{{cookiecutter.project_slug}}"
OWN_EXPRESSIONS = {PROJECT_FOLDER, *(value for value in CONTEXT.values() if isinstance(value, str))}
DELIMITERS = ("{{", "{%", "{#")


def is_copied(path: PurePath) -> bool:
    """Tell whether a file of the project is copied as it is: pages have Jinja of their own."""
    return any(fnmatch(path.as_posix(), pattern) for pattern in CONTEXT["_copy_without_render"])


def has_delimiters(text: str) -> bool:
    """Tell whether Jinja would see more than text."""
    return any(delimiter in text for delimiter in DELIMITERS)


def protect(source: str) -> str:
    """Make a source render as itself unless the template wrote it; refuse what cannot."""
    if source in OWN_EXPRESSIONS:
        return source
    if has_delimiters(source):
        raise FailedHookException(
            f"{source!r} would be run as a template: type it without {' '.join(DELIMITERS)}."
        )
    if source.lstrip().startswith(MARKER):
        return f"{{% raw %}}{source}{{% endraw %}}"
    return source
