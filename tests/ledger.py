"""Remember what passed, by the content of all that it depended on."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_service_extensions.rendering import ROOT

# Not in git, and the same for all worktrees that share an environment: keys are contents.
FOLDER = ROOT / ".venv" / "ledger"


def digest(*parts: object) -> str:
    """Return a digest of bytes, texts and whatever JSON can hold."""
    result = sha256()
    for part in parts:
        encoded = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        result.update(f"{len(encoded)}:".encode() + encoded)
    return result.hexdigest()


class Ledger:
    """A folder of passes, a file each; failures are never written."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Take the folder, which need not exist."""
        self.folder = folder

    def knows(self, key: str) -> bool:
        """Return whether something with this key passed."""
        return (self.folder / key).exists()

    def load(self, key: str) -> Any:
        """Return what was written down with a pass, None where there was none."""
        try:
            return json.loads((self.folder / key).read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def remember(self, key: str, details: object = None) -> None:
        """Write a pass down, complete or not at all: other processes read at the same time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"{key}.{platform.node()}.{id(details)}"
        unfinished.write_text(json.dumps(details), "utf-8")
        unfinished.replace(self.folder / key)

    def forget(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def installed() -> str:
    """Return a digest of the tools: interpreters, and the versions of all libraries."""
    environments = [
        path
        for folder in (".venv", ".venv/service")
        for path in sorted((ROOT / folder).glob("lib/*/site-packages/*.dist-info"))
    ]
    git = subprocess.run(["git", "--version"], cwd="/", capture_output=True, text=True, check=False)
    return digest(
        sys.version, platform.platform(), git.stdout, [path.name for path in environments]
    )


@cache
def head() -> str:
    """Return the commit that is checked out."""
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True).stdout


@cache
def repository() -> Mapping[str, str]:
    """Return digests of what git would commit, as it was when this was first asked for."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return {
        name: digest((ROOT / name).read_bytes())
        for name in sorted(filter(None, listing.split("\0")))
        if (ROOT / name).is_file()
    }
