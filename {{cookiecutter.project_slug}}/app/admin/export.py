"""CSV files that spreadsheets show and do not run."""

import re
from datetime import datetime
from typing import Any

# OWASP, CSV Injection: what a spreadsheet may take for the start of a formula, also in full width, where
# a cell starts; after a semicolon or a line break one does for spreadsheets that expect semicolons.
FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r\n＝＋－＠])")


def cell(value: Any) -> str:
    """Write a value so that it is text wherever the file is opened."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return FORMULA.sub(r"\1'", text)
