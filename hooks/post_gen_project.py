"""Delete the files of features that were not chosen, link the service, start its repository."""

import json
import os
import shutil
import subprocess
from pathlib import Path

UNCHOSEN = json.loads(r"""{{ cookiecutter | unchosen_paths | tojson }}""")
(LINK,) = json.loads(r"""[{{ cookiecutter | template_link | tojson }}]""")
KEPT = Path(".kept-by-cookiecutter")


def delete_unchosen() -> None:
    """Delete what this run rendered, then move back what was there before it."""
    for path in filter(Path.exists, map(Path, UNCHOSEN)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if KEPT.exists():
        shutil.copytree(KEPT, ".", symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(KEPT)


def write_link() -> None:
    """Record the template in the format of cruft, for updates."""
    if LINK and not Path(".cruft.json").exists():
        Path(".cruft.json").write_text(LINK, encoding="utf-8", newline="\n")


def start_repository() -> None:
    """Run `git init` where git exists, unless the project lies inside a repository already."""
    folder = Path.cwd()
    inside = any((place / ".git").exists() for place in (folder, *folder.parents))
    if not inside and shutil.which("git"):
        # With GIT_DIR set, as in git hooks, git would change another repository.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        # `git init --initial-branch` needs git 2.28.
        for command in (["init", "--quiet"], ["symbolic-ref", "HEAD", "refs/heads/main"]):
            subprocess.run(["git", *command], env=environment, check=False)


def print_next_commands(slug: str) -> None:
    """Print the shortest way to a running service."""
    print(f"\nYour service is in {slug}. Next:\n\n  cd {slug}\n  make setup\n  make run\n")
    if not LINK:
        print("It is not linked to a commit of its template: see docs/updating.md for updates.\n")


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    delete_unchosen()
    write_link()
    start_repository()
    if "COOKIECUTTER_QUIET" not in os.environ:  # an update renders the project for comparison
        print_next_commands(ANSWERS["project_slug"])
