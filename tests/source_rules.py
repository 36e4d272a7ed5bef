"""Rules for the template's source: each returns its findings."""

import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from pathlib import PurePath

from flask_service_extensions.rendering import CONTEXT, MARKER
from tests.variants import OPTIONS, choices

MARKER_LINE = re.compile(rf"^[ \t]*{re.escape(MARKER)}(\w+)(.*)$")
STATEMENTS = {"if", "elif", "else", "endif", "include"}
ALMOST_A_MARKER = re.compile(r"^[ \t]*#@(if|elif|else|endif|include)\b", re.MULTILINE)
INTERPOLATION = re.compile(r"\{\{ cookiecutter\.(\w+)( \| \w+)? \}\}")
WORKFLOWS_OWN = re.compile(r"\{% raw %\}\$\{\{[^\n]*?\}\}\{% endraw %\}")
CONDITION = re.compile(r'cookiecutter\.(\w+)(?: (?:==|!=) "([^"]*)"| in \(([^)]*)\))?')
FILTERS = {
    ".py": " | py",
    ".toml": " | toml",
    ".yaml": " | yaml",
    ".yml": " | yaml",
    ".md": " | md",
    "Dockerfile": " | dockerfile",
}
FREE_TEXT = {option for option in CONTEXT if not option.startswith("_")} - {
    "project_slug",
    "author_email",
    *OPTIONS,
}


def markers(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line index, statement and the rest of the line of each marker."""
    for index, line in enumerate(text.splitlines()):
        if match := MARKER_LINE.match(line):
            yield index, match[1], match[2].strip()


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line index of each outermost block."""
    open_ifs: list[int] = []
    for index, statement, _ in markers(text):
        if statement == "if":
            open_ifs.append(index)
        if statement == "endif":
            start = open_ifs.pop()
            if not open_ifs:
                yield start, index


def is_whole_file(text: str, start: int, end: int) -> bool:
    """Return whether a block chooses between two versions of a file."""
    return start == 0 and end == len(text.splitlines()) - 1


def unknown_statements(_path: PurePath, text: str) -> list[str]:
    """`# @word` begins a line of Jinja, whatever the word; without a space it is text."""
    unknown = [statement for _, statement, _ in markers(text) if statement not in STATEMENTS]
    return unknown + [match[0] for match in ALMOST_A_MARKER.finditer(text)]


def words_after_a_marker(_path: PurePath, text: str) -> list[str]:
    """Nothing may follow a marker on its line."""
    return [
        f"{word} {rest}" for _, word, rest in markers(text) if word in {"else", "endif"} and rest
    ]


def blank_after_a_marker(_path: PurePath, text: str) -> list[str]:
    """Jinja eats the blank lines after a marker, so the rendered file would differ."""
    lines = text.splitlines()
    return [
        lines[index]
        for index, _, _ in markers(text)
        if not "".join(lines[index + 1 : index + 2] or "x").strip()
    ]


def block_at_the_end_of_a_suite(_path: PurePath, text: str) -> list[str]:
    """A block of statements stands before the last unconditional one of its suite."""
    lines = text.splitlines()
    ends = [end for start, end in blocks(text) if not is_whole_file(text, start, end)]
    return [
        f"line {end + 1}"
        for end in ends
        if not _continues(lines[end], "".join(lines[end + 1 : end + 2]))
    ]


def _continues(marker: str, following: str) -> bool:
    same_depth = len(following) - len(following.lstrip()) >= len(marker) - len(marker.lstrip())
    return bool(following.strip()) and (same_depth or following.strip()[0] in ")]}")


def conditional_imports(path: PurePath, text: str) -> list[str]:
    """Import sorting refuses a conditional import statement; names in parentheses are fine."""
    lines = text.splitlines()
    inside = [
        line
        for start, end in blocks(text)
        if not is_whole_file(text, start, end)
        for line in lines[start:end]
    ]
    return [line for line in inside if path.suffix == ".py" and re.match(r"(import|from) ", line)]


def marker_in_a_continued_line(_path: PurePath, text: str) -> list[str]:
    """A backslash joins the next line, marker or not."""
    return [
        after
        for line, after in pairwise(text.splitlines())
        if line.endswith("\\") and MARKER_LINE.match(after)
    ]


def other_jinja(path: PurePath, text: str) -> list[str]:
    """Outside Markdown, Jinja is markers, interpolations and what keeps it off a workflow's own."""
    rest = WORKFLOWS_OWN.sub("", INTERPOLATION.sub("", text))
    return [] if path.suffix == ".md" else re.findall(r"\{\{.*|\{%.*|\{#.*", rest)


def unquoted_answers(path: PurePath, text: str) -> list[str]:
    """What a person typed is quoted for the format it lands in."""
    wanted = FILTERS.get(path.suffix or path.name)
    found = [match for match in INTERPOLATION.finditer(text) if match[1] in FREE_TEXT]
    return [match[0] for match in found if match[2] != wanted]


def answers_outside_strings(path: PurePath, text: str) -> list[str]:
    """Raw Python stays Python: answers stand in strings, not in names, comments, docstrings."""
    if path.suffix != ".py":
        return []
    tokens = list(tokenize.generate_tokens(StringIO(text).readline))
    strings = [
        token.string
        for token in tokens
        if token.type == tokenize.STRING and not token.string.startswith('"""')
    ]
    return ["interpolation"] * (
        len(INTERPOLATION.findall(text)) - len(INTERPOLATION.findall("\n".join(strings)))
    )


def unknown_conditions(_path: PurePath, text: str) -> list[str]:
    """A condition compares an option with a choice that exists."""
    conditions = [rest for _, statement, rest in markers(text) if statement in {"if", "elif"}]
    conditions += re.findall(r"\{%-? (?:if|elif) (.*?) -?%\}", text)
    return [condition for condition in conditions if not _is_known(condition)]


def _is_known(condition: str) -> bool:
    found = CONDITION.findall(condition)
    compared = [
        (option, set(re.findall(r'"([^"]*)"', several)) or {one}) for option, one, several in found
    ]
    return bool(found) and all(
        option in OPTIONS and values - {""} <= set(choices(option)) for option, values in compared
    )


def conditional_names(path: PurePath, _text: str) -> list[str]:
    """Names of files and folders are plain; the hook deletes what was not chosen."""
    return [str(path)] if set("{}%") & set(str(path)) else []


RULES = (
    unknown_statements,
    words_after_a_marker,
    blank_after_a_marker,
    block_at_the_end_of_a_suite,
    conditional_imports,
    marker_in_a_continued_line,
    other_jinja,
    unquoted_answers,
    answers_outside_strings,
    unknown_conditions,
    conditional_names,
)
