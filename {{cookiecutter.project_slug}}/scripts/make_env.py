"""Write `.env` for local work: `.env.example` with fresh secrets; an existing file stays as it is."""

import os
import re
import secrets
from pathlib import Path

ROOT = Path(__file__).parent.parent
EMPTY_SECRET = re.compile(r"^(\w*SECRET_KEY)=$", re.MULTILINE)


def main() -> None:
    """Create the file so that only its owner can read it."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    filled = EMPTY_SECRET.sub(lambda match: f"{match[1]}={secrets.token_hex(32)}", example)
    try:
        descriptor = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(filled)


if __name__ == "__main__":
    main()
