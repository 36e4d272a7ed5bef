"""Filters that write an answer between double quotes, or into the Markdown, of a file."""

import json
import re

MARKDOWN_ANYWHERE = re.compile(r"([\\`*_\[\]<>#|~&!])")
MARKDOWN_AT_START = re.compile(r"^([-+=]|\d+(?=[.)]))")


def quoted(text: str) -> str:
    """Escape for a double-quoted TOML, YAML or JSON string; unlike tojson, keep emoji."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def quoted_python(text: str) -> str:
    r"""Escape for a double-quoted Python string; formatters would flip the quotes around `\"`."""
    return quoted(text).replace('\\"', "\\x22")


def escaped_markdown(text: str) -> str:
    """Escape for a Markdown heading or paragraph, so that it reads as typed."""
    return MARKDOWN_AT_START.sub(_escape_start, MARKDOWN_ANYWHERE.sub(r"\\\1", text))


def _escape_start(match: re.Match[str]) -> str:
    start = match[1]
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def spdx(license_name: str) -> str:
    """Return the licence expression that package metadata takes."""
    return "LicenseRef-Proprietary" if license_name == "Proprietary" else license_name


def quoted_dockerfile(text: str) -> str:
    r"""Escape for a double-quoted value in a Dockerfile, where `$` begins a variable."""
    return re.sub(r'([\\"$])', r"\\\1", text)


FILTERS = {
    "dockerfile": quoted_dockerfile,
    "md": escaped_markdown,
    "py": quoted_python,
    "spdx": spdx,
    "toml": quoted,
    "yaml": quoted,
}
