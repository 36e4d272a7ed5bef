"""Fixtures for all tests."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_cookies.plugin import Cookies

from tests.baking import Bake, BakedProject, bake_with


@pytest.fixture(scope="session")
def bake(cookies_session: Cookies) -> Bake:
    """Bake a project from answers given by name; unknown answers are an error."""

    def bake_project(**answers: Any) -> BakedProject:
        return bake_with(cookies_session, answers)

    return bake_project


@pytest.fixture(scope="session")
def cookiecutter_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep what cookiecutter remembers out of the home folder."""
    folder = tmp_path_factory.mktemp("cookiecutter")
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump({"replay_dir": str(folder / "replay"), "cookiecutters_dir": str(folder)}))
    return config
