"""Unusual answers are rejected with one sentence and nothing on disk, or work in every file."""

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cookiecutter.__main__ import main as cookiecutter_command
from markdown_it import MarkdownIt

from flask_service_extensions.answers import Requirement, unmet
from flask_service_extensions.rendering import CONTEXT
from flask_service_extensions.reserved import dependency_names
from tests.answers import UNUSUAL_ANSWERS, WORKS
from tests.baking import Bake
from tests.static import quick_findings
from tests.variants import OPTIONS, choices

Run = Callable[..., Result]

REJECTED = [row for row in UNUSUAL_ANSWERS if row[2] != WORKS]
ACCEPTED = [row[:2] for row in UNUSUAL_ANSWERS if row[2] == WORKS]
TAKE_DEFAULTS = "\n" * len(CONTEXT)
TEXTS = [
    value
    for option, value in ACCEPTED
    if option in {"project_name", "author_name"} or (option == "description" and len(value) <= 80)
]


@pytest.fixture
def run(template: Path, cookiecutter_config: Path, tmp_path: Path) -> Run:
    """Run the command in this process."""
    options = [template, "--config-file", cookiecutter_config, "--output-dir", tmp_path / "out"]

    def run_cookiecutter(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(
            cookiecutter_command, [*map(str, options), *arguments], input=typed
        )

    return run_cookiecutter


def test_the_table_holds_sixty_different_answers() -> None:
    assert len(set(UNUSUAL_ANSWERS)) == len(UNUSUAL_ANSWERS) >= 60


@pytest.mark.parametrize(("option", "value", "words"), REJECTED)
def test_an_invalid_answer_is_rejected_with_one_sentence_and_no_file(
    option: str, value: str, words: str, run: Run, tmp_path: Path
) -> None:
    result = run("--no-input", f"{option}={value}")
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("option", "value"), ACCEPTED)
def test_an_accepted_answer_works_in_every_file(option: str, value: str, bake: Bake) -> None:
    project = bake(**{option: value})
    assert project.answers[option] == value
    assert not quick_findings(project)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_arrives_as_typed(text: str, bake: Bake) -> None:
    project = bake(project_name=text, project_slug="odd", description=text, author_name=text)
    metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
    assert [metadata["description"], metadata["authors"][0]["name"]] == [text, text]
    assert f"Copyright (c) {text}\n" in project.read("LICENSE")
    assert constant("PROJECT_NAME", project.read("app/config.py")) == text
    assert shown_blocks(project.read("README.md"))[:2] == [text, text]


def constant(name: str, source: str) -> object:
    """Return what a module or class assigns to a name."""
    assignments = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assign)]
    values = [node.value for node in assignments if ast.unparse(node.targets[0]) == name]
    return ast.literal_eval(values[0])


def shown_blocks(markdown: str) -> list[str]:
    """Return what a reader sees of each heading and paragraph."""
    blocks = [token.children or [] for token in MarkdownIt().parse(markdown) if token.children]
    return ["".join(part.content for part in block) for block in blocks]


def test_no_project_is_called_like_a_library_it_installs(provided: dict[str, set[str]]) -> None:
    installed = set().union(*provided.values())
    assert not installed - dependency_names()


def test_the_prompts_are_shown_and_return_takes_the_default(run: Run, tmp_path: Path) -> None:
    result = run(typed="Bake Sale\n" + TAKE_DEFAULTS)
    assert result.exit_code == 0, result.output
    assert "Project name" in result.output
    assert (tmp_path / "out" / "bake-sale" / "pyproject.toml").exists()


def test_template_code_typed_at_a_prompt_is_rejected(run: Run, tmp_path: Path) -> None:
    result = run(typed="{{ x }}\nx\n" + TAKE_DEFAULTS)
    assert result.exit_code == 1
    assert "project_name '{{ x }}' would be run as a template" in result.output.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_every_option_has_a_prompt_in_plain_words() -> None:
    prompts = CONTEXT["__prompts__"]
    assert list(prompts) == [option for option in CONTEXT if not option.startswith("_")]
    for option in OPTIONS:
        if isinstance(CONTEXT[option], list):
            assert list(prompts[option]) == ["__prompt__", *choices(option)]


def test_an_unmet_requirement_is_rejected_with_what_to_choose() -> None:
    needs_users = Requirement("admin", choice=True, needs="auth", one_of=("jwt", "session"))
    sentences = list(unmet({"admin": True, "auth": "none"}, (needs_users,)))
    assert sentences == ["admin=True does not work with auth=none: choose auth=jwt or session."]
    assert not list(unmet({"admin": False, "auth": "none"}, (needs_users,)))


def test_baking_with_an_unknown_option_fails(bake: Bake) -> None:
    with pytest.raises(AssertionError, match="does not ask for colour"):
        bake(colour="red")
