"""Whether a module uses one name for two things."""

import symtable
from collections.abc import Iterator


def confuses(text: str, unmistakable: str) -> bool:
    """Compare a module with the same one for a resource whose names mean nothing else.

    A scope that knows fewer names than there uses one of them twice: for the resource, and for something
    that every resource needs. Python itself refuses some, like a parameter that is there twice.
    """
    try:
        return list(_sizes(text)) != list(_sizes(unmistakable))
    except SyntaxError:
        return True


def _sizes(text: str) -> Iterator[int]:
    """Yield how many names each scope knows, from the module inwards."""
    scopes = [symtable.symtable(text, "", "exec")]
    for scope in scopes:
        yield len(scope.get_identifiers())
        scopes += scope.get_children()
