"""A client generated from the OpenAPI document works against the running service."""

import subprocess
import sys
from collections.abc import Generator
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.baking import Bake, clean_environment
from tests.environments import TOOLS
from tests.services import HURRY, PASSWORD, production, serving

GENERATOR = TOOLS / "openapi-python-client"
TITLE = {"title": "Hello", "content": "Read me."}


class Client:
    """A generated package with the connection that it uses."""

    def __init__(self, package: str, url: str) -> None:
        """Connect to a service."""
        self.package = package
        self.connection = import_module(f"{package}.client").Client(
            base_url=url, raise_on_unexpected_status=True
        )

    def call(self, operation: str, *arguments: Any, status: HTTPStatus, **options: Any) -> Any:
        """Call an operation such as `posts.create_post` and return the parsed response."""
        function = import_module(f"{self.package}.api.{operation}").sync_detailed
        response = function(*arguments, client=self.connection, **options)
        assert response.status_code == status, response.content
        return response.parsed

    def model(self, name: str, **values: Any) -> Any:
        """Create a model such as `PostCreate`."""
        return getattr(import_module(f"{self.package}.models"), name)(**values)

    def register(self, email: str) -> Any:
        """Register a user."""
        body = self.model("Registration", email=email, password=PASSWORD)
        return self.call("users.create_user", body=body, status=HTTPStatus.CREATED)

    def login(self, email: str) -> Any:
        """Log in and return the response."""
        body = self.model("Login", email=email, password=PASSWORD)
        return self.call("auth.login", body=body, status=HTTPStatus.OK)


@pytest.fixture
def client(
    request: pytest.FixtureRequest,
    bake: Bake,
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[Client]:
    """Serve a project with the parametrized kind of authentication and generate its client."""
    auth = request.param
    project = bake(auth=auth, admin=False, database="sqlite")
    settings = production(f"sqlite:///{tmp_path / 'service.sqlite3'}") | HURRY
    # The session cookie would need HTTPS otherwise.
    settings["FLASK_SESSION_COOKIE_SECURE"] = "false"
    project.run(environment.with_name("flask"), "db", "upgrade", **settings)
    monkeypatch.syspath_prepend(tmp_path)
    with serving(project, environment, **settings) as url:
        package = f"client_with_{auth}"
        generate(f"{url}/api/openapi.json", tmp_path, package)
        yield Client(package, url)


def generate(document: str, folder: Path, package: str) -> None:
    """Generate a client; a warning means that an operation or a model is missing in it."""
    (folder / "openapi.json").write_text(requests.get(document, timeout=10).text, "utf-8")
    options = [
        "--path=openapi.json",
        "--meta=none",
        f"--output-path={package}",
        "--fail-on-warning",
    ]
    done = subprocess.run(
        [GENERATOR, "generate", *options],
        cwd=folder,
        env=clean_environment(PATH=f"{TOOLS}:{Path(sys.executable).parent}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def write_and_read_posts(client: Client) -> None:
    """Create, list, update and delete a post."""
    body = client.model("PostCreate", **TITLE, published=True)
    post = client.call("posts.create_post", body=body, status=HTTPStatus.CREATED)
    page = client.call("posts.list_posts", published="true", status=HTTPStatus.OK)
    assert (page.total, page.items[0].title) == (1, "Hello")

    changes = client.model("PostUpdate", title="Changed")
    changed = client.call("posts.update_post", post.id, body=changes, status=HTTPStatus.OK)
    assert (changed.title, changed.content) == ("Changed", "Read me.")

    client.call("posts.delete_post", post.id, status=HTTPStatus.NO_CONTENT)
    problem = client.call("posts.get_post", post.id, status=HTTPStatus.NOT_FOUND)
    assert problem.detail == "Post not found."


def reject_invalid_requests(client: Client) -> None:
    """Return typed errors for a taken email and for invalid fields."""
    body = client.model("Registration", email="user@example.org", password=PASSWORD)
    problem = client.call("users.create_user", body=body, status=HTTPStatus.CONFLICT)
    assert problem.errors["email"] == ["This email is already taken."]

    body = client.model("PostCreate", title="", content="Read me.")
    problem = client.call("posts.create_post", body=body, status=HTTPStatus.BAD_REQUEST)
    assert (problem.status, problem.errors["title"]) == (400, ["Must not be blank."])


@pytest.mark.parametrize("client", ["jwt"], indirect=True)
def test_client_with_tokens_works(client: Client) -> None:
    user = client.register("user@example.org")
    problem = client.call(
        "posts.create_post",
        body=client.model("PostCreate", **TITLE),
        status=HTTPStatus.UNAUTHORIZED,
    )
    assert problem.detail == "Authentication required."

    tokens = client.login("user@example.org")
    bearer = {"Authorization": f"Bearer {tokens.access_token}"}
    client.connection = client.connection.with_headers(bearer)

    assert client.call("users.get_current_user", status=HTTPStatus.OK).id == user.id
    problem = client.call("users.list_users", status=HTTPStatus.FORBIDDEN)
    assert problem.detail == "Requires the role admin."
    write_and_read_posts(client)
    reject_invalid_requests(client)


@pytest.mark.parametrize("client", ["session"], indirect=True)
def test_client_with_cookies_works(client: Client) -> None:
    def fetch_csrf_token() -> None:
        token = client.call("csrf.get_csrf_token", status=HTTPStatus.OK)
        client.connection.with_headers({"X-CSRF-Token": token.csrf_token})

    fetch_csrf_token()
    user = client.register("user@example.org")

    assert client.login("user@example.org").id == user.id

    fetch_csrf_token()
    write_and_read_posts(client)
    reject_invalid_requests(client)
