"""nginx, with the configuration that a project ships, in front of instances on loopback."""

import getpass
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.baking import BakedProject
from tests.servers import DEBIAN_FOLDERS
from tests.services import PATIENCE, free_port, status_of, wait_for

CONFIGURATION = "docker/nginx.conf"
UPSTREAM = "server app:8000 resolve;"


@dataclass(frozen=True)
class Proxy:
    """A running nginx and what it logged."""

    url: str
    log: Path


@contextmanager
def nginx(
    project: BakedProject, folder: Path, *instances: str, changes: dict[str, str] | None = None
) -> Generator[Proxy]:
    """Run nginx in front of `host:port` instances; stop it as its container is stopped."""
    port, own_port, log = free_port(), free_port(), folder / "nginx.log"
    well = f"http://127.0.0.1:{own_port}"
    servers = " ".join(f"server {address};" for address in instances)
    adapted = {
        UPSTREAM: servers,
        "listen 8080;": f"listen 127.0.0.1:{port};",
        "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{own_port};",
        "pid /tmp/": f"pid {folder}/",
    }
    command = write(project, folder, adapted | (changes or {}))
    with log.open("a") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: status_of(well) == 200, f"starting nginx ({log})")
        yield Proxy(f"http://127.0.0.1:{port}", log)
    finally:
        process.send_signal(signal.SIGQUIT)
        assert process.wait(PATIENCE) == 0, log.read_text("utf-8")


def in_front_of(project: BakedProject, folder: Path, *urls: str) -> AbstractContextManager[Proxy]:
    """Run nginx in front of the instances at these URLs."""
    return nginx(project, folder, *(urlsplit(url).netloc for url in urls))


def write(project: BakedProject, folder: Path, changes: dict[str, str]) -> list[str]:
    """Write the configuration with what has to be changed here; return the command to run it."""
    text = project.read(CONFIGURATION)
    for shipped, here in changes.items():
        assert text.count(shipped) == 1, f"{shipped} is not once in {CONFIGURATION}"
        text = text.replace(shipped, here)
    text = text.replace("_path /tmp/", f"_path {folder}/").replace("/etc/nginx/", f"{folder}/")
    (folder / "nginx.conf").write_text(text, "utf-8")
    found = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], *DEBIAN_FOLDERS]))
    assert found, "this test needs nginx: install the package nginx-light"
    directives = f"daemon off; user {getpass.getuser()};"
    return [found, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", directives]
