"""What all templates of the pages can use."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app

from app import mail
from app.security.guard import current_user_or_none

# The links of the header: labels and endpoints.
NAVIGATION = [
    ("Home", "pages.home.index"),
    ("Posts", "pages.posts.index"),
]


def init_blueprint(pages: Blueprint) -> None:
    """Register the context processor and the filters."""
    pages.context_processor(template_values)
    pages.add_app_template_filter(format_day, "day")
    pages.add_app_template_filter(format_minute, "minute")


def template_values() -> dict[str, Any]:
    """Return who is logged in, and what the header and the forms link to."""
    return {
        "user": current_user_or_none(),
        "navigation": NAVIGATION,
        "has_mail": mail.is_enabled(),
        "is_registration_open": current_app.config["REGISTRATION_OPEN"],
    }


def format_day(moment: datetime) -> str:
    """Format a date for people: 27 November 2026."""
    return f"{moment.day} {moment:%B %Y}"


def format_minute(moment: datetime) -> str:
    """Format a time for people: 27 November 2026, 18:05 UTC."""
    return f"{format_day(moment)}, {moment:%H:%M} UTC"
