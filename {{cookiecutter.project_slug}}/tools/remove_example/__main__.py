"""Take the example out of this service, all of it or nothing."""

import shutil
import sys
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
    """Plan everything, refuse what cannot be done, and only then write."""
    clean_tree(ROOT)
    if not (ROOT / MODEL).exists():
        raise RefusedError(f"The example is gone already: delete {TOOL} and what README.md says about it.")
    files = FILES if has_accounts(ROOT) else FILES + OPEN_FILES
    texts = edited(ROOT) | dict([next_revision(ROOT)])
    texts[PYPROJECT] = skipped(texts.get(PYPROJECT) or (ROOT / PYPROJECT).read_text("utf-8"), [*files, TOOL])
    still_using({name: texts.get(name) or (ROOT / name).read_text("utf-8") for name in tracked(ROOT, files)})
    for name in files:
        (ROOT / name).unlink(missing_ok=True)
    for name, text in texts.items():
        (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
    shutil.rmtree(ROOT / TOOL)
    sys.stdout.write(f"{DONE}\n")


if __name__ == "__main__":
    try:
        main()
    except RefusedError as sentence:
        sys.exit(str(sentence))
