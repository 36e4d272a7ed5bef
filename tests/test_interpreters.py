"""The default and the barest variant pass their tests on every Python that is promised."""

import sys

import pytest

from tests.baking import Bake
from tests.environments import environment_of, find_interpreter
from tests.variants import BAREST, CODE_OPTIONS, DEFAULTS, Variant, choices, restricted

# The other tests run on this one.
THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
# The end of a run reports which versions are missing.
FOUND = [each for each in choices("python_version") if each != THIS and find_interpreter(each)]
VARIANTS = restricted([Variant(DEFAULTS), BAREST], CODE_OPTIONS)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("version", FOUND)
def test_its_own_tests_pass(version: str, variant: Variant, bake_code: Bake) -> None:
    project = bake_code(**variant)
    python = environment_of(version)
    assert project.run(python, "--version").startswith(f"Python {version}.")
    assert " passed" in project.run(python, "-m", "pytest", "--no-cov")
