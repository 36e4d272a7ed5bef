"""Settings of how long logins last, in seconds."""

from datetime import timedelta
from typing import Any

from flask import current_app

from app.settings import Setting

HOUR = 60 * 60
DAY = 24 * HOUR
YEAR = 365 * DAY


def lifetime_setting(
    name: str, default: int, description: str, *, minimum: int = 1, maximum: int = YEAR
) -> Setting:
    """Declare a setting that production rejects outside of its bounds."""

    def validate(value: Any) -> str | None:
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        in_bounds = minimum <= seconds <= maximum
        return None if in_bounds else f"must be between {minimum} and {maximum} seconds"

    return Setting(name, default, f"{description}; at most {maximum:,}.", validate=validate)


def get_lifetime(name: str) -> timedelta:
    """Return the value of a setting."""
    value = current_app.config[name]
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
