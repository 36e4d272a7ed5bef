"""Build and run images with Docker, or with buildah where there is no engine."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services import PATIENCE, free_port, status_of, wait_for

# buildah without privileges of its own, for example inside a container.
BUILDAH = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"} | os.environ


class Docker:
    """The engine that most people have; a volume keeps what a service writes."""

    def build(self, tag: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Make an image of a folder."""
        return _attempt("docker", "build", f"--tag={tag}", *options)

    def inspect(self, tag: str) -> dict[str, Any]:
        """Return the configuration of an image."""
        return json.loads(_run("docker", "image", "inspect", tag))[0]["Config"]

    def size(self, tag: str) -> int:
        """Return the bytes of an image, unpacked."""
        return json.loads(_run("docker", "image", "inspect", tag))[0]["Size"]

    def command(self, tag: str, *options: str) -> list[str]:
        """Return how to run something in a container, without what."""
        volume = f"--volume={tag}:/data"
        return ["docker", "run", "--rm", "--network=host", volume, *options, tag]

    def stop(self, process: subprocess.Popen[str]) -> None:
        """Send SIGTERM to what runs in a container."""
        process.terminate()  # `docker run` passes it on

    def remove(self, tag: str) -> None:
        """Delete an image and its containers."""
        _attempt("docker", "image", "rm", "--force", tag)
        _attempt("docker", "volume", "rm", "--force", tag)


class Buildah:
    """Makes the same images without an engine; one container keeps what a service writes."""

    def build(self, tag: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Make an image of a folder."""
        return _attempt("buildah", "build", "--format=docker", f"--tag={tag}", *options)

    def inspect(self, tag: str) -> dict[str, Any]:
        """Return the configuration of an image."""
        return json.loads(_run("buildah", "inspect", "--type=image", tag))["Docker"]["config"]

    def size(self, tag: str) -> int:
        """Return the bytes of an image, unpacked."""
        container = self._container(tag)
        folder = _run("buildah", "mount", container).strip()
        return int(_run("du", "--summarize", "--bytes", "--one-file-system", folder).split()[0])

    def command(self, tag: str, *options: str) -> list[str]:
        """Return how to run something in a container, without what."""
        return ["buildah", "run", *options, self._container(tag), "--"]

    def stop(self, process: subprocess.Popen[str]) -> None:
        """Send SIGTERM to what runs in a container."""
        found = Path(f"/proc/{process.pid}")
        while "buildah" in (found / "cmdline").read_text("utf-8").partition("\0")[0]:
            children = (path.read_text("utf-8") for path in found.glob("task/*/children"))
            found = Path("/proc", "".join(children).split()[0])
        os.kill(int(found.name), signal.SIGTERM)

    def remove(self, tag: str) -> None:
        """Delete an image and its containers."""
        _attempt("buildah", "rm", f"{tag}-container")
        _attempt("buildah", "rmi", "--force", tag)

    def _container(self, tag: str) -> str:
        name = f"{tag}-container"
        if _attempt("buildah", "inspect", name).returncode:
            _run("buildah", "from", f"--name={name}", tag)
        return name


Engine = Docker | Buildah


def find_engine() -> Engine:
    """Return what this machine has."""
    if shutil.which("docker") and _attempt("docker", "info").returncode == 0:
        return Docker()
    assert shutil.which("buildah"), "this test needs a Docker engine, or the package buildah"
    return Buildah()


@dataclass(frozen=True)
class Image:
    """An image."""

    engine: Engine
    tag: str

    @property
    def configuration(self) -> dict[str, Any]:
        """Return user, environment, command, labels and more."""
        return self.engine.inspect(self.tag)

    def attempt(
        self, *words: str, user: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a container; standard error joins standard output."""
        return _attempt(*self._command(user, variables), *words)

    def run(self, *words: str, user: str = "", **variables: str) -> str:
        """Run a command that has to succeed and return what it printed."""
        return _run(*self._command(user, variables), *words)

    def is_healthy(self, **variables: str) -> bool:
        """Run the health check of the image as Docker does."""
        kind, *words = self.configuration["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.attempt(*words, **variables).returncode == 0

    @contextmanager
    def serving(self, **variables: str) -> Generator[str]:
        """Run the command of the image, yield host and port, check that SIGTERM ends it cleanly."""
        address = f"127.0.0.1:{free_port()}"
        command = [*self._command("", variables | {"BIND": address}), *self.configuration["Cmd"]]
        process = subprocess.Popen(
            command, env=BUILDAH, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            wait_for(lambda: status_of(f"http://{address}/health") > 0, "starting the container")
            yield address
        finally:
            self.engine.stop(process)
            printed, _ = process.communicate(timeout=PATIENCE)
            assert process.returncode == 0, printed

    def _command(self, user: str, variables: dict[str, str]) -> list[str]:
        options = [f"--env={name}={value}" for name, value in variables.items()]
        return self.engine.command(self.tag, *options, *([f"--user={user}"] if user else []))


@contextmanager
def built(tag: str, *options: str) -> Generator[Image]:
    """Make an image, yield it, and remove it."""
    engine = find_engine()
    try:
        done = engine.build(tag, *options)
        assert done.returncode == 0, done.stdout
        yield Image(engine, tag)
    finally:
        engine.remove(tag)


def _attempt(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=BUILDAH,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _run(*command: str) -> str:
    done = _attempt(*command)
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout}"
    return done.stdout
