"""What no page of the admin may hold, whatever is written in its records."""

import re

TEMPLATE = "{" * 2 + "7*7" + "}" * 2
SCRIPT = f"<script>alert('x')</script>{TEMPLATE}\"><img src=x onerror=alert(1)>"

OWN_SCRIPT = re.compile(r"<[^>]* on\w+=|<script(?![^>]* src=)|<style| style=")
NETWORK = re.compile(r'(src|href)="(https?:)?//')


def runs_a_record(page: str) -> bool:
    """Tell whether a text of a record became a part of the page."""
    return "<script>alert" in page or "<img src=x" in page


def proves_a_password(page: str) -> bool:
    """Tell whether something leaked that only the service needs."""
    return any(secret in page for secret in ("argon2", "password_hash", "email_key"))


def has_scripts_or_styles_of_its_own(page: str) -> bool:
    """Tell whether there is something inline; what stands in attributes is text."""
    return bool(OWN_SCRIPT.search(re.sub('="[^"]*"', "=", page)))


def needs_the_network(page: str) -> bool:
    """Tell whether something is loaded from elsewhere."""
    return bool(NETWORK.search(page))


FAULTS = (runs_a_record, proves_a_password, has_scripts_or_styles_of_its_own, needs_the_network)
