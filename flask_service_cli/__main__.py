"""The console script `flask-service`; it works on the service in the current folder."""

import click

from flask_service_cli.generate import generate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Generate code in a service, and keep it up to date with its template."""


main.add_command(generate)

if __name__ == "__main__":
    main()
