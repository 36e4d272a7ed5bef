"""The layers of services: the contract, the documents and the code agree."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests import static
from tests.baking import Bake, BakedProject
from tests.static import imported_names
from tests.variants import PAIRWISE_CODE, Variant

# Written when a service needs it; the documents say how.
GENERATED = "clients"
PART = re.compile(r"^\| `app/(\w+)(?:/|\.py)` \|", re.MULTILINE)


def layers(project: BakedProject) -> list[str]:
    """Return the parts that the application has or can have, from top to bottom."""
    contracts = tomllib.loads(project.read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    names = [name for layer in contracts[0]["layers"] for name in re.findall(r"\w+", layer)]
    app = project.path / "app"
    return [
        name
        for name in names
        if (app / name).is_dir() or (app / f"{name}.py").exists() or name == GENERATED
    ]


@pytest.fixture(scope="module", params=PAIRWISE_CODE, ids=str)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    variant: Variant = request.param
    return bake(**variant)


def test_agents_lists_every_part_in_the_order_of_the_layers(project: BakedProject) -> None:
    named = PART.findall(project.read("AGENTS.md"))
    parts = [part for part in named if part not in {"__init__", "templates"}]
    assert parts == layers(project)


def test_readme_lists_the_packages_in_the_order_of_the_layers(project: BakedProject) -> None:
    app = project.path / "app"
    packages = [name for name in layers(project) if not (app / f"{name}.py").exists()]
    assert PART.findall(project.read("README.md")) == packages


def test_only_the_database_package_knows_a_dialect(project: BakedProject) -> None:
    app = project.path / "app"
    files = [
        path
        for path in project.files("*.py")
        if path.is_relative_to(app) or path.is_relative_to(project.path / "migrations")
    ]
    outside = [path for path in files if not path.is_relative_to(app / "db")]
    assert outside
    assert not [path for path in outside if knows_dialect(path.read_text("utf-8"))]


def knows_dialect(source: str) -> bool:
    """Return whether a module imports a dialect, or asks which one it is."""
    imports = any(name.startswith("sqlalchemy.dialects") for name in imported_names(source))
    return imports or re.search(r"dialect\.name|with_variant", source) is not None


@pytest.mark.parametrize(
    "source",
    ["from sqlalchemy.dialects import mysql\n", 'x = engine.dialect.name == "sqlite"\n'],
)
def test_knowledge_of_a_dialect_is_found(source: str) -> None:
    assert knows_dialect(source)


def test_a_module_in_no_layer_is_found(bake: Bake, environment: Path, tmp_path: Path) -> None:
    project = bake()
    copy = BakedProject(shutil.copytree(project.path, tmp_path / "copy"), project.answers)
    (copy.path / "app" / "lonely.py").write_text('"""A part without a layer."""\n', "utf-8")
    assert "- app.lonely" in static.layers(copy, environment)
