"""Detect modules that use one name for two things."""

import symtable
from collections.abc import Iterator


def has_name_collision(text: str, reference: str) -> bool:
    """Return whether a module uses a name twice that the reference module uses once.

    The reference is the same module, rendered for a resource whose names occur nowhere else. A
    scope with fewer names than there has one name for the resource and for something else. Some
    collisions, such as a duplicate parameter, are syntax errors.
    """
    try:
        return list(_count_names(text)) != list(_count_names(reference))
    except SyntaxError:
        return True


def _count_names(text: str) -> Iterator[int]:
    """Yield the number of names in each scope, outer scopes first."""
    scopes = [symtable.symtable(text, "", "exec")]
    for scope in scopes:
        yield len(scope.get_identifiers())
        scopes += scope.get_children()
