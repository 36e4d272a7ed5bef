"""The entry point of servers and of the `flask` command."""

from app import create_app
from app.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    # The list of problems is all that helps; a traceback would hide it.
    raise SystemExit(str(error)) from None
