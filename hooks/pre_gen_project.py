"""Move files that were here before out of the way of the paths that will be deleted."""

import json
import sys
from pathlib import Path

UNCHOSEN = json.loads(r"""{{ cookiecutter | unchosen_paths | tojson }}""")
KEPT = Path(".kept-by-cookiecutter")


def keep_own_files() -> None:
    """Move what lies at a path that the post-generation hook deletes; it is moved back there."""
    if KEPT.exists():
        sys.exit(f"{KEPT} has files of an interrupted run: move them back, then delete it.")
    for path in filter(Path.exists, map(Path, UNCHOSEN)):
        (KEPT / path).parent.mkdir(parents=True, exist_ok=True)
        path.rename(KEPT / path)


if __name__ == "__main__":
    keep_own_files()
