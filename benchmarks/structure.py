"""Measure the size of generated services: `python -m benchmarks.structure [COMMIT]`.

It compares a commit (the last one before the terms and the structure were revised, by default) with
the files as they are, and writes docs/structure.md.
"""

import ast
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flask_service_extensions.rendering import MARKER, PROJECT_FOLDER, ROOT
from tests.baking import TOOL_FOLDERS, copy_template

BEFORE = "923991e"
DOCUMENT = ROOT / "docs" / "structure.md"
VARIANTS = {
    "default": (),
    "barest": ("auth=none", "admin=False", "docker=False", "ci=none", "database=sqlite"),
}
ROUTES = {"route", "get", "post", "patch", "put", "delete"}
INTRODUCTION = """# The size of a service

`python -m benchmarks.structure` measures and writes this page. Lines are lines of Python with
comments, docstrings and blank lines; markers are counted in the template; a view is as long as its
statements, without the docstring. *Before* is commit {before}.

"""


class Size(NamedTuple):
    """The size of one generated service."""

    app: int
    tests: int
    other: int
    modules: Counter[str]
    views: list[int]


def main(commit: str) -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = export(commit, folder / "before")
        after = copy_template(folder / "after")
        text = INTRODUCTION.format(before=commit) + "\n".join(table(before, after)) + "\n"
    DOCUMENT.write_text(text, "utf-8")


def export(commit: str, folder: Path) -> Path:
    """Write the template of a commit into a folder."""
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", commit], cwd=ROOT, capture_output=True, check=True
    ).stdout
    subprocess.run(["tar", "--extract", "--directory", folder], input=archive, check=True)
    return folder


def table(before: Path, after: Path) -> Iterator[str]:
    """Yield the lines of both tables."""
    yield from ("| measure | before | after |", "| --- | ---: | ---: |")
    sizes = {
        name: (measure(before, answers), measure(after, answers))
        for name, answers in VARIANTS.items()
    }
    for name, (old, new) in sizes.items():
        yield f"| lines of `app/`, {name} service | {old.app:,} | {new.app:,} |"
        yield f"| lines of `tests/`, {name} service | {old.tests:,} | {new.tests:,} |"
        yield f"| lines of other Python, {name} service | {old.other:,} | {new.other:,} |"
    for what, suffixes in (("Python", (".py",)), ("all files", ("",))):
        yield f"| marker lines in {what} | {marked(before, suffixes)} | {marked(after, suffixes)} |"
    old, new = sizes["default"]
    yield f"| median view, statements | {median(old)} | {median(new)} |"
    yield f"| longest view, statements | {max(old.views)} | {max(new.views)} |"
    yield from ("", "| modules in (default service) | before | after |", "| --- | ---: | ---: |")
    for place in sorted(old.modules.keys() | new.modules.keys()):
        yield f"| `{place}/` | {old.modules[place] or '-'} | {new.modules[place] or '-'} |"


def median(size: Size) -> str:
    """Return the median of the views."""
    return f"{statistics.median(size.views):g}"


def measure(template: Path, answers: tuple[str, ...]) -> Size:
    """Generate a service and count."""
    with tempfile.TemporaryDirectory() as folder:
        command = [Path(sys.executable).with_name("cookiecutter"), template, "--no-input"]
        command += ["--output-dir", folder, *answers]
        subprocess.run(command, check=True, capture_output=True)
        return size(Path(folder) / "flask-service")


def size(service: Path) -> Size:
    """Count the lines, modules and views of a service."""
    sources = {
        path.relative_to(service): path.read_text("utf-8")
        for path in service.rglob("*")
        if path.suffix == ".py" and not TOOL_FOLDERS.intersection(path.parts)
    }
    lines: Counter[str] = Counter()
    for path, text in sources.items():
        place = path.parts[0] if path.parts[0] in {"app", "tests"} else "other"
        lines[place] += len(text.splitlines())
    modules = Counter(path.parent.as_posix() for path in sources if len(path.parts) > 1)
    views = [length for path, text in sources.items() if is_api(path) for length in lengths(text)]
    return Size(lines["app"], lines["tests"], lines["other"], modules, views)


def is_api(path: Path) -> bool:
    """Return whether a module has views of the API."""
    return path.parts[:2] == ("app", "api")


def lengths(source: str) -> Iterator[int]:
    """Yield the statements of each view: a method of a view class, or a function with a route."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and any(
            "MethodView" in ast.unparse(b) for b in node.bases
        ):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            yield from (statements(item) for item in methods if item.name in ROUTES)
        if isinstance(node, ast.FunctionDef) and is_routed(node):
            yield statements(node)


def is_routed(function: ast.FunctionDef) -> bool:
    """Return whether a function has a decorator such as `@blp.get`."""
    names = (node.func for node in function.decorator_list if isinstance(node, ast.Call))
    return any(isinstance(name, ast.Attribute) and name.attr in ROUTES for name in names)


def statements(function: ast.FunctionDef) -> int:
    """Count the statements of a function without its docstring, nested ones, too."""
    nodes = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return nodes - (ast.get_docstring(function) is not None)


def marked(template: Path, suffixes: tuple[str, ...]) -> int:
    """Count the marker lines in the project folder of a template."""
    files = (path for path in (template / PROJECT_FOLDER).rglob("*") if path.is_file())
    texts = (path.read_text("utf-8") for path in files if path.name.endswith(suffixes))
    return sum(line.lstrip().startswith(MARKER) for text in texts for line in text.splitlines())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else BEFORE)
