"""Who else needs the example: code that somebody wrote and that would break."""

import ast
import re
from collections.abc import Iterator, Mapping

from tools.remove_example.example import DELIVERED_REVISIONS, FILES
from tools.remove_example.state import RefusedError

MODULES = {name.removesuffix(".py").replace("/", ".") for name in FILES}
# A foreign key, a relationship, and in a revision the table.
REFERENCE = re.compile(r"posts\.\w+|Post")
REFERENCE_IN_A_REVISION = re.compile(r"posts(\.\w+)?")
FIXTURE = "make_post"


def still_using(texts: Mapping[str, str]) -> None:
    """Let nobody's work break.

    Raises:
        RefusedError: Files refer to posts, their fixture or their table.
    """
    found = [name for name, text in sorted(texts.items()) if uses(name, text)]
    if found:
        raise RefusedError(f"Posts are still used in {', '.join(found)}: change that first.")


def uses(name: str, text: str) -> bool:
    """Tell whether a module needs the example."""
    if name in DELIVERED_REVISIONS:
        return False
    nodes = list(ast.walk(parsed(name, text)))
    reference = REFERENCE_IN_A_REVISION if name.startswith("migrations/") else REFERENCE
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    fixtures = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return (
        any(module in MODULES for node in nodes for module in imported(node))
        or any(reference.fullmatch(word) for word in words)
        or FIXTURE in fixtures
    )


def parsed(name: str, text: str) -> ast.Module:
    """Read a module.

    Raises:
        RefusedError: It is no Python, so nobody knows what it needs.
    """
    try:
        return ast.parse(text, name)
    except SyntaxError as error:
        raise RefusedError(f"{name} cannot be read as Python: mend line {error.lineno} first.") from error


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules that a statement may import."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
