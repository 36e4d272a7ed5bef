"""Check every valid product without running it, each distinct thing once.

A check declares which files it reads, and what of them. It is run on folders that hold exactly
that, so what it finds can depend on nothing else, and products that agree on these files share
its result.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path

from tests import compose_rules, dependencies, static
from tests.baking import BakedProject
from tests.environments import SERVICE_PYTHON
from tests.ledger import Ledger, digest, installed
from tests.pipelines import CHECKERS, invalid_pipelines
from tests.reads import harness
from tests.renderer import Answers, Files, Products, Renderer
from tests.variants import EXTENT, Variant, few

Reads = Callable[[str], bool]
Units = Callable[[list[str]], Iterable[list[str]]]
PYPROJECT = "pyproject.toml"
# What a rule reads if not compose.yaml alone.
RULES_READ = {
    compose_rules.dockerfile: {"Dockerfile"},
    compose_rules.schema: {"compose.yaml", "compose.dev.yaml"},
    compose_rules.health: {"compose.yaml", "Dockerfile"},
}
PROCESSES = 2
# An expensive check takes a second for each: with six more options, there would be 1,152 of them.
MOST_PROJECTS = 100


def files_alone(paths: list[str]) -> Iterator[list[str]]:
    """Every file is a unit of its own."""
    return ([path] for path in paths)


def files_with_settings(paths: list[str]) -> Iterator[list[str]]:
    """Every file is checked by the settings of its project."""
    return ([path, PYPROJECT] for path in paths if path != PYPROJECT)


def folders(paths: list[str]) -> Iterator[list[str]]:
    """Every folder is a unit with all that is in it."""
    for folder in paths:
        if folder.endswith("/"):
            yield [path for path in paths if path.startswith(folder)]


def everything(paths: list[str]) -> Iterator[list[str]]:
    """All files that a check reads belong together."""
    yield paths


def tables(*names: str) -> Callable[[str, bytes], bytes]:
    """Keep only some tables of pyproject.toml."""
    headers = tuple(
        f"[{bracket}{name}{end}" for name in names for bracket in ("", "[") for end in "]."
    )

    def keep(path: str, content: bytes) -> bytes:
        if path != PYPROJECT:
            return content
        kept, keeping = [], False
        for line in content.decode().splitlines(keepends=True):
            keeping = line.startswith(headers) if line.startswith("[") else keeping
            kept.append(line if keeping else "")
        return "".join(kept).encode()

    return keep


def declared_dependencies(path: str, content: bytes) -> bytes:
    """Keep only the lists of dependencies of pyproject.toml."""
    if path != PYPROJECT:
        return content
    declared = tomllib.loads(content.decode())
    development = json.dumps(declared["dependency-groups"]["dev"])
    service = json.dumps(declared["project"]["dependencies"])
    return f"project.dependencies = {service}\ndependency-groups.dev = {development}\n".encode()


def whole_content(_path: str, content: bytes) -> bytes:
    """Keep everything."""
    return content


def existence(_path: str, _content: bytes) -> bytes:
    """Keep only that there is a file."""
    return b"exists\n"


def is_file(path: str) -> bool:
    """Tell files from folders."""
    return not path.endswith("/")


def is_python(path: str) -> bool:
    """Return whether linters and type checkers read a file."""
    return path.endswith(".py")


@dataclass(frozen=True)
class StaticCheck:
    """A check with all that it reads."""

    find: Callable[..., list[str]]
    reads: Reads
    units: Units = files_alone
    reduce: Callable[[str, bytes], bytes] = whole_content
    # Whether looking into the ledger would take longer.
    is_quick: bool = False
    # Whether it takes many projects in one go: they are separated only if it finds something.
    at_once: bool = False
    # Whether it sees at most `MOST_PROJECTS`, or else every combination of three answers.
    is_expensive: bool = False

    def __str__(self) -> str:
        """Name what is checked."""
        return getattr(self.find, "__name__", "")

    def reduced(self, files: Files) -> Files:
        """Return what the check sees of some files."""
        return {path: self.reduce(path, content) for path, content in files.items()}


def undeclared_dependencies(project: BakedProject) -> list[str]:
    """Compare declared dependencies with imports."""
    return dependencies.findings(project, provided())


@cache
def provided() -> dict[str, set[str]]:
    """Return which distributions provide each module of the services' environment."""
    return dependencies.distributions_by_module(SERVICE_PYTHON)


def container_rule(rule: compose_rules.Rule) -> StaticCheck:
    """Apply a rule where a project has containers."""
    reads = RULES_READ.get(rule, {"compose.yaml"})

    @wraps(rule)
    def find(project: BakedProject) -> list[str]:
        return rule(project) if project.files() else []

    return StaticCheck(find, reads.__contains__, everything)


