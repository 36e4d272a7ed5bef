"""The source lints, formats and type-checks before it is rendered, and keeps to the rules."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest

from flask_service_extensions.rendering import (
    PROJECT_FOLDER,
    ROOT,
    has_delimiters,
    is_copied,
    is_page,
)
from tests import retired_words
from tests import source_rules as rules
from tests.baking import TOOL_FOLDERS, clean_environment
from tests.environments import TOOLS

# A line whose finding is suppressed without a reason.
UNREASONED = re.compile(r"^.*# noqa(:[A-Z0-9, ]*)?$", re.MULTILINE)
Rule = Callable[[PurePath, str], list[str]]

PROJECT = ROOT / PROJECT_FOLDER
ALTERNATES = ROOT / "templates"
# `create_app` initializes the optional parts: one block for each.
FACTORY = PROJECT / "app" / "__init__.py"
MAX_BLOCKS = 4
MAX_MARKED = {"app": 9, "tests": 5}
# Rendering a file without Jinja takes time and changes nothing.
MAX_RENDERED_IN_VAIN = 0.15

# A line for each way to break each rule: it shows that the rule can fail.
OFFENCES: list[tuple[Rule, str, str]] = [
    (rules.unknown_statements, "app/a.py", "# @param x\n"),
    (rules.unknown_statements, "app/a.py", '#@if cookiecutter.auth == "jwt"\n'),
    (rules.words_after_a_marker, "app/a.py", "# @endif auth\n"),
    (rules.words_after_a_marker, "app/a.py", "# @else: none\n"),
    (rules.blank_after_a_marker, "app/a.py", "a = 1\n# @endif\n\nb = 1\n"),
    (
        rules.block_at_the_end_of_a_suite,
        "app/a.py",
        "def f():\n    a()\n    # @if a\n    b()\n    # @endif\nc = 1\n",
    ),
    (rules.conditional_imports, "app/a.py", "x = 1\n# @if a\nimport x\n# @endif\ny = 1\n"),
    (rules.conditional_imports, "app/a.py", "x = 1\n# @if a\nfrom x import y\n# @endif\ny = 1\n"),
    (rules.marker_in_a_continued_line, "Makefile", "a: \\\n# @if x\nb\n# @endif\n"),
    (rules.other_jinja, "app/a.css", "{#id}"),
    (rules.other_jinja, "app/a.py", "f'{{x}}'"),
    (rules.other_jinja, "app/a.py", "'{%(name)s}'"),
    (rules.other_jinja, ".github/workflows/a.yml", "{% raw %}run: true{% endraw %}"),
    (rules.other_jinja, ".github/workflows/a.yml", "group: ${{ github.ref }}"),
    (rules.unquoted_answers, "pyproject.toml", 'name = "{{ cookiecutter.project_name }}"'),
    (rules.unquoted_answers, "README.md", "# {{ cookiecutter.project_name }}"),
    (rules.unquoted_answers, "app/a.py", 'a = "{{ cookiecutter.author_name | toml }}"'),
    (rules.answers_outside_strings, "app/a.py", "# {{ cookiecutter.description | py }}\n"),
    (rules.answers_outside_strings, "app/a.py", '"""{{ cookiecutter.description | py }}"""\n'),
    (rules.answers_outside_strings, "app/a.py", "import {{ cookiecutter.project_slug }}\n"),
    (rules.unknown_conditions, "app/a.py", '# @if cookiecutter.auth == "oauth"\n'),
    (rules.unknown_conditions, "app/a.py", '# @if cookiecutter.colour == "red"\n'),
    (rules.unknown_conditions, "README.md", '{% if cookiecutter.auth == "oauth" %}'),
    (rules.conditional_names, "{% if x %}a.py{% endif %}", ""),
]


def source_files() -> list[Path]:
    """Return the files whose Jinja is cookiecutter's."""
    paths = [
        path
        for folder in (PROJECT, ALTERNATES)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return [
        path
        for path in paths
        if path.name != "ruff.toml"
        and not TOOL_FOLDERS.intersection(path.parts)
        and not is_page(relative(path))
    ]


def relative(path: Path) -> PurePath:
    """Return the path of a source file in a project."""
    return path.relative_to(PROJECT if path.is_relative_to(PROJECT) else ALTERNATES)


def marked_files(folder: str) -> list[Path]:
    """Return the Python files of a folder that have markers, without the factory."""
    files = [
        path
        for path in source_files()
        if path.suffix == ".py" and path.is_relative_to(PROJECT / folder) and path != FACTORY
    ]
    return [path for path in files if list(rules.markers(path.read_text("utf-8")))]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps_to(rule: Rule) -> None:
    findings = {path: rule(relative(path), path.read_text("utf-8")) for path in source_files()}
    assert not {str(path): found for path, found in findings.items() if found}


@pytest.mark.parametrize(("rule", "name", "text"), OFFENCES)
def test_a_rule_sees_its_offence(rule: Rule, name: str, text: str) -> None:
    assert rule(PurePath(name), text)


def tracked_texts() -> dict[str, str]:
    """Return the text of every file that git would commit, by name."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    names = [name for name in filter(None, listing.split("\0")) if (ROOT / name).is_file()]
    binary = {".png"}
    return {
        name: (ROOT / name).read_text("utf-8")
        for name in names
        if PurePath(name).suffix not in binary
    }


def test_no_text_uses_a_retired_word() -> None:
    texts = tracked_texts()
    assert len(texts) > 200
    found = [line for name, text in texts.items() for line in retired_words.findings(name, text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", retired_words.EXAMPLES)
def test_a_retired_word_is_found(text: str) -> None:
    assert retired_words.findings("app/a.py", text)


@pytest.mark.parametrize("text", retired_words.OTHER_WORDS)
def test_other_words_are_not_retired(text: str) -> None:
    assert not retired_words.findings("app/a.py", text)


def test_every_suppressed_finding_has_a_reason() -> None:
    lines = [match[0] for text in tracked_texts().values() for match in UNREASONED.finditer(text)]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("codes", ["", ": S105", ": S603, S607"])
def test_suppression_without_a_reason_is_found(codes: str) -> None:
    assert UNREASONED.search(f"a = 1  # noqa{codes}\nb = 1\n")
    assert not UNREASONED.search(f"a = 1  # noqa{codes} - as in Flask\n")


def test_every_rule_has_an_offence() -> None:
    assert {rule for rule, _, _ in OFFENCES} == set(rules.RULES)


@pytest.mark.parametrize("folder", MAX_MARKED)
def test_few_files_are_marked(folder: str) -> None:
    assert len(marked_files(folder)) <= MAX_MARKED[folder], [
        path.name for path in marked_files(folder)
    ]


def test_no_file_has_more_than_a_few_blocks() -> None:
    counts = {
        str(path): len(list(rules.blocks(path.read_text("utf-8"))))
        for path in source_files()
        if path != FACTORY
    }
    assert not {
        path: count for path, count in counts.items() if count > MAX_BLOCKS and path.endswith(".py")
    }


def has_jinja(path: Path) -> bool:
    """Return whether rendering a file may change it."""
    text = path.read_text("utf-8")
    return has_delimiters(text) or bool(list(rules.markers(text)))


def test_what_is_copied_has_no_jinja() -> None:
    copied = [path for path in source_files() if is_copied(relative(path))]
    assert [path for path in copied if has_jinja(path)] == [], "see _copy_without_render"


def test_most_files_without_jinja_are_copied() -> None:
    files = [path for path in source_files() if path.is_relative_to(PROJECT)]
    plain = [path for path in files if not has_jinja(path)]
    rendered = [path for path in plain if not is_copied(relative(path))]
    assert len(rendered) < MAX_RENDERED_IN_VAIN * len(plain), f"_copy_without_render: {rendered}"


def test_no_folder_is_copied_whole() -> None:
    """Cookiecutter would delete what is in the folder already, with files that are not its own."""
    folders = [path for path in PROJECT.rglob("*") if path.is_dir()]
    assert [path for path in folders if is_copied(relative(path))] == []


def test_every_alternate_is_included_by_the_file_of_its_name() -> None:
    alternates = sorted(ALTERNATES.rglob("*.py"))
    assert alternates
    for path in alternates:
        name = path.relative_to(ALTERNATES)
        assert f'# @include "{name.as_posix()}"\n' in (
            PROJECT / name.relative_to(name.parts[0])
        ).read_text("utf-8")


def test_the_source_lints_formats_and_type_checks_before_it_is_rendered() -> None:
    done = subprocess.run(
        ["make", "check"],
        cwd=ROOT,
        capture_output=True,
        env=clean_environment(),
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_sees_every_python_file() -> None:
    command = [TOOLS / "ruff", "check", "--no-cache", "--show-files"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    python_files = [path for path in source_files() if path.suffix == ".py"]
    assert not [path for path in python_files if str(path) not in listed]


def test_no_tool_excludes_what_is_rendered() -> None:
    settings = [ROOT / "pyproject.toml", ROOT / ".pre-commit-config.yaml"]
    lines = [line for path in settings for line in path.read_text("utf-8").splitlines()]
    excluding = [line for line in lines if re.search(r"\bexclude\b", line)]
    # Some benchmarks run in the environment of a service: they type-check nowhere else.
    assert not [line for line in excluding if '["benchmarks/' not in line]
