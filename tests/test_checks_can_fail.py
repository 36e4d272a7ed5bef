"""Break a project on purpose and see the checks go red: a check that cannot fail proves nothing."""

from pathlib import Path

import pytest

from tests import dependencies
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
