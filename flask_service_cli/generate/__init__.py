"""Write code into a service, in the style of the code that it was generated with."""

from pathlib import Path

import click

from flask_service_cli.generate import client as clients
from flask_service_cli.generate.changes import Change, patch, write
from flask_service_cli.generate.fields import parse_field
from flask_service_cli.generate.files import list_changes
from flask_service_cli.generate.project import Project
from flask_service_cli.generate.resource import Resource
from flask_service_cli.generate.validation import validate


@click.group()
def generate() -> None:
    """Write code into this service."""


@generate.command("resource")
@click.argument("name")
@click.argument("fields", nargs=-1, required=True)
@click.option("--plural", help="The plural, where adding an s is wrong: `--plural people`.")
@click.option("--owner", help="What the user who created a row is called in it.  [default: owner]")
@click.option("--pages", is_flag=True, help="Write pages to list, show, edit and delete it, too.")
@click.option("--dry-run", is_flag=True, help="Print a patch and write nothing.")
def generate_resource(
    name: str,
    fields: tuple[str, ...],
    plural: str | None,
    owner: str | None,
    *,
    pages: bool,
    dry_run: bool,
) -> None:
    """Write model, schemas, service, views, tests and a migration of a resource.

    NAME is a noun in the singular, in lower case, with underscores between words. Each of FIELDS
    is NAME:TYPE, followed by `:optional` or `:unique` or both. The types are str, text, int,
    decimal, bool, date, datetime, and ref:MODEL for the id of a row of another model.

        flask generate resource invoice number:str:unique due:date:optional customer:ref:customer
    """
    project = Project.read(Path.cwd())
    resource = Resource.create(
        name,
        tuple(map(parse_field, fields)),
        plural=plural,
        owner=owner,
        has_accounts=project.has_accounts,
        has_pages=pages,
    )
    validate(resource, project)
    changes = list_changes(resource, project)
    _apply(changes, project.root, "flask db upgrade", dry_run=dry_run)


@generate.command("client")
@click.argument("name")
@click.option("--url", required=True, help="The URL of the service: the default of its setting.")
@click.option("--dry-run", is_flag=True, help="Print a patch and write nothing.")
def generate_client(name: str, url: str, *, dry_run: bool) -> None:
    """Write a client of another service, a view that shows it, and tests.

    NAME is what the other service is called, in lower case, with underscores between words.

        flask generate client weather --url https://api.example.com/v1
    """
    service = clients.Service.read(Path.cwd())
    changes = clients.list_changes(clients.Client(name, url), service)
    _apply(changes, service.root, "make setup", dry_run=dry_run)


def _apply(changes: list[Change], root: Path, following: str, *, dry_run: bool) -> None:
    """Print changes as a patch, or write them."""
    if dry_run:
        click.echo(patch(changes), nl=False)
        return
    write(changes, root)
    for change in changes:
        click.echo(f"{'Changed' if change.before else 'Created'} {change.path}")
    click.echo(f"Next: {following}, then make check and make test.")
