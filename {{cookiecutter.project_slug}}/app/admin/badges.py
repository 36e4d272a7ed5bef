"""The state of a record in one word, coloured."""

from markupsafe import Markup

BADGE = Markup('<span class="badge badge-{}">{}</span>')
COLOURS = {"active": "success", "published": "success", "deleted": "danger"}


def badge(word: str) -> Markup:
    """Show a state."""
    return BADGE.format(COLOURS.get(word, "secondary"), word)
