"""Run git in three places: the service, the template, and scratch repositories."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask_service_cli.exceptions import UsageError

# What a hook that started this process tells git about its own repository.
LOCAL_VARIABLES = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
}
# Starting a command in a folder means trusting it, also if another user owns it.
SETTINGS = (
    "safe.directory=*",
    f"core.hooksPath={os.devnull}",
    "core.fsmonitor=false",
    "core.quotePath=false",
)
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "flask-service"), ("EMAIL", "flask-service@localhost"))
}


class GitError(UsageError):
    """Git failed; the message is the reason that it printed."""


class Git:
    """Git in one folder, with some environment variables."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None) -> None:
        """Keep what every call needs."""
        self.folder = folder
        kept = {name: text for name, text in os.environ.items() if name not in LOCAL_VARIABLES}
        self.variables = {**kept, "LC_ALL": "C", **IDENTITY, **(variables or {})}

    def call(self, *words: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run git and return what came of it."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        command = ["git", *settings, *map(str, words)]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.variables,
            input=data,
            capture_output=True,
            check=False,
        )

    def raw(self, *words: str | Path, data: bytes = b"") -> bytes:
        """Run git and return what it printed.

        Raises:
            GitError: It failed.
        """
        done = self.call(*words, data=data)
        if done.returncode:
            lines = os.fsdecode(done.stderr or done.stdout).strip().splitlines()
            fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
            raise GitError([f"git {words[0]} failed", *lines[-1:], *fatal[:1]][-1])
        return done.stdout

    def __call__(self, *words: str | Path, data: bytes = b"") -> str:
        """Run git and return what it printed, without the line break at its end."""
        return os.fsdecode(self.raw(*words, data=data)).removesuffix("\n")

    def names(self, *words: str | Path) -> list[str]:
        """Run git and split what it printed at zero bytes: names may contain line breaks."""
        return [name for name in os.fsdecode(self.raw(*words)).split("\0") if name]

    def succeeds(self, *words: str | Path) -> bool:
        """Return whether git succeeds."""
        return self.call(*words).returncode == 0


def isolated(folder: Path, **variables: str) -> Git:
    """Return git without the settings and attributes of the user and of the machine."""
    git = Git(folder)
    home = {name: str(folder) for name in ("HOME", "XDG_CONFIG_HOME", "USERPROFILE")}
    clean = {name: text for name, text in git.variables.items() if not name.startswith("GIT_")}
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        # Equal files make equal commits, whose names are in the marks of conflicts.
        "GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z",
        "GIT_COMMITTER_DATE": "2000-01-01T00:00:00Z",
    }
    git.variables = {**clean, **home, **settings, **IDENTITY, **variables}
    return git


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a temporary folder; git writes files that Windows does not delete at once."""
    return tempfile.TemporaryDirectory(prefix="flask-service-", ignore_cleanup_errors=True)


def clean_repository(root: Path) -> Git:
    """Return git in a service of which everything is committed.

    Raises:
        UsageError: There is no git or no repository, or there are changes that are not committed.
    """
    if not shutil.which("git"):
        raise UsageError("git is not installed: install it first, it merges and it can undo.")
    git = Git(root)
    try:
        changes = git.names("status", "--porcelain", "-z", "--untracked-files=all")
        git("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except GitError:
        raise UsageError(
            "This service is in no git repository: run git init and commit everything."
        ) from None
    if changes:
        raise UsageError("There are uncommitted changes: commit them first, and git can undo this.")
    return git
