"""Which modules a source may import."""

import ast
from functools import cache


@cache
def imported_names(source: str) -> frozenset[str]:
    """Return the dotted names that a module may import, `from` imports name by name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.update({node.module}, (f"{node.module}.{alias.name}" for alias in node.names))
    return frozenset(names)
