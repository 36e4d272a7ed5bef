"""What an update may leave behind: rejected parts, conflicts, answers that are not what the files are."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from tools.template.link import LINK, ROOT, answers_of, git, read_link

SETTINGS = "pyproject.toml"
NOT_OURS = {".git", ".venv", "__pycache__", "instance", "node_modules"}
REJECTED = {".rej", ".orig"}
# answer: the file that only this answer brings, and what must be written in it.
TELLTALES = {
    ("auth", "jwt"): ("app/security/jwt.py", ""),
    ("auth", "session"): ("app/security/session.py", ""),
    ("admin", True): ("app/admin/__init__.py", ""),
    ("database", "postgresql"): (SETTINGS, "psycopg"),
    ("database", "mysql"): (SETTINGS, "pymysql"),
    ("docker", True): ("tools/make_docker_env.py", ""),
    ("ci", "github"): (".github/workflows/ci.yml", "# Checks of every pull request"),
    ("ci", "gitlab"): (".gitlab-ci.yml", "# Checks of every merge request"),
}
# A team may do without the containers and the pipeline that were delivered, or write its own.
MAY_BE_MISSING = {"ci", "docker"}
# It may need a second driver.
MAY_BE_THERE = {"database"}


def findings() -> Iterator[str]:
    """Yield a sentence for everything that is to be put right by hand."""
    for path in _files():
        content, name = _content(path), path.relative_to(ROOT).as_posix()
        if content is None:
            continue
        if path.suffix in REJECTED:
            yield f"{name} holds what could not be applied: put it in by hand and delete {name}."
        elif _has_conflict(content):
            yield f"{name} has a conflict: choose between <<<<<<< and >>>>>>>, then run git add {name}."
    if LINK.exists():
        yield from _contradictions(answers_of(read_link()))


def _files() -> Iterator[Path]:
    """Yield what git has or would take, or everything where there is no repository.

    Only the service's own `.gitignore` counts: a person's may hide what was rejected.
    """
    rules = ("ls-files", "-z", "--cached", "--others", "--exclude-per-directory=.gitignore")
    listed = git(ROOT, *rules) if shutil.which("git") else None
    if listed is None or listed.returncode:
        yield from _walk()
    else:
        yield from (ROOT / name for name in sorted(set(listed.stdout.split("\0"))))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        yield from (Path(folder) / name for name in sorted(names))


def _content(path: Path) -> bytes | None:
    """Read a file; nothing if it is none, is gone or may not be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _has_conflict(content: bytes) -> bool:
    lines = b"\n" + content
    return b"\n<<<<<<< " in lines and b"\n>>>>>>> " in lines


def _contradictions(answers: dict[str, object]) -> Iterator[str]:
    skip = _skip()
    for (name, choice), (file, words) in TELLTALES.items():
        if name not in answers or _is_skipped(file, skip):
            continue
        content = _content(ROOT / file)
        there = content is not None and words.lower().encode() in content.lower()
        if there != (answers[name] == choice) and name not in (MAY_BE_THERE if there else MAY_BE_MISSING):
            what = f"{words} in {file}" if words else file
            yield (
                f".cruft.json says {name}={str(answers[name]).lower()}, but {what} is "
                f"{'there' if there else 'missing'}: put the answer back as it was and change it by "
                f"make template-set, or, if {_way_out(file)}."
            )


def _way_out(file: str) -> str:
    if file == SETTINGS:
        return "the answer is right, add it again"
    return f"the files are right, list {file} in skip of [tool.cruft] in {SETTINGS}"


def _is_skipped(file: str, skip: list[str]) -> bool:
    """Tell whether updates leave a file alone, or a folder that it is in."""
    places = [file, *map(str, PurePosixPath(file).parents)]
    return any(fnmatch(place, pattern.rstrip("/")) for place in places for pattern in skip)


def _skip() -> list[str]:
    """Return what updates leave alone; nothing while the settings have a conflict."""
    try:
        settings = tomllib.loads((_content(ROOT / SETTINGS) or b"").decode())
    except ValueError:
        return []
    return settings.get("tool", {}).get("cruft", {}).get("skip", [])
