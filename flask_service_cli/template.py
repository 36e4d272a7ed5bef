"""The template: a clone of its repository, its releases, and its files at a commit."""

import io
import re
import tarfile
from pathlib import Path

from flask_service_cli.exceptions import UsageError
from flask_service_cli.git import Git, GitError, isolated

RELEASE = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
# Kept apart from the clone's own references.
REFERENCES = "refs/template"
FETCHED = (
    f"+HEAD:{REFERENCES}/HEAD",
    f"+refs/heads/*:{REFERENCES}/heads/*",
    f"+refs/tags/*:{REFERENCES}/tags/*",
)


class Template:
    """A clone of the template."""

    def __init__(self, url: str, clone: Path) -> None:
        """Take a clone that is there."""
        self.url = url
        self.git = isolated(clone)

    @classmethod
    def clone(cls, url: str, folder: Path) -> "Template":
        """Clone the template.

        Raises:
            UsageError: It cannot be reached.
        """
        folder.mkdir()
        try:
            Git(folder)("clone", "--quiet", "--no-checkout", "--", url, ".")
        except GitError as reason:
            raise UsageError(f"The template at {url} cannot be reached: {reason}") from None
        return cls(url, folder)

    def fetch(self) -> None:
        """Get what is new, with the user's own settings for the network.

        Raises:
            UsageError: The template cannot be reached.
        """
        options = ("--quiet", "--prune", "--no-tags", "--force", "--no-auto-maintenance")
        try:
            Git(self.git.folder)("fetch", *options, "--", self.url, *FETCHED)
        except GitError as reason:
            raise UsageError(f"The template at {self.url} cannot be reached: {reason}") from None

    def commit_of(self, name: str) -> str:
        """Return the commit that a branch, tag or commit names.

        Raises:
            UsageError: There is none.
        """
        for reference in (name, f"{REFERENCES}/heads/{name}", f"{REFERENCES}/tags/{name}"):
            words = ("rev-parse", "--verify", "--quiet", "--end-of-options")
            done = self.git.call(*words, f"{reference}^{{commit}}")
            if done.returncode == 0:
                return done.stdout.decode().strip()
        raise UsageError(f"The template at {self.url} does not have commit {name}.")

    def newest(self, commit: str, branch: str | None, *, head: bool) -> str:
        """Return the commit to update to: of the newest release, or the head of the branch.

        A service that is newer than the newest release stays as it is.
        """
        tags = self.git("for-each-ref", "--format=%(refname:lstrip=3)", f"{REFERENCES}/tags")
        releases = [name for name in tags.splitlines() if RELEASE.fullmatch(name)]
        if head or not releases:
            own = branch and self.git.succeeds("rev-parse", f"{REFERENCES}/heads/{branch}")
            return self.commit_of(f"{REFERENCES}/{f'heads/{branch}' if own else 'HEAD'}")
        release = self.commit_of(f"{REFERENCES}/tags/{max(releases, key=version)}")
        is_newer = self.git.succeeds("merge-base", "--is-ancestor", release, commit)
        return commit if is_newer else release

    def export(self, commit: str, folder: Path) -> Path:
        """Write the files of a commit into a folder that is no repository."""
        archive = self.git.raw("archive", "--format=tar", commit)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        return folder


def version(name: str) -> tuple[int, ...]:
    """Return the numbers of a release's tag."""
    match = RELEASE.fullmatch(name)
    return tuple(map(int, match.groups())) if match else ()
