"""Products that are rendered in one process are those that cookiecutter writes."""

import random
from pathlib import Path

import pytest

from tests.baking import Bake, BakedProject
from tests.renderer import RecordedAnswers, Renderer
from tests.variants import BAREST, FULLEST, OPTIONS, Variant, today, valid_products

# In another order each day; with more options, there are too many to render them all.
SHUFFLED = random.Random(today()).sample(valid_products(OPTIONS), 1000)  # noqa: S311 - no secret
SAMPLE = [Variant(), BAREST, FULLEST, *SHUFFLED[:2]]


@pytest.fixture(scope="module")
def renderer(template: Path) -> Renderer:
    return Renderer(template)


def written(project: BakedProject) -> dict[str, bytes]:
    """Return all files and folders of a project on disk, folders with `/`."""
    return {
        path.relative_to(project.path).as_posix() + "/" * path.is_dir(): (
            path.read_bytes() if path.is_file() else b""
        )
        for path in project.everything()
    }


@pytest.mark.parametrize("answers", SAMPLE, ids=str)
def test_a_rendered_product_is_what_cookiecutter_writes(
    answers: Variant, renderer: Renderer, bake: Bake
) -> None:
    assert renderer.render(answers) == written(bake(**answers))


def test_what_was_rendered_before_changes_nothing(renderer: Renderer, template: Path) -> None:
    for answers in SHUFFLED:
        renderer.render(answers)
    assert renderer.render(BAREST) == Renderer(template).render(BAREST)


def test_a_template_that_asks_for_all_answers_at_once_is_refused() -> None:
    with pytest.raises(TypeError, match="one answer after the other"):
        dict(RecordedAnswers({"auth": "jwt"}))
