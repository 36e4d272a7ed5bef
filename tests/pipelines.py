"""The pipelines of projects: who says that they are valid, and the steps of their jobs."""

import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from tests.baking import BakedProject
from tests.environments import TOOLS

Command = tuple[str, ...]

GITHUB = ".github/workflows/ci.yml"
GITLAB = ".gitlab-ci.yml"


def schema(name: str, *options: str) -> Command:
    """Return the command that validates files against a published schema."""
    return (
        "check-jsonschema",
        f"--builtin-schema={name}",
        "--default-filetype=yaml",
        *options,
    )


# Each takes the names of files.
CHECKERS: Mapping[str, tuple[Command, ...]] = {
    GITHUB: (
        ("actionlint",),
        schema("vendor.github-workflows"),
        schema("custom.github-workflows-require-timeout"),
    ),
    ".github/dependabot.yml": (schema("vendor.dependabot"),),
    GITLAB: (schema("vendor.gitlab-ci", "--data-transform=gitlab-ci"),),
    "renovate.json": (schema("vendor.renovate"),),
}
# An action is pinned to a commit, as a tag can be moved, and says in words which version that is.
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$")


def complaints(command: Command, *texts: str) -> list[str]:
    """Ask a checker about texts, all at once: it starts slower than it reads."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}" for number, _ in enumerate(texts)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, "utf-8")
        done = subprocess.run(
            [TOOLS / command[0], *command[1:], *paths],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    return [*done.stdout.splitlines(), *done.stderr.splitlines()] if done.returncode else []


def invalid_pipelines(*projects: BakedProject) -> list[str]:
    """Find what is wrong with the files of pipelines, whichever the projects have."""
    return [
        finding
        for name in CHECKERS
        if (texts := sorted({each.read(name) for each in projects if (each.path / name).exists()}))
        for finding in findings(name, *texts)
    ]


@cache
def findings(name: str, *texts: str) -> tuple[str, ...]:
    """Find what published schemas and the linter of workflows refuse, and actions not pinned."""
    refused = [line for command in CHECKERS[name] for line in complaints(command, *texts)]
    return tuple(
        f"{name}: {line}"
        for line in [*refused, *(line for text in texts for line in unpinned(text))]
    )


def unpinned(text: str) -> list[str]:
    """Find actions whose code can change behind one's back."""
    lines = [line for line in text.splitlines() if "uses:" in line]
    return [line.strip() for line in lines if not PINNED.search(line)]


class Job(NamedTuple):
    """What a runner does once the project is checked out and its tools are there."""

    steps: tuple[str, ...]
    variables: Mapping[str, str]
    services: tuple[str, ...]
    uses: frozenset[str]


def jobs(project: BakedProject) -> dict[str, Job]:
    """Read the jobs of whichever pipeline a project has."""
    if (project.path / GITHUB).exists():
        return github_jobs(yaml.safe_load(project.read(GITHUB)))
    if (project.path / GITLAB).exists():
        return gitlab_jobs(yaml.safe_load(project.read(GITLAB)))
    return {}


def github_jobs(workflow: dict[str, Any]) -> dict[str, Job]:
    """Read jobs whose every step is a shell of its own."""
    return {
        name: Job(
            steps=tuple(step["run"] for step in job["steps"] if "run" in step),
            variables=workflow["env"] | job.get("env", {}),
            services=tuple(
                f"127.0.0.1:{port.partition(':')[0]}"
                for service in job.get("services", {}).values()
                for port in service["ports"]
            ),
            uses=frozenset(
                step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step
            ),
        )
        for name, job in workflow["jobs"].items()
    }


def gitlab_jobs(pipeline: dict[str, Any]) -> dict[str, Job]:
    """Read jobs whose lines all run in one shell, after those of the default."""
    default = pipeline["default"]
    return {
        name: Job(
            steps=("\n".join(job.get("before_script", default["before_script"]) + job["script"]),),
            variables=pipeline["variables"] | job.get("variables", {}),
            services=tuple(service.partition(":")[0] for service in job.get("services", [])),
            uses=frozenset(),
        )
        for name, job in pipeline.items()
        if "script" in job
    }
