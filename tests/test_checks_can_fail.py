"""Break a project on purpose and see the checks go red: a check that cannot fail proves nothing."""

from pathlib import Path

import pytest

from tests import dependencies, pipelines, static
from tests.baking import Bake, BakedProject
from tests.services import production, walk_migrations


@pytest.fixture
def project(bake: Bake) -> BakedProject:
    return bake()


def append(project: BakedProject, name: str, text: str) -> None:
    """Add a line to a file of the project; make the file when there is none."""
    path = project.path / name
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(before + text, "utf-8")


BREAKS: list[tuple[static.Check, str, str]] = [
    (static.leftover_jinja, "README.md", "{{ cookiecutter.project_name }}\n"),
    (static.leftover_jinja, "app/exceptions.py", "# @endif\n"),
    (static.leftover_jinja, "README.md", "{% endif %}\n"),
    (static.emptiness, "app/nothing.py", ""),
    (static.emptiness, "app/nothing.py", "\n"),
    (static.untidy_text, "README.md", "trailing \n"),
    (static.untidy_text, "README.md", "\n"),
    (static.untidy_text, "README.md", "no line end"),
    (static.unreadable_data, "pyproject.toml", "a = \n"),
    (static.unreadable_data, "data.json", "{,}\n"),
    (static.unreadable_data, ".pre-commit-config.yaml", "a: b: c\n"),
    (static.lint, "app/exceptions.py", "def\n"),
    (static.orphans, "app/lonely.py", '"""Nobody needs this."""\n'),
    (static.orphans, "app/api/lonely.py", '"""Nobody needs this."""\n'),
    (pipelines.invalid_pipelines, pipelines.GITHUB, "permission: {}\n"),
    (pipelines.invalid_pipelines, "renovate.json", '{"extends": 1}\n'),
    (static.lint, "app/exceptions.py", "import os\n"),
    (static.formatting, "app/exceptions.py", "x  =  1\n"),
]


@pytest.mark.parametrize(("check", "name", "text"), BREAKS)
def test_a_quick_check_sees(
    check: static.Check, name: str, text: str, project: BakedProject
) -> None:
    assert not check(project)
    append(project, name, text)
    assert check(project)


def test_every_quick_check_has_been_seen_failing() -> None:
    assert {check for check, _, _ in BREAKS} == set(static.QUICK_CHECKS)


def test_an_empty_folder_is_seen(project: BakedProject) -> None:
    (project.path / "app" / "left").mkdir()
    assert static.emptiness(project)


def test_a_wrong_type_is_seen(project: BakedProject, environment: Path) -> None:
    append(project, "wsgi.py", 'number: int = "text"\n')
    assert static.types(project, environment)


def test_an_import_that_points_up_is_seen(project: BakedProject, environment: Path) -> None:
    append(project, "app/models/post.py", "from app.api import posts  # noqa\n")
    assert static.layers(project, environment)


@pytest.mark.parametrize("name", ["app/exceptions.py", "tests/conftest.py"])
def test_an_undeclared_import_is_seen(
    name: str, project: BakedProject, provided: dict[str, set[str]]
) -> None:
    append(project, name, "import yaml\n")
    assert dependencies.findings(project, provided) == [
        f"{project.path / name}: yaml is not declared"
    ]


def test_an_unused_declaration_is_seen(
    project: BakedProject, provided: dict[str, set[str]]
) -> None:
    text = project.read("pyproject.toml")
    longer = text.replace("dependencies = [", 'dependencies = [\n  "requests>=2,<3",', 1)
    (project.path / "pyproject.toml").write_text(longer, "utf-8")
    assert dependencies.findings(project, provided) == ["requests: declared, not imported"]


def test_a_broken_view_turns_the_projects_own_tests_red(
    project: BakedProject, environment: Path
) -> None:
    health = project.path / "app" / "api" / "health.py"
    health.write_text(health.read_text("utf-8").replace('"ready"', '"broken"'), "utf-8")
    done = project.attempt(environment, "-m", "pytest", "tests/api/test_health.py")
    assert done.returncode == 1, done.stdout


def test_a_model_without_a_migration_is_seen(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    append(project, "app/models/post.py", "    mood: Mapped[str | None]\n")
    with pytest.raises(AssertionError, match="add_column"):
        walk_migrations(project, environment, **production(f"sqlite:///{tmp_path / 'database'}"))


def test_a_migration_that_loses_rows_is_seen(
    project: BakedProject, environment: Path, tmp_path: Path
) -> None:
    migration = project.path / "migrations" / "versions" / "0002_accounts.py"
    text = migration.read_text("utf-8")
    lossy = text.replace(
        "def upgrade() -> None:\n", 'def upgrade() -> None:\n    op.execute("DELETE FROM posts")\n'
    )
    migration.write_text(lossy, "utf-8")
    settings = production(f"sqlite:///{tmp_path / 'database'}")
    assert "Kept" not in walk_migrations(project, environment, **settings)
