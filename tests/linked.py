"""Services that are linked by cruft to a template in git: make, commit, update and switch them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import cruft

from flask_service_extensions.rendering import ROOT
from tests.baking import BakedProject, clean_environment, copy_template

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")


def git(folder: Path, *words: str) -> str:
    """Run git as somebody, and return what it printed."""
    done = subprocess.run(
        ["git", *IDENTITY, *words],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commit(folder: Path, message: str = "Change it") -> str:
    """Commit everything and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


def template_in_git(folder: Path) -> Path:
    """Put a copy of the template under version control, as its users reach it."""
    git(copy_template(folder), "init", "--quiet", "--initial-branch=main")
    commit(folder, "The template")
    return folder


class LinkedProject(BakedProject):
    """A service with its `.cruft.json`, in a repository of its own."""

    def tool(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the project's own tool, which finds cruft where it would have installed it."""
        return self.attempt(sys.executable, "-m", "tools.template", *words, **variables)

    def tracked(self) -> dict[str, bytes]:
        """Return what git would commit, by name."""
        git(self.path, "add", "--all")
        names = git(self.path, "ls-files", "-z").split("\0")
        return {name: (self.path / name).read_bytes() for name in names if name}

    def commit(self) -> str:
        """Commit everything."""
        return commit(self.path)

    def committed(self, name: str) -> bytes:
        """Return a file as it was committed last."""
        return git(self.path, "show", f"HEAD:{name}").encode()


def create(template: Path, folder: Path, **answers: Any) -> LinkedProject:
    """Generate a service by cruft and commit it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = cruft.create(
        str(template),
        output_dir=folder,
        extra_context={"project_slug": "bakery", **answers},
        default_config=True,
    )
    return linked(Path(path), answers)


def linked(path: Path, answers: dict[str, Any]) -> LinkedProject:
    """Take a folder for a service, with cruft at hand: no test installs it again."""
    (path / ".venv").mkdir()
    (path / ".venv" / "cruft-2").symlink_to(ROOT / ".venv")
    commit(path, "The service")
    return LinkedProject(path, answers)
