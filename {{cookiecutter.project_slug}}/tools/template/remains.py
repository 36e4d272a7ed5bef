"""What an update may leave behind: rejected parts, conflicts, answers that are not what the files are."""

import os
from collections.abc import Iterator
from pathlib import Path

from tools.template.link import LINK, ROOT, answers_of, read_link

NOT_OURS = {".git", ".venv", "__pycache__", "instance", "node_modules"}
REJECTED = {".rej", ".orig"}
# answer: the file that only this answer brings, and what must be written in it.
TELLTALES = {
    ("auth", "jwt"): ("app/security/jwt.py", ""),
    ("auth", "session"): ("app/security/session.py", ""),
    ("admin", True): ("app/admin/__init__.py", ""),
    ("database", "postgresql"): ("pyproject.toml", '"psycopg[binary]'),
    ("database", "mysql"): ("pyproject.toml", '"pymysql[rsa]'),
    ("docker", True): ("tools/make_docker_env.py", ""),
    ("ci", "github"): (".github/workflows/ci.yml", "# What every pull request and every push"),
    ("ci", "gitlab"): (".gitlab-ci.yml", "# What every merge request and every push"),
}


def findings() -> Iterator[str]:
    """Yield a sentence for everything that is to be put right by hand."""
    for path in _files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in REJECTED:
            yield f"{name} holds what could not be applied: put it in by hand and delete {name}."
        elif _has_conflict(path.read_bytes()):
            yield f"{name} has a conflict: choose between <<<<<<< and >>>>>>>, then run git add {name}."
    if LINK.exists():
        yield from _contradictions(answers_of(read_link()))


def _files() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        paths = (Path(folder) / name for name in sorted(names))
        yield from (path for path in paths if path.is_file())


def _has_conflict(content: bytes) -> bool:
    lines = b"\n" + content
    return b"\n<<<<<<< " in lines and b"\n>>>>>>> " in lines


def _contradictions(answers: dict[str, object]) -> Iterator[str]:
    for (name, choice), (file, words) in TELLTALES.items():
        path = ROOT / file
        there = path.exists() and words in path.read_text(encoding="utf-8")
        if name in answers and there != (answers[name] == choice):
            what = f"{words} in {file}" if words else file
            state = "there" if there else "missing"
            yield (
                f".cruft.json says {name}={str(answers[name]).lower()}, but {what} is {state}: "
                "take the last commit back, and change answers by make template-set only."
            )
