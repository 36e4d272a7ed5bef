"""Code of the service that uses the example and that would break."""

import ast
import re
from collections.abc import Iterator, Mapping

from flask_service_cli.exceptions import UsageError
from flask_service_cli.remove_example.example import DELIVERED_REVISIONS, FILES

MODULES = {name.removesuffix(".py").replace("/", ".") for name in FILES}
# A foreign key, a relationship, and in a revision the table.
REFERENCE = re.compile(r"posts\.\w+|Post")
REFERENCE_IN_A_REVISION = re.compile(r"posts(\.\w+)?")
FIXTURE = "make_post"


def require_unused(texts: Mapping[str, str]) -> None:
    """Refuse to break other code.

    Raises:
        UsageError: Files refer to posts, their fixture or their table.
    """
    found = [name for name, text in sorted(texts.items()) if uses(name, text)]
    if found:
        raise UsageError(f"Posts are still used in {', '.join(found)}: change that first.")


def uses(name: str, text: str) -> bool:
    """Return whether a module needs the example."""
    if name in DELIVERED_REVISIONS:
        return False
    nodes = list(ast.walk(parsed(name, text)))
    reference = REFERENCE_IN_A_REVISION if name.startswith("migrations/") else REFERENCE
    values = {node.value for node in nodes if isinstance(node, ast.Constant)}
    fixtures = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return (
        any(module in MODULES for node in nodes for module in imported(node))
        or any(isinstance(value, str) and reference.fullmatch(value) for value in values)
        or FIXTURE in fixtures
    )


def parsed(name: str, text: str) -> ast.Module:
    """Parse a module.

    Raises:
        UsageError: It is no Python, so what it needs is unknown.
    """
    try:
        return ast.parse(text, name)
    except SyntaxError as error:
        sentence = f"{name} cannot be read as Python: correct line {error.lineno} first."
        raise UsageError(sentence) from None


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a statement may import."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
