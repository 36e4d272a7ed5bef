"""Lines that a new client needs in files of the service."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from click import ClickException

from flask_service_cli.generate.changes import Change
from flask_service_cli.generate.wiring import add_line, imports, read, settings
from flask_service_extensions.reserved import distribution

FACTORY = "app/__init__.py"
PACKAGE = "app/clients/__init__.py"
PYPROJECT = "pyproject.toml"
SETTINGS_DOCUMENT = "docs/settings.md"
# The list and what is added to it.
REQUIREMENTS = {
    "dependencies": ("urllib3>=2.6.3,<3",),
    "dev": ("pytest-httpserver>=1.1.3,<2", "trustme>=1.2,<2"),
}


def register_package(root: Path) -> Change:
    """Add the settings of all clients to those of the app.

    Raises:
        ClickException: The factory has no import of its parts, or no tuple with their settings.
    """
    before = read(root, FACTORY)
    after = add_line(before, imports(before, FACTORY, "app"), "clients")
    return Change(FACTORY, before, add_line(after, settings(after, FACTORY), "*clients.SETTINGS"))


def register_client(name: str, root: Path) -> Change:
    """Add the settings of a client to those of all clients.

    Raises:
        ClickException: The package has no import of its modules, or no tuple with their settings.
    """
    before = read(root, PACKAGE)
    after = add_line(before, imports(before, PACKAGE, "app.clients"), name)
    return Change(PACKAGE, before, add_line(after, settings(after, PACKAGE), f"*{name}.SETTINGS"))


def add_requirements(root: Path) -> Change:
    """Declare the libraries that clients and their tests need.

    Raises:
        ClickException: A list of dependencies has not one library a line.
    """
    before = after = read(root, PYPROJECT)
    for key, requirements in REQUIREMENTS.items():
        for requirement in requirements:
            if distribution(requirement) not in declared(after, key):
                after = _add_requirement(after, key, requirement)
    return Change(PYPROJECT, before, after)


def declared(text: str, key: str) -> set[str]:
    """Return the libraries in a list of a pyproject.toml."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClickException(f"{PYPROJECT} cannot be parsed: {error}.") from None
    table = document.get("project" if key == "dependencies" else "dependency-groups", {})
    return {distribution(line) for line in table.get(key, ()) if isinstance(line, str)}


def _add_requirement(text: str, key: str, requirement: str) -> str:
    name, added = distribution(requirement), text
    if found := re.search(rf"^{key} = \[\n((?:.*\n)*?)\]", text, re.MULTILINE):
        place = found.end(1)
        for line in re.finditer(r'^ *"([^"]+)".*\n', found[1], re.MULTILINE):
            if distribution(line[1]) > name:
                place = found.start(1) + line.start()
                break
        added = f'{text[:place]}  "{requirement}",\n{text[place:]}'
    # A comma that the last line lacks, for example, is an error only here.
    if name not in declared(added, key):
        raise ClickException(f"{PYPROJECT} has no list `{key}` with one library a line.")
    return added


def document_settings(rows: tuple[tuple[str, str, str], ...], root: Path) -> Iterator[Change]:
    """Add settings to the end of the table of settings, if the service still has that document."""
    path = root / SETTINGS_DOCUMENT
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = "".join(
        f"| `{name}` | `{name}` | {default} | {text} |\n" for name, default, text in rows
    )
    if found := [*re.finditer(r"^\|.*\n", text, re.MULTILINE)]:
        place = found[-1].end()
        yield Change(SETTINGS_DOCUMENT, text, text[:place] + lines + text[place:])
