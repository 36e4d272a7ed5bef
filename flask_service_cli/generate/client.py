"""A client of another service: its name, its files, and what it must fulfil."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from click import ClickException

from flask_service_cli.generate.changes import Change, tidy
from flask_service_cli.generate.client_wiring import (
    PACKAGE,
    add_requirements,
    document_settings,
    register_client,
    register_package,
)
from flask_service_cli.generate.files import render_template, template_environment
from flask_service_cli.generate.project import list_fixtures, read_facts, taken_names
from flask_service_cli.generate.resource import camel_case
from flask_service_cli.generate.scopes import has_name_collision
from flask_service_cli.generate.validation import NAME, PYTHON_WORDS
from flask_service_cli.generate.wiring import register_blueprint, register_plugin
from flask_service_extensions.features import reserved_names

PATHS = {
    "client": "app/clients/{}.py",
    "schema": "app/schemas/{}.py",
    "service": "app/services/{}.py",
    "api": "app/api/{}.py",
    "fixtures": "tests/plugins/{}.py",
    "test_client": "tests/clients/test_{}.py",
    "test_api": "tests/api/test_{}.py",
}
# Written with the first client.
SHARED = {
    "package": PACKAGE,
    "circuit": "app/clients/circuit.py",
    "deadlines": "app/clients/deadlines.py",
    "exceptions": "app/clients/exceptions.py",
    "http": "app/clients/http.py",
    "metrics": "app/metrics/clients.py",
    "test_package": "tests/clients/__init__.py",
    "servers": "tests/clients/servers.py",
    "test_circuit": "tests/clients/test_circuit.py",
    "test_http": "tests/clients/test_http.py",
}
TIMEOUT = 10  # seconds
URL = re.compile(
    r"https?://([A-Za-z0-9]([A-Za-z0-9_-]|\.(?!\.))*(?<=[A-Za-z0-9])|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?"
    r"(/[A-Za-z0-9._~%-]+)*/?"
)
MAX_NAME_LENGTH = 30
MAX_URL_LENGTH = 80
# Settings of other variants.
RESERVED_SETTINGS = {"DATABASE_URL", "MAIL_TIMEOUT", "PUBLIC_URL", "TEST_DATABASE_URL"}


@dataclass(frozen=True)
class Client:
    """The client to generate."""

    name: str
    url: str

    @property
    def word(self) -> str:
        """The name in a sentence."""
        return self.name.replace("_", " ")

    @property
    def class_name(self) -> str:
        """The name of the view."""
        return camel_case(self.name)

    @property
    def settings(self) -> tuple[tuple[str, str, str], ...]:
        """The settings: name, default in documents, and description."""
        constant, testing = self.name.upper(), "http://localhost:1"
        return (
            (f"{constant}_URL", f"`{self.url}`; testing: `{testing}`", self.url_description),
            (f"{constant}_TIMEOUT", f"`{TIMEOUT}`", self.timeout_description),
        )

    @property
    def url_description(self) -> str:
        """What the setting of the URL means."""
        return f"URL of the {self.word} service."

    @property
    def timeout_description(self) -> str:
        """What the setting of the timeout means."""
        return f"Seconds that a call of the {self.word} service may take, all retries included."

    @property
    def paths(self) -> dict[str, str]:
        """The files of this client by the names of their templates."""
        return {template: path.format(self.name) for template, path in PATHS.items()}


@dataclass(frozen=True)
class Service:
    """What a new client must fit to."""

    root: Path
    ruff: str
    has_accounts: bool
    # Names of models, tables, blueprints and schemas.
    taken: frozenset[str]
    settings: frozenset[str]
    fixtures: frozenset[str]

    @classmethod
    def read(cls, root: Path) -> "Service":
        """Inspect the service in a folder.

        Raises:
            ClickException: There is no service, or it cannot be loaded.
        """
        facts = read_facts(root)
        return cls(
            root=root,
            ruff=facts["ruff"],
            has_accounts=facts["has_accounts"],
            taken=taken_names(facts),
            settings=frozenset(facts["settings"]),
            fixtures=frozenset(list_fixtures(root / "tests")),
        )


def list_changes(client: Client, service: Service) -> list[Change]:
    """Return the new files of a client, and the lines that other files need for it.

    Raises:
        ClickException: The client does not fit into the service; the message is the first reason.
    """
    for sentence in _problems(client, service):
        raise ClickException(sentence)
    root, registrations = service.root, _registrations(client, service)
    shared = {name: path for name, path in SHARED.items() if not (root / path).exists()}
    texts = _render(client, service, client.paths | shared)
    new = [Change(path, "", tidy(text, path, root, service.ruff)) for path, text in texts.items()]
    return [*new, *registrations]


def _registrations(client: Client, service: Service) -> list[Change]:
    root = service.root
    changes = [
        register_package(root),
        register_blueprint(client.name, root),
        register_plugin(client.name, root),
        add_requirements(root),
        *document_settings(client.settings, root),
    ]
    if (root / PACKAGE).exists():
        changes.append(register_client(client.name, root))
    return [change for change in changes if change.before != change.after]


def _render(client: Client, service: Service, paths: dict[str, str]) -> dict[str, str]:
    environment = template_environment(service.root, "client")
    context: dict[str, object] = {
        "name": client.name,
        "word": client.word,
        "Class": client.class_name,
        "constant": client.name.upper(),
        "path": client.name.replace("_", "-"),
        "url": client.url,
        "timeout": TIMEOUT,
        "url_description": client.url_description,
        "timeout_description": client.timeout_description,
        "has_accounts": service.has_accounts,
    }
    return {
        path: render_template(environment, f"client/{name}.py.jinja", context)
        for name, path in paths.items()
    }


def _problems(client: Client, service: Service) -> Iterator[str]:
    yield from _url_problems(client.url)
    yield from _name_problems(client.name)
    yield from _conflicts(client, service)
    reference = Client("qqqq", client.url)
    texts = _render(client, service, client.paths).items()
    others = _render(reference, service, reference.paths).values()
    for (path, text), plain in zip(texts, others, strict=True):
        if has_name_collision(text, plain):
            yield f"{path} would use one name for two things: choose another name for the client."


def _url_problems(url: str) -> Iterator[str]:
    if not URL.fullmatch(url) or not _has_valid_host(url):
        yield "--url must be like https://api.example.com/v1, without user, query and fragment."
    elif len(url) > MAX_URL_LENGTH:
        yield f"--url has more than {MAX_URL_LENGTH} characters: give a part of it."


def _has_valid_host(url: str) -> bool:
    """Return whether the IP address, if it is one, and the port are possible."""
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _name_problems(name: str) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield f"{name!r} is not a valid name: use a-z, digits and underscores between words."
    elif name in PYTHON_WORDS:
        yield f"{name} is a Python keyword or builtin: choose another name."
    elif name.startswith("test"):
        yield f"pytest would collect the class {camel_case(name)} as tests: choose another name."
    elif len(name) > MAX_NAME_LENGTH:
        yield f"{name} is longer than {MAX_NAME_LENGTH} characters: choose a shorter name."


def _conflicts(client: Client, service: Service) -> Iterator[str]:
    if client.name in service.taken:
        yield f"The name {client.name} is already taken: choose another name."
    if client.name in reserved_names():
        yield f"The name {client.name} is reserved for template options: choose another name."
    for setting, _, _ in client.settings:
        if setting in service.settings | RESERVED_SETTINGS:
            yield f"The setting {setting} exists already: choose another name."
    if f"{client.name}_server" in service.fixtures:
        yield f"The tests have a fixture named {client.name}_server already: choose another name."
    for path in client.paths.values():
        # A package hides a module of the same name.
        for place in (path, path.removesuffix(".py")):
            if place in SHARED.values() or (service.root / place).exists():
                yield f"{place} exists already: choose another name."
