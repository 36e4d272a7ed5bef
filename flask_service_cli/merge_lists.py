"""Conflicts in lists with one entry a line, where both sides only added or removed entries.

Generated code is registered in lists of the template, often beside what an option adds to them. Git
reports changes of neighboring lines as a conflict.
"""

import re
from collections.abc import Sequence

# Their order has no meaning, unlike that of the arguments of a call.
FILES = {"app/__init__.py", "app/api/__init__.py", "tests/conftest.py"}
# As git writes it with `merge.conflictStyle=diff3`.
CONFLICT = re.compile(
    rb"^<{7} .*\n(?P<ours>(?:.*\n)*?)\|{7} .*\n(?P<base>(?:.*\n)*?)"
    rb"={7}\n(?P<theirs>(?:.*\n)*?)>{7} .*\n",
    re.MULTILINE,
)
ENTRY = re.compile(rb'[ \t]+["*]?[A-Za-z_][\w.]*"?,\n')


def merge_lists(text: bytes) -> bytes | None:
    """Return a file without conflicts; None if one of them is about more than entries of a list."""
    conflicts = [
        [match[side].splitlines(keepends=True) for side in ("ours", "base", "theirs")]
        for match in CONFLICT.finditer(text)
    ]
    lines = [line for sides in conflicts for side in sides for line in side]
    if not lines or not all(map(ENTRY.fullmatch, lines)):
        return None
    merged = iter([b"".join(_merge(*sides)) for sides in conflicts])
    return CONFLICT.sub(lambda _match: next(merged), text)


def _merge(
    ours: Sequence[bytes], base: Sequence[bytes], theirs: Sequence[bytes]
) -> Sequence[bytes]:
    """Return the entries that no side removed, in their order if both sides are sorted."""
    lines = [line for line in theirs if line in ours or line not in base]
    lines += [line for line in ours if line not in base and line not in lines]
    is_sorted = all(sorted(side) == side for side in (ours, theirs))
    return sorted(lines) if is_sorted else lines
