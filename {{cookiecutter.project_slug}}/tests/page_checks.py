"""Checks that every page has to pass, whatever its records contain."""

import re

TEMPLATE_CODE = "{" * 2 + "7*7" + "}" * 2
SCRIPT = f"<script>alert('x')</script>{TEMPLATE_CODE}\"><img src=x onerror=alert(1)>"

OTHER_SITES = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    " //evil.example/",
    "evil.example",
]

INLINE_CODE = re.compile(r"<[^>]* on\w+=|<script(?![^>]* src=)|<style| style=")
EXTERNAL_URL = re.compile(r'(src|href)="(https?:)?//')


def has_unescaped_text(page: str) -> bool:
    """Check for text of a record that became HTML."""
    return "<script>alert" in page or "<img src=x" in page


def exposes_secrets(page: str) -> bool:
    """Check for columns that only the service needs."""
    return any(secret in page for secret in ("argon2", "password_hash", "email_key"))


def has_inline_code(page: str) -> bool:
    """Check for inline scripts and styles; values of attributes are text."""
    return bool(INLINE_CODE.search(re.sub('="[^"]*"', "=", page)))


def loads_external_files(page: str) -> bool:
    """Check for files from other hosts."""
    return bool(EXTERNAL_URL.search(page))


PAGE_CHECKS = (has_unescaped_text, exposes_secrets, has_inline_code, loads_external_files)
