"""Three-way merges by git: the old and the new rendering, and the service's own commit.

The merge is made in a scratch repository without settings, attributes and hooks of the user, which
writes its objects into those of the service. Only its result reaches the service, in one step.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from flask_service_cli import link, merge_lists
from flask_service_cli.exceptions import UsageError
from flask_service_cli.git import Git, GitError, isolated

# In this repository, files are what they are: no line ends are converted, no filters run.
ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n"
MERGE_SETTINGS = (
    "merge.renames=true",
    "merge.directoryRenames=true",
    "merge.renameLimit=10000",
    "rerere.enabled=false",
)
CONFLICT_STYLES = {"merge", "diff3", "zdiff3"}
NO_OBJECT = "0" * 40


class Entry(NamedTuple):
    """A version of an unmerged file: stage 1 is the old rendering, 2 the service, 3 the new one."""

    mode: str
    object_id: str
    stage: int
    path: str


class Merge:
    """What changed between two renderings, merged into a service; only `apply` writes there."""

    def __init__(self, service: Git, scratch: Path) -> None:
        """Make the scratch repository."""
        self.service = service
        self.folder = scratch / "merge"
        self.folder.mkdir()
        objects = Path(service("rev-parse", "--git-path", "objects"))
        self.git = isolated(
            self.folder, GIT_OBJECT_DIRECTORY=str((service.folder / objects).resolve())
        )
        hashes = service("rev-parse", "--show-object-format")
        self.git("init", "--quiet", "--template=", f"--object-format={hashes}")
        info = self.folder / ".git" / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_text(ATTRIBUTES, encoding="utf-8")
        self.ours = service("rev-parse", "HEAD:./")
        self.unmerged: list[Entry] = []
        self.kept_deleted: list[str] = []

    def merge(self, old: Path, new: Path, label: str) -> None:
        """Apply what changed between two folders to the files of the service."""
        skip = link.skipped(self.service.folder)
        base = self.commit(self.write_tree(old, skip), "old")
        theirs = self.commit(self.write_tree(new, skip), label, "-p", base)
        self.git("checkout", "--quiet", "--detach", self.commit(self.ours, "service"))
        done = self.git.call(*self.settings(), "cherry-pick", "--no-commit", theirs)
        entries = list(self.entries())
        if done.returncode and not entries:
            raise UsageError(f"git cannot merge this: {os.fsdecode(done.stderr).strip()}")
        self.unmerged = list(self.without_merged_lists(self.without_deleted(entries)))

    def settings(self) -> Iterator[str]:
        """Yield how to merge; of the user's settings only how conflicts look."""
        style = os.fsdecode(self.service.call("config", "merge.conflictStyle").stdout).strip()
        chosen = [f"merge.conflictStyle={style}"] if style in CONFLICT_STYLES else []
        for setting in (*MERGE_SETTINGS, *chosen):
            yield from ("-c", setting)

    def commit(self, tree: str, message: str, *options: str) -> str:
        """Write a commit that no branch knows."""
        return self.git("commit-tree", tree, "-m", message, *options)

    def write_tree(self, folder: Path, skip: list[str]) -> str:
        """Write the files of a folder, byte by byte, as a tree."""
        files = {name: path for name, path in walk(folder) if not link.is_skipped(name, skip)}
        words = ("hash-object", "-w", "--no-filters", "--stdin-paths")
        paths = "".join(f"{path}\n" for path in files.values())
        ids = self.git(*words, data=os.fsencode(paths)).splitlines()
        lines = [
            f"{'100755' if os.access(path, os.X_OK) else '100644'} {object_id}\t{name}\0"
            for (name, path), object_id in zip(files.items(), ids, strict=True)
        ]
        self.git("update-index", "-z", "--index-info", data=os.fsencode("".join(lines)))
        tree = self.git("write-tree")
        self.git("read-tree", "--empty")
        return tree

    def entries(self) -> Iterator[Entry]:
        """Yield what git could not merge."""
        for line in self.git.names("ls-files", "--unmerged", "-z"):
            kind, _, path = line.partition("\t")
            mode, object_id, stage = kind.split()
            yield Entry(mode, object_id, int(stage), path)

    def without_deleted(self, entries: list[Entry]) -> Iterator[Entry]:
        """Keep deleted what the team deleted, and yield the other conflicts."""
        stages: dict[str, set[int]] = {}
        for entry in entries:
            stages.setdefault(entry.path, set()).add(entry.stage)
        self.kept_deleted = [path for path, found in stages.items() if found == {1, 3}]
        for path in self.kept_deleted:
            self.git("rm", "--quiet", "--force", "--ignore-unmatch", "--", f":(literal){path}")
        yield from (entry for entry in entries if entry.path not in self.kept_deleted)

    def without_merged_lists(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Merge lists whose entries both sides changed, and yield the other conflicts."""
        by_path: dict[str, list[Entry]] = {}
        for entry in entries:
            by_path.setdefault(entry.path, []).append(entry)
        for path, stages in by_path.items():
            if path not in merge_lists.FILES or len(stages) != 3 or not self.merge_list(path):
                yield from stages

    def merge_list(self, path: str) -> bool:
        """Merge the lists in a file and return whether no conflict is left."""
        file = self.folder / path
        before = file.read_bytes()
        self.git("checkout", "--quiet", "--conflict=diff3", "--", path)
        merged = merge_lists.merge_lists(file.read_bytes())
        file.write_bytes(before if merged is None else merged)
        if merged is not None:
            self.git("add", "--", path)
        return merged is not None

    def result(self) -> str:
        """Return the tree of the merged files, with the marks of conflicts in them."""
        for path in {entry.path for entry in self.unmerged}:
            self.git("rm", "--quiet", "--cached", "--", f":(literal){path}")
        added = "\0".join(self.git.names("ls-files", "--others", "-z"))
        self.git("update-index", "--add", "-z", "--stdin", data=os.fsencode(added))
        return self.git("write-tree")

    def apply(self) -> bool:
        """Bring the result into the service's files and index; return whether it changes anything.

        Raises:
            UsageError: An ignored file is in the way, or git refuses; nothing was changed.
        """
        tree = self.result()
        if tree == self.ours:
            return False
        prefix = self.service("rev-parse", "--show-prefix")
        self.require_free_paths(tree)
        top = Git(self.service.folder / self.service("rev-parse", "--show-cdup"))
        try:
            top("read-tree", "-m", "-u", "HEAD", self.whole_tree(top, prefix, tree))
        except GitError as reason:
            raise UsageError(f"The update cannot be written: {reason}") from None
        lines = [f"0 {NO_OBJECT}\t{prefix}{entry.path}\0" for entry in self.unmerged]
        lines += [f"{e.mode} {e.object_id} {e.stage}\t{prefix}{e.path}\0" for e in self.unmerged]
        top("update-index", "-z", "--index-info", data=os.fsencode("".join(lines)))
        return True

    def whole_tree(self, top: Git, prefix: str, tree: str) -> str:
        """Return the tree of the whole repository, in which the service may be one folder."""
        if not prefix:
            return tree
        index = Git(top.folder, {"GIT_INDEX_FILE": str(self.folder / ".git" / "whole")})
        index("read-tree", "HEAD")
        index("rm", "--quiet", "-r", "--cached", "--", f":(literal){prefix}")
        index("read-tree", f"--prefix={prefix}", tree)
        return index("write-tree")

    def require_free_paths(self, tree: str) -> None:
        """Refuse to overwrite what git does not know or does not look at."""
        changed = self.git.names("diff-tree", "-r", "-z", "--name-only", self.ours, tree)
        hidden = {
            line[2:] for line in self.service.names("ls-files", "-v", "-z") if is_hidden(line)
        }
        known = set(self.service.names("ls-files", "-z")) - hidden
        for name in changed:
            for place in (name, *parents(name)):
                path = self.service.folder / place
                if place not in known and (path.is_file() or path.is_symlink()):
                    raise UsageError(
                        f"{place} is in the way: it is not committed, move it and repeat this."
                    )


def is_hidden(line: str) -> bool:
    """Return whether a file is marked as assume-unchanged or skip-worktree."""
    return line[0] == "S" or line[0].islower()


def parents(name: str) -> list[str]:
    """Return the folders around a file."""
    words = name.split("/")
    return ["/".join(words[:count]) for count in range(1, len(words))]


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a rendering by name, but not the repository that its hook started."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".git/"):
            yield name, path


def conflicts(entries: Iterable[Entry], read: Callable[[str], bytes]) -> Iterator[str]:
    """Yield a sentence for each unmerged file."""
    stages: dict[str, set[int]] = {}
    for entry in entries:
        stages.setdefault(entry.path, set()).add(entry.stage)
    for path, found in sorted(stages.items()):
        if found == {1, 2}:
            yield f"{path} is deleted in the template and changed here: git rm or git add it."
        elif has_marks(read(path)):
            yield f"{path} has a conflict: edit it between <<<<<<< and >>>>>>>, then git add it."
        else:
            yield (
                f"{path} is changed on both sides and cannot be merged: choose by "
                f"git checkout --ours or --theirs, then git add it."
            )


def has_marks(content: bytes) -> bool:
    """Return whether git wrote the marks of a conflict."""
    lines = b"\n" + content
    return b"\n<<<<<<< " in lines and b"\n>>>>>>> " in lines
