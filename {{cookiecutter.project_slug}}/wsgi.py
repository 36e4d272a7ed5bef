"""The entry point of servers and of the `flask` command."""

import gc

gc.disable()  # Importing makes no garbage; looking for it takes a tenth of the start.

from app import create_app  # noqa: E402 - after `gc.disable`
from app.settings import ConfigurationError  # noqa: E402 - after `gc.disable`

try:
    app = create_app()
except ConfigurationError as error:
    # The list of problems is all that helps; a traceback would hide it.
    raise SystemExit(str(error)) from None
finally:
    gc.enable()
