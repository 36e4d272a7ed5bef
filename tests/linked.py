"""Services that are linked to a template in git: generate, commit, update and switch them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cookiecutter.main import cookiecutter

from flask_service_cli.render import Rendering
from flask_service_cli.update import Service, State
from flask_service_extensions.rendering import ROOT
from tests.baking import BakedProject, clean_environment, copy_template

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
Render = Callable[[Service, State, str], tuple[Path, Rendering]]


def git(folder: Path, *words: str) -> str:
    """Run git with a made-up identity and return its output."""
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
    folder.mkdir(exist_ok=True)
    git(copy_template(folder), "init", "--quiet", "--initial-branch=main")
    commit(folder, "The template")
    return folder


class LinkedProject(BakedProject):
    """A service with its `.cruft.json`, in a repository of its own."""

    def tool(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command line as it is in this repository."""
        command = [sys.executable, "-m", "flask_service_cli", *words]
        return self.attempt(*command, PYTHONPATH=str(ROOT), **variables)

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

    def link(self, **changes: object) -> None:
        """Change the record of the template, and commit that."""
        link = json.loads(self.read(".cruft.json")) | changes
        (self.path / ".cruft.json").write_text(json.dumps(link), "utf-8")
        self.commit()


def generate(template: Path, folder: Path, **answers: Any) -> LinkedProject:
    """Generate a service by plain cookiecutter."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"replay_dir": str(folder / "replay"), "cookiecutters_dir": str(folder / "clones")}
    (folder / "config.yaml").write_text(json.dumps(config), "utf-8")
    path = cookiecutter(
        str(template),
        no_input=True,
        extra_context={"project_slug": "bakery", **answers},
        output_dir=str(folder),
        config_file=str(folder / "config.yaml"),
    )
    return LinkedProject(Path(path), answers)


def create(template: Path, folder: Path, **answers: Any) -> LinkedProject:
    """Generate a service and commit it."""
    project = generate(template, folder, **answers)
    commit(project.path, "The service")
    return project


def shared_rendering(folder: Path, render: Render = Service.render) -> Render:
    """Return a function that renders each state of a template once, and then copies it."""
    made: dict[str, tuple[Path, Rendering]] = {}

    def render_once(service: Service, state: State, name: str) -> tuple[Path, Rendering]:
        key = json.dumps([state.commit, dict(state.answers)])
        if key not in made:
            scratch = folder / str(len(made))
            scratch.mkdir()
            made[key] = render(service._replace(scratch=scratch), state, "shared")
        files, rendering = made[key]
        copy = shutil.copytree(rendering.folder, service.scratch / name)
        return files, Rendering(Path(copy), rendering.answers)

    return render_once
