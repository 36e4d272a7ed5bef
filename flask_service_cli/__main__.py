"""The console script `flask-service`; it works on the service in the current folder."""

from pathlib import Path

import click

from flask_service_cli import linking, remove_example, update
from flask_service_cli.generate import generate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--clone",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A clone of the template; without it, the template is cloned each time.",
)
@click.pass_context
def main(context: click.Context, clone: Path | None) -> None:
    """Generate code in a service, and keep it up to date with its template."""
    context.obj = clone


@main.command("update")
@click.option("--head", is_flag=True, help="Update to the newest commit, not the newest release.")
@click.pass_context
def update_command(context: click.Context, *, head: bool) -> None:
    """Merge what changed in the template."""
    context.exit(update.update(Path.cwd(), context.obj, head=head))


@main.command("set")
@click.argument("answers", metavar="NAME=VALUE", nargs=-1)
@click.pass_context
def set_command(context: click.Context, answers: tuple[str, ...]) -> None:
    """Change answers to the questions of the template."""
    context.exit(update.change_answers(Path.cwd(), context.obj, answers))


@main.command("link")
@click.argument("url")
@click.argument("commit")
@click.argument("answers", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--no-input", is_flag=True, help="Do not ask for the answers that are not given.")
@click.pass_context
def link_command(
    context: click.Context, url: str, commit: str, answers: tuple[str, ...], *, no_input: bool
) -> None:
    """Record the template that this service was made of."""
    context.exit(linking.link(Path.cwd(), context.obj, (url, commit), answers, ask=not no_input))


@main.command("remove-example")
def remove_example_command() -> None:
    """Remove posts, the example, from this service."""
    remove_example.remove(Path.cwd())


main.add_command(generate)

if __name__ == "__main__":
    main()