CHECKS = (
    StaticCheck(static.leftover_jinja, is_file, is_quick=True),
    StaticCheck(static.emptiness, is_file, is_quick=True),
    StaticCheck(static.emptiness, lambda _: True, folders, existence, is_quick=True),
    StaticCheck(static.untidy_text, is_file, is_quick=True),
    StaticCheck(
        static.unreadable_data, lambda path: path.endswith((".json", ".toml", ".yaml", ".yml"))
    ),
    StaticCheck(invalid_pipelines, CHECKERS.__contains__, at_once=True),
    StaticCheck(static.lint, lambda path: path == PYPROJECT),
    StaticCheck(
        static.lint,
        lambda path: is_python(path) or path == PYPROJECT,
        files_with_settings,
        tables("tool.ruff"),
    ),
    StaticCheck(
        static.formatting,
        lambda path: is_python(path) or path == PYPROJECT,
        files_with_settings,
        tables("tool.ruff"),
    ),
    StaticCheck(static.orphans, is_python, everything),
    StaticCheck(
        static.types,
        lambda path: is_python(path) or path == PYPROJECT,
        everything,
        tables("tool.ty"),
        is_expensive=True,
    ),
    StaticCheck(
        static.layers,
        lambda path: (is_python(path) and path.startswith("app/")) or path == PYPROJECT,
        everything,
        tables("tool.importlinter"),
        is_expensive=True,
    ),
    StaticCheck(
        undeclared_dependencies,
        lambda path: is_python(path) or path == PYPROJECT,
        everything,
        declared_dependencies,
        is_expensive=True,
    ),
    *map(container_rule, compose_rules.RULES),
)


def packed(versions: Iterable[Files]) -> list[Files]:
    """Put versions that do not contradict each other into one folder; tools start slowly."""
    folders: list[Files] = []
    for files in versions:
        for folder in folders:
            if all(folder.get(path, content) == content for path, content in files.items()):
                folder.update(files)
                break
        else:
            folders.append(dict(files))
    return folders


def write(files: Files, folder: Path) -> BakedProject:
    """Write a project that consists of these files only."""
    for path, content in files.items():
        file = folder / path
        (file.parent if is_file(path) else file).mkdir(parents=True, exist_ok=True)
        if is_file(path):
            file.write_bytes(content)
    return BakedProject(folder, {})


class ProductChecks:
    """All products of a template, and what is known about them."""

    def __init__(self, template: Path, products: Products, ledger: Ledger) -> None:
        """Take a template that does not change meanwhile."""
        self.renderer = Renderer(template)
        self.products = products
        self.ledger = ledger

    def run(self, check: StaticCheck, folder: Path) -> list[str]:
        """Run a check on whatever differs between products, and name those that are affected."""
        found = self.versions(check)
        found = found if check.units is everything else packed(found)
        unproven = [files for files in found if check.is_quick or not self.knows(check, files)]

        projects = [write(files, folder / str(each)) for each, files in enumerate(unproven)]
        results = find(check, projects)
        for files, findings in zip(unproven, results, strict=True):
            if not findings and not check.is_quick:
                self.ledger.remember(key(check, files))
        return [
            self.explained(check, finding, files)
            for files, findings in zip(unproven, results, strict=True)
            for finding in findings
        ]

    def knows(self, check: StaticCheck, files: Files) -> bool:
        """Return whether a check passed on these files before."""
        return self.ledger.knows(key(check, files))

    def versions(self, check: StaticCheck) -> list[Files]:
        """Return what the check has to see so that it has seen every product.

        Whole projects grow in number like the products. Where an expensive check would see more
        than `MOST_PROJECTS`, it sees every combination of three answers; `make test-all` leaves
        nothing out.
        """
        paths = [path for path in self.renderer.sources if check.reads(path)]
        found = {
            tuple(sorted(check.reduced(files).items())): Variant(answers)
            for unit in check.units(paths)
            for answers, files in self.renderer.distinct(unit, self.products)
        }
        if check.is_expensive and len(found) > MOST_PROJECTS and EXTENT != "all":
            chosen = few([*found.values()], 3)
            found = {files: answers for files, answers in found.items() if answers in chosen}
        return [dict(files) for files in found if files]

    def explained(self, check: StaticCheck, finding: str, files: Files) -> str:
        """Add to a finding how many products have what it names, and one of them."""
        named = {path: content for path, content in files.items() if path in finding}
        having = [product for product in self.products.all if self._has(product, check, named)]
        return f"{finding} ({len(having)} products, {having[0]})" if named else finding

    def _has(self, product: Answers, check: StaticCheck, files: Files) -> bool:
        rendered, _ = self.renderer.render_some(files, product)
        return check.reduced(rendered) == files


def find(check: StaticCheck, projects: list[BakedProject]) -> list[list[str]]:
    """Return what a check finds in each project."""
    if check.at_once and projects and not check.find(*projects):
        return [[] for _ in projects]
    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(check.find, projects))


def key(check: StaticCheck, files: Files) -> str:
    """Return the name of a pass: the check with its rules and tools, and all that it read."""
    contents = {path: digest(content) for path, content in files.items()}
    return digest(str(check), harness("tests/static_checks.py"), installed(), contents)
