"""Static rules for the container files: each returns its findings."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from tests.baking import BakedProject
from tests.static import TOOLS

Rule = Callable[[BakedProject], list[str]]

ONE_OFF = "migrate"
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|://[^/]*:[^/]*@")
PINNED = re.compile(r"[a-z]+:\d+(\.\d+)?(-[a-z]+)?")


def dockerfile(project: BakedProject) -> list[str]:
    """Lint the Dockerfile."""
    return _tool(project, "hadolint", "--no-color", "Dockerfile")


def schema(project: BakedProject) -> list[str]:
    """Hold the compose files against the specification, and ask Compose if it is there."""
    files = ("compose.yaml", "compose.dev.yaml")
    findings = _tool(project, "check-jsonschema", "--builtin-schema=vendor.compose-spec", *files)
    if shutil.which("docker") and not project.attempt("docker", "compose", "version").returncode:
        options = [f"--file={file}" for file in files]
        done = project.attempt("docker", "compose", *options, "config", "--quiet")
        findings += done.stdout.splitlines() if done.returncode else []
    return findings


def health(project: BakedProject) -> list[str]:
    """Find services without a health check."""
    image_has_one = "\nHEALTHCHECK " in project.read("Dockerfile")
    return [
        f"{name}: no health check"
        for name, service in services(project)
        if name != ONE_OFF
        and not service.get("healthcheck", {}).get("test")
        and not ("build" in service and image_has_one)
    ]


def passwords(project: BakedProject) -> list[str]:
    """Find secrets with fixed values: each installation has its own, in env files."""
    return [
        f"{name}: {setting}"
        for name, service in services(project)
        for setting in [
            *(f"{key}={value}" for key, value in service.get("environment", {}).items()),
            str(service.get("command", "")),
        ]
        if SECRET_NAME.search(setting)
    ]


def ports(project: BakedProject) -> list[str]:
    """Find other ports than those of nginx, and ones that other machines reach without TLS."""
    published = {
        name: service["ports"] for name, service in services(project) if "ports" in service
    }
    expected = {
        "nginx": ["${LISTEN:-127.0.0.1:8080}:8080"],
        "nginx-tls": [
            "${LISTEN_TLS:-0.0.0.0:443}:8443",
            "${LISTEN_REDIRECT:-0.0.0.0:80}:8080",
        ],
    }
    return [] if published == expected else [f"published: {published}"]


def restarts(project: BakedProject) -> list[str]:
    """A wrong configuration ends the one-off service, and nothing that restarts begins before."""
    found = dict(services(project))
    policies = {name: service.get("restart") for name, service in found.items()}
    wanted = {name: "no" if name == ONE_OFF else "unless-stopped" for name in found}
    gate = found["app"]["depends_on"].get(ONE_OFF)
    same_settings = found["app"]["env_file"] == found[ONE_OFF]["env_file"]
    gated = gate == {"condition": "service_completed_successfully"} and same_settings
    return [f"restart policies: {policies}"] * (policies != wanted) + ["no gate"] * (not gated)


def images(project: BakedProject) -> list[str]:
    """Find images whose tag may move."""
    named = [(name, service["image"]) for name, service in services(project) if "image" in service]
    return [f"{name}: {image}" for name, image in named if not PINNED.fullmatch(image)]


def services(project: BakedProject) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the services of production by name."""
    yield from yaml.safe_load(project.read("compose.yaml"))["services"].items()


def _tool(project: BakedProject, name: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [TOOLS / name, *arguments], cwd=project.path, capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def memory(project: BakedProject) -> list[str]:
    """Find services and temporary file systems whose memory has no limit."""
    found = dict(services(project))
    unlimited = [f"{name}: no mem_limit" for name in found if "mem_limit" not in found[name]]
    temporary = {name: service.get("tmpfs", "") for name, service in found.items()}
    return unlimited + [f"{name}: {tmpfs}" for name, tmpfs in temporary.items() if tmpfs == "/tmp"]


RULES: tuple[Rule, ...] = (
    dockerfile,
    schema,
    health,
    passwords,
    ports,
    restarts,
    images,
    memory,
)
