"""What an update from the template must not bring back: it is listed in `[tool.cruft]`."""

import re
import tomllib
from collections.abc import Iterable

from flask_service_cli.exceptions import UsageError

TABLE = re.compile(r"^\[tool\.cruft\]\n(?:(?!\[).*\n)*", re.MULTILINE)
SKIP = re.compile(r"^skip = \[[^]]*\]\n", re.MULTILINE)


def skipped(text: str, paths: Iterable[str]) -> str:
    """Add paths to those that updates leave alone.

    Raises:
        UsageError: The list is written in a way that is not understood.
    """
    wanted = [*read_skip(text), *paths]
    after = with_skip(text, "".join(["skip = [\n", *(f'  "{path}",\n' for path in wanted), "]\n"]))
    if read_skip(after) != wanted:
        raise UsageError("skip in [tool.cruft] of pyproject.toml is no plain list: make it one.")
    return after


def read_skip(text: str) -> list[str]:
    """Return what updates leave alone; nothing if the text is no TOML."""
    try:
        return tomllib.loads(text)["tool"].get("cruft", {}).get("skip", [])
    except tomllib.TOMLDecodeError:
        return []


def with_skip(text: str, line: str) -> str:
    """Write the list where one is, or into the table, or into a new table at the end."""
    found = TABLE.search(text)
    if found is None:
        return f"{text}\n[tool.cruft]\n{line}"
    table, count = SKIP.subn(line, found[0])
    return text.replace(found[0], table if count else found[0].replace("\n", f"\n{line}", 1))
