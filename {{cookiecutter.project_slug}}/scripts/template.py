"""Run the command line of the template at this service's commit; it is installed into FLASK_SERVICE_CACHE."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).parents[1]
BIN = "Scripts" if os.name == "nt" else "bin"
CACHES = {"win32": "~/AppData/Local", "darwin": "~/Library/Caches"}
# Git hooks and virtual environments set these for other programs than those started here.
FOREIGN = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "PYTHONHOME", "PYTHONPATH")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in FOREIGN}


def main(arguments: list[str]) -> int:
    """Run the console script in the folder of the service."""
    if not shutil.which("git"):
        sys.exit("git is not installed: install it first, the template is in git.")
    if arguments[:1] == ["link"] and len(arguments) < 3:
        sys.exit("Usage: python scripts/template.py link URL COMMIT [NAME=VALUE ...]")
    folder = installed(*(arguments[1:3] if arguments[:1] == ["link"] else read_link()))
    script = shutil.which("flask-service", path=folder / "environment" / BIN) or "flask-service"
    return subprocess.call([script, "--clone", folder / "template", *arguments], cwd=ROOT, env=ENVIRONMENT)


def read_link() -> tuple[str, str]:
    """Return the URL and the commit of the template in `.cruft.json`."""
    try:
        match json.loads((ROOT / ".cruft.json").read_text(encoding="utf-8")):
            case {"template": str(url), "commit": str(commit)}:
                return url, commit
    except FileNotFoundError:
        sys.exit("This service is not linked to its template: see docs/updating.md.")
    except (OSError, ValueError):
        pass
    sys.exit(".cruft.json is damaged: restore it from git.")


def installed(url: str, commit: str) -> Path:
    """Return the folder with the clone and the environment of a commit; make it if it is missing."""
    caches = os.environ.get("XDG_CACHE_HOME") or CACHES.get(sys.platform, "~/.cache")
    cache = Path(os.environ.get("FLASK_SERVICE_CACHE") or f"{caches}/flask-service").expanduser().absolute()
    key = hashlib.sha256(json.dumps([url, commit, sys.version, sys.base_prefix]).encode()).hexdigest()
    if not (pointer := cache / key[:16]).exists():
        sys.stderr.write(f"Installing the command line of the template into {cache}\n")
        cache.mkdir(parents=True, exist_ok=True)
        folder = Path(mkdtemp(prefix="template-", dir=cache))
        install(url, commit, folder)
        (folder / "pointer").write_text(folder.name, encoding="utf-8")
        (folder / "pointer").replace(pointer)  # in one step: another process may install the same
    return cache / pointer.read_text(encoding="utf-8")


def install(url: str, commit: str, folder: Path) -> None:
    """Clone the template and install its package, with uv or else with pip; leave nothing if that fails."""
    clone, environment = folder / "template", folder / "environment"
    git, failed = ["git", "-c", "core.autocrlf=false"], "The command line of the template cannot be installed"
    pip, bare = [environment / BIN / "python", "-m", "pip", "install", "--quiet", clone], []
    if shutil.which("uv"):
        pip, bare = ["uv", "--quiet", "pip", "install", "--python", environment, clone], ["--without-pip"]
    for sentence, command in (
        (f"The template at {url} cannot be reached", [*git, "clone", "--quiet", "--", url, clone]),
        (f"{url} does not have commit {commit}", [*git, "-C", clone, "checkout", "--quiet", commit, "--"]),
        (failed, [sys.executable, "-m", "venv", *bare, environment]),
        (failed, pip),
    ):
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            sys.exit(f"{sentence}: {(done.stderr + done.stdout).strip().splitlines()[-1]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
