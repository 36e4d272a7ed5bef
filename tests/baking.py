"""Bake projects and speak about them in the language of the tests."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from pytest_cookies.plugin import Cookies

from flask_service_extensions.rendering import CONTEXT, ROOT

Bake = Callable[..., "BakedProject"]

# Folders that tools make beside what the template wrote.
TOOL_FOLDERS = {
    ".git",
    ".venv",
    "__pycache__",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    "instance",
}
# Documents, pipelines and containers: what a team may delete without a red test.
NOT_CODE = (
    "*.md",
    "docs/*",
    "LICENSE",
    ".git*",
    ".editorconfig",
    ".pre-commit-config.yaml",
    "renovate.json",
    "Dockerfile",
    ".dockerignore",
    "compose*.yaml",
    "docker/*",
)
# Tests of a service that look at all routes.
ROUTE_TESTS = (
    "tests/api/test_docs.py",
    "tests/security/test_guard.py",
    "tests/admin/test_access.py",
    "tests/pages/test_access.py",
)
# What the environment of the running test would tell a project about itself.
OWN_VARIABLES = (
    "APP_",
    "ARGS",
    "CORS_",
    "COV_",
    "DATABASE_",
    "FLASK_",
    "JWT_",
    "MAKE",
    "MFLAGS",
    "PYTEST",
    "PYTHON",
)
OWN_VARIABLES += ("RATELIMIT_", "SECRET_", "TEST_", "TRUSTED_", "VIRTUAL_ENV", "LOG_LEVEL")


def clean_environment(**variables: str) -> dict[str, str]:
    """Return this process' environment without what would change a project's behaviour."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)}
    return kept | variables


@dataclass(frozen=True)
class BakedProject:
    """A generated project on disk."""

    path: Path
    answers: Mapping[str, Any]

    def files(self, pattern: str = "*") -> list[Path]:
        """Return the files that the template wrote and whose path ends like the pattern."""
        return [path for path in self.everything() if path.is_file() and path.match(pattern)]

    def everything(self) -> list[Path]:
        """Return files and folders without those that tools make."""
        paths = sorted(self.path.rglob("*"))
        return [
            path
            for path in paths
            if not TOOL_FOLDERS.intersection(path.relative_to(self.path).parts)
        ]

    def read(self, name: str) -> str:
        """Return the text of one file."""
        return (self.path / name).read_text(encoding="utf-8")

    def attempt(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the project; standard error joins standard output."""
        environment = clean_environment(**variables)
        return subprocess.run(
            command,
            cwd=self.path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def run(self, *command: str | Path, **variables: str) -> str:
        """Run a command that has to succeed and return what it printed."""
        done = self.attempt(*command, **variables)
        assert done.returncode == 0, (
            f"{' '.join(map(str, command))} failed in {self.path}:\n{done.stdout}"
        )
        return done.stdout


def route_tests(project: BakedProject) -> list[str]:
    """Return the tests of a project that look at all its routes, and at what a team adds."""
    return [name for name in ROUTE_TESTS if (project.path / name).exists()]


def is_code(name: str) -> bool:
    """Return whether a file of a project takes part when its tests run."""
    return not any(fnmatch(name, pattern) for pattern in NOT_CODE)


def remove_all_but_code(project: BakedProject) -> BakedProject:
    """Delete the files that no test of the project reads."""
    for path in project.files():
        if not is_code(path.relative_to(project.path).as_posix()):
            path.unlink()
    return project


def copy_template(folder: Path) -> Path:
    """Copy what git would commit: cookiecutter would bake the caches that tools leave behind."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def bake_with(cookies: Cookies, template: Path, answers: Mapping[str, Any]) -> BakedProject:
    """Bake and assert success; cookiecutter itself ignores unknown options."""
    unknown = set(answers) - {option for option in CONTEXT if not option.startswith("_")}
    assert not unknown, f"cookiecutter.json does not ask for {', '.join(sorted(unknown))}"
    result = cookies.bake(extra_context=dict(answers), template=str(template))
    assert result.exception is None, repr(result.exception)
    return BakedProject(result.project_path, result.context)
