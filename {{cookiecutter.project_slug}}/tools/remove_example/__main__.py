"""Take the example out of this service, all of it or nothing."""

import shutil
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from tools.remove_example.edits import edited
from tools.remove_example.example import FILES, MODEL, OPEN_FILES, TOOL
from tools.remove_example.revision import next_revision
from tools.remove_example.state import RefusedError, clean_tree, has_accounts, tracked
from tools.remove_example.updates import PYPROJECT, skipped
from tools.remove_example.users import still_using

ROOT = Path(__file__).parents[2]
DONE = "The example is gone. Now make check, make test and flask db upgrade, then commit."


def main() -> None:
    """Plan everything, refuse what cannot be done, and only then write.

    Raises:
        RefusedError: Nothing was written.
    """
    clean_tree(ROOT)
    if not (ROOT / MODEL).exists():
        raise RefusedError(f"The example is gone already: delete {TOOL} and what README.md says about it.")
    files = FILES if has_accounts(ROOT) else FILES + OPEN_FILES
    write(files, planned(files))
    sys.stdout.write(f"{DONE}\n")


def planned(files: Collection[str]) -> dict[str, str]:
    """Return the texts of new and changed files; nobody's work may need those that go."""
    revision, source = next_revision(ROOT)
    settings = skipped(read(PYPROJECT), [*files, TOOL])
    texts = {**edited(ROOT), revision: source, PYPROJECT: settings}
    still_using({name: texts.get(name) or read(name) for name in tracked(ROOT) if name not in files})
    return texts


def write(files: Iterable[str], texts: Mapping[str, str]) -> None:
    """Delete files, write others, and leave nothing of this tool."""
    for name in files:
        (ROOT / name).unlink(missing_ok=True)
    for name, text in texts.items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.rmtree(ROOT / TOOL)


def read(name: str) -> str:
    """Return the text of a file."""
    return (ROOT / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except RefusedError as sentence:
        sys.exit(str(sentence))
