"""Write code into a service, in the style of what it was generated with."""

import click


@click.group()
def generate() -> None:
    """Write code into this service."""
