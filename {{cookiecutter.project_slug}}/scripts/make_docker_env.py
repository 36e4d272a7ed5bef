"""Write `docker/*.env`, which containers get, from their examples; existing files stay as they are."""

import os
import re
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docker"


def main() -> None:
    """Write all files or none: they share the password of the database."""
    examples = sorted(FOLDER.glob("*.env.example"))
    missing = [example for example in examples if not example.with_suffix("").exists()]
    if 0 < len(missing) < len(examples):
        sys.exit(f"docker/{missing[0].stem} is missing: restore it, or delete the others and the data.")
    password = fresh_secret()
    for example in missing:
        filled = example.read_text(encoding="utf-8").replace("<password>", password)
        write(example.with_suffix(""), re.sub("<secret>", lambda _: fresh_secret(), filled))


def fresh_secret() -> str:
    """Return a random secret, of characters that need no quoting anywhere."""
    return secrets.token_hex(32)


def write(path: Path, text: str) -> None:
    """Create a file so that only its owner can read it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
