"""Words that were replaced by the field's standard terms, and where they may still stand."""

import re
from pathlib import PurePath

# Retired word (a regular expression): what to write.
RETIRED = {
    r"strangers?": "anonymous, unauthenticated",
    r"whoever": "the user who, a client that",
    r"back[-_\s]+offices?": "admin",
    r"floors?": "layer",
    r"somebody": "a user, a team, a person by role",
    r"nobody": "no user, no client, nothing",
    r"told": "given, configured, shown, reported",
    r"rings?": "integration tests",
    r"sign(s|ed|ing)?[-_\s]+(in|ins|out|outs)": "log in, log out, login, session",
    r"viewers?|visitors?": "actor, current user, client",
    r"scribbl\w*": "models of the tests",
    r"knock\w*": "attempt_login",
    r"living": "not deleted, not_deleted",
    r"(?<!_)refuse_\w+": "validate_, require_",
    r"telltales?": "sentinels",
    r"the\s+proof": "the test suite",
    r"doors?": "login, endpoint",
    r"tells?\s+whether": "return whether",
}
PATTERN = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(RETIRED)})(?![a-z0-9])", re.IGNORECASE)
EXAMPLES = (
    "A stranger asks",
    "test_a_stranger_signs_in",
    "# the rings",
    "the\nproof",
    "Sign in",
    "signed-in",
    "refuse_bad_answers",
    "TELLTALES = 1",
    "Back office",
    "Tell whether",
)
OTHER_WORDS = (
    "string",
    "production_refuses_a_secret",
    "design in",
    "printing",
    "refused",
    "stairs",
)
HERE = PurePath("tests/retired_words.py")
# Files that may use one of the words, with the reason.
EXCEPTIONS: dict[str, str] = {}


def findings(name: str, text: str) -> list[str]:
    """Return each retired word in a file and what to write in its place."""
    path = PurePath(name)
    if path == HERE or path.is_relative_to("templates/licenses"):
        return []
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]!r}: {replacement(match[0])}"
        for match in PATTERN.finditer(text)
        if EXCEPTIONS.get(name) != match[0].lower()
    ]


def replacement(word: str) -> str:
    """Return what to write for a retired word."""
    return next(new for old, new in RETIRED.items() if re.fullmatch(old, word, re.IGNORECASE))
