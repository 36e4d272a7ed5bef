"""Bring what changed in the template, or in the answers, into a service."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click

from flask_service_cli import answers as answer
from flask_service_cli import link, remove_example
from flask_service_cli.checks import contradictions, sentinels_of
from flask_service_cli.git import Git, clean_repository, scratch_folder
from flask_service_cli.merge import Merge, conflicts
from flask_service_cli.render import Rendering, render
from flask_service_cli.revisions import Revisions
from flask_service_cli.template import Template

NOTHING = "Nothing to do: this service is up to date."
NEXT = (
    "Done: git diff --staged shows it. Now make check, make test and flask db upgrade, then commit."
)
UNDO = "When that is done, commit; git reset --hard takes everything back instead."


class State(NamedTuple):
    """A commit of the template, with answers."""

    commit: str
    answers: link.Answers


class Service(NamedTuple):
    """A clean service, its link, its template, and a folder for files that are not kept."""

    git: Git
    link: link.Link
    template: Template
    scratch: Path

    @property
    def state(self) -> State:
        """Return the state of the template that the service was made of."""
        return State(self.link["commit"], link.answers_of(self.link))

    def render(self, state: State, name: str) -> tuple[Path, Rendering]:
        """Return the template's files and the rendered project, with its record."""
        files = self.template.export(state.commit, self.scratch / f"{name}-template")
        return files, render(files, state.answers, self.scratch / name)


@contextmanager
def opened(root: Path, clone: Path | None) -> Generator[Service]:
    """Open a service whose changes are all committed.

    Raises:
        UsageError: They are not, or the service or its template cannot be read.
    """
    git, found = clean_repository(root), link.read(root)
    with scratch_folder() as folder:
        scratch, url = Path(folder).resolve(), found["template"]
        template = Template(url, clone) if clone else Template.clone(url, scratch / "clone")
        yield Service(git, found, template, scratch)


def update(root: Path, clone: Path | None, *, head: bool) -> int:
    """Merge what changed in the template; return the exit code."""
    with opened(root, clone) as service:
        service.template.fetch()
        commit = service.template.commit_of(service.state.commit)
        target = service.template.newest(commit, service.link.get("checkout"), head=head)
        if target == commit:
            return say(NOTHING)
        return apply(service, State(target, service.state.answers))


def change_answers(root: Path, clone: Path | None, words: Iterable[str]) -> int:
    """Make a service what it would be with other answers, from the same commit of the template."""
    wanted = answer.parse_words(words)
    with opened(root, clone) as service:
        commit = service.template.commit_of(service.state.commit)
        files = service.template.export(commit, service.scratch / "questions")
        old = service.state.answers
        changed = answer.changes(wanted, answer.questions_of(files), old)
        if not changed:
            return say(NOTHING)
        return apply(service, State(commit, {**old, **changed}))


def apply(service: Service, state: State) -> int:
    """Merge the difference between the service's state of the template and another one."""
    _, old = service.render(service.state, "old")
    files, new = service.render(state, "new")
    # The record is merged like any other file.
    recorded = service.git.raw("cat-file", "blob", f"HEAD:./{link.NAME}")
    prepare(service, old, recorded)
    prepare(service, new, link.text_of(service.link, state.commit, new.answers).encode())
    sentinels = sentinels_of(files)
    merge = Merge(service.git, service.scratch)
    merge.merge(old.folder, new.folder, f"template at {state.commit[:12]}")
    Revisions(merge.folder).join()
    left = [
        *conflicts(merge.unmerged, lambda path: (merge.folder / path).read_bytes()),
        *contradictions(merge.folder, new.answers, sentinels),
    ]
    if not merge.apply():
        return say(NOTHING)
    for path in merge.kept_deleted:
        say(f"{path} changed in the template and stays deleted here.")
    return say("\n".join([*left, UNDO]), code=1) if left else say(NEXT)


def prepare(service: Service, rendering: Rendering, record: bytes) -> None:
    """Write the record into a rendering, and remove the example if the service removed it."""
    (rendering.folder / link.NAME).write_bytes(record)
    if link.is_skipped(remove_example.MODEL, link.skipped(service.git.folder)):
        remove_example.strip(rendering.folder)


def say(sentence: str, *, code: int = 0) -> int:
    """Print how it went and return the exit code."""
    click.echo(sentence)
    return code
