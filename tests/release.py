"""The newest release in CHANGELOG.md: `python -m tests.release version` or `... notes`.

The workflow that tags releases calls it. It needs nothing but the standard library.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
RELEASE = re.compile(
    r"^## \[(?P<version>\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}\n(?P<notes>.*?)(?=^## |^\[|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Release(NamedTuple):
    """A version and what changed in it."""

    version: str
    notes: str


def newest(changelog: str) -> Release:
    """Return the first release of a changelog."""
    match = RELEASE.search(changelog)
    if not match:
        sys.exit("CHANGELOG.md has no heading like `## [1.2.3] - 2026-01-31`.")
    return Release(match["version"], match["notes"].strip())


if __name__ == "__main__":
    print(getattr(newest(CHANGELOG.read_text("utf-8")), sys.argv[1]))
