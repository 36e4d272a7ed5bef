"""AGENTS.md tells the truth."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AGENTS = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
PATHS = re.findall(r"^\| `([\w./]+)` \|", AGENTS, re.MULTILINE)
VERBS = re.findall(r"^\| `make ([\w-]+)[^`]*` \|", AGENTS, re.MULTILINE)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_it_names_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_it_names_is_in_the_makefile(verb):
    assert re.search(rf"^{verb}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_it_names_everything_in_the_app():
    parts = {part for part in (ROOT / "app").iterdir() if part.name != "__pycache__"}

    unnamed = parts - {ROOT / path for path in PATHS}

    assert not unnamed
