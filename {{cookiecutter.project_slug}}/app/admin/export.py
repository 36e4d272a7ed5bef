"""CSV files that spreadsheets show and do not run."""

from datetime import datetime
from typing import Any

# OWASP, CSV Injection: what a spreadsheet may take for the start of a formula, also in full width.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> str:
    """Write a value so that it is text wherever the file is opened."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
