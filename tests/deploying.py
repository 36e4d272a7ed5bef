"""The commands and settings in docs/deploying.md of a project."""

import re

from tests.baking import BakedProject

DOCUMENT = "docs/deploying.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(project: BakedProject, language: str) -> list[str]:
    """Return the blocks of code in a language."""
    found = [text for name, text in BLOCK.findall(project.read(DOCUMENT)) if name == language]
    assert found, f"{DOCUMENT} has no block of {language}"
    return found


def commands(project: BakedProject) -> list[str]:
    """Return the lines of the blocks that are to be typed."""
    return [line for block in blocks(project, "console") for line in block.splitlines()]


def setting(project: BakedProject, name: str) -> str:
    """Return the line that sets a variable."""
    lines = [line for block in blocks(project, "ini") for line in block.splitlines()]
    (line,) = [line for line in lines if line.partition("=")[0].endswith(name)]
    return line


def behind_pgbouncer(project: BakedProject) -> dict[str, str]:
    """Return the settings that it names for PgBouncer."""
    names = ("prepare_threshold", "DATABASE_SESSION_TIMEOUTS")
    return dict(setting(project, name).split("=") for name in names)
