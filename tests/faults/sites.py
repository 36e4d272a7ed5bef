"""A baked project with what it takes to serve it."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.baking import BakedProject
from tests.services import HURRY, Instance, production, running

POSTS = "/api/v1/posts"
USERS = "/api/v1/users"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Site:
    """Where instances of a service share a database."""

    project: BakedProject
    python: Path
    settings: Mapping[str, str]

    def flask(self, *words: str) -> str:
        """Run a command that has to succeed."""
        return self.project.run(self.python.with_name("flask"), *words, **self.settings)

    def instance(self, **variables: str) -> AbstractContextManager[Instance]:
        """Start an instance, with two workers by default."""
        settings = {"WEB_CONCURRENCY": "2", **self.settings, **variables}
        return running(self.project, self.python, **settings)

    @contextmanager
    def pair(self, **variables: str) -> Generator[tuple[Instance, Instance]]:
        """Start two instances, as on two hosts."""
        with self.instance(**variables) as one, self.instance(**variables) as other:
            yield one, other

    def having(self, **variables: str) -> "Site":
        """Return the same with other settings."""
        return replace(self, settings={**self.settings, **variables})


def site(project: BakedProject, python: Path, database_url: str) -> Site:
    """Return a migrated service with cheap hashes and without rate limits."""
    made = Site(project, python, production(database_url) | HURRY)
    made.flask("db", "upgrade")
    return made


def has_answered(instance: Instance, times: int) -> bool:
    """Return whether an instance has sent so many responses."""
    return instance.log.read_text("utf-8").count(f'"path": "{POSTS}"') >= times
