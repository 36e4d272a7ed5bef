"""The one exception of this package."""

from typing import IO, Any

import click


class UsageError(click.ClickException):
    """Nothing was changed; the message says why, and what to do."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message as it is."""
        click.echo(self.message, file=file, err=True)
