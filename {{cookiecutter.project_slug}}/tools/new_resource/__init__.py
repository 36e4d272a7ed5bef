"""`flask new resource`: write a resource in the style of this project; for development only."""

from pathlib import Path

import click
from flask import Blueprint

from tools.new_resource.changes import Change, patch, write
from tools.new_resource.fields import parse
from tools.new_resource.files import changes_for
from tools.new_resource.project import Project
from tools.new_resource.refusals import check
from tools.new_resource.resource import Resource

ROOT = Path(__file__).parents[2]

blp = Blueprint("new", __name__, cli_group="new")
blp.cli.help = "Write code in the style of this project."


@blp.cli.command("resource")
@click.argument("name")
@click.argument("fields", nargs=-1, required=True)
@click.option("--plural", help="Where adding an s is wrong: `--plural people` for a person.")
@click.option("--dry-run", is_flag=True, help="Print a patch and write nothing.")
def resource(name: str, fields: tuple[str, ...], plural: str | None, *, dry_run: bool) -> None:
    """Write model, schemas, service, views, tests and a migration.

    NAME is one word or several joined by underscores, in the singular. Each of FIELDS is
    NAME:TYPE, followed by `:optional` or `:unique` or both. Types are str, text, int, decimal,
    bool, date, datetime, and ref:MODEL for the id of something else.

        flask new resource invoice number:str:unique amount:decimal due:date:optional customer:ref:user
    """
    project = Project.read(ROOT)
    wanted = Resource(name, plural, tuple(map(parse, fields)), owned=project.has_accounts)
    check(wanted, project)
    changes = changes_for(wanted, project)
    if dry_run:
        click.echo(patch(changes), nl=False)
        return
    write(changes, ROOT)
    _tell(changes)


def _tell(changes: list[Change]) -> None:
    for change in changes:
        click.echo(f"{'Changed' if change.before else 'Wrote'} {change.path}")
    click.echo("Next: flask db upgrade, then make check and make test.")
