"""Record what a test depends on: files of this repository, projects that it bakes, or all."""

import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import Any

from flask_service_extensions.rendering import PROJECT_FOLDER, ROOT
from tests.baking import is_code
from tests.imports import imported_names
from tests.ledger import digest, head, repository
from tests.renderer import Renderer
from tests.variants import OPTIONS

# Modules that a process of tests may import from here.
PACKAGES = ("tests", "benchmarks", "flask_service_extensions", "flask_service_cli")
TOOLS = (f"{ROOT}{os.sep}.venv{os.sep}", f"{ROOT}{os.sep}.git{os.sep}")
PREFIX = f"{ROOT}{os.sep}"
# What a rendered project depends on beside the files that it has.
RENDERING = ("hooks/", "flask_service_extensions/")
# Marks a project of which only the code is there.
ONLY_CODE = "_only_code"
# What is started by these reads unknown files.
UNSEEN = {"os.system", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"}


@dataclass
class Reads:
    """What was read so far."""

    files: set[str] = field(default_factory=set)
    renders: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    everything: bool = False
    history: bool = False

    def add(self, other: "Reads") -> None:
        """Add what another part read."""
        self.files |= other.files
        self.renders |= other.renders
        self.everything |= other.everything
        self.history |= other.history

    def state(self) -> dict[str, Any]:
        """Return digests of all that was read."""
        return {
            "files": {name: repository().get(name) for name in sorted(self.files)},
            "renders": [[answers, rendered(answers)] for answers in self.renders.values()],
            "everything": digest(repository()) if self.everything else None,
            "history": head() if self.history else None,
        }


_recording: list[Reads] = []


def start() -> None:
    """Listen to what this process opens and starts, until it ends."""
    sys.addaudithook(_hear)


@contextmanager
def recorded() -> Generator[Reads]:
    """Record what is read inside; an outer record does not get it."""
    reads = Reads()
    _recording.append(reads)
    try:
        yield reads
    finally:
        _recording.pop()


def record(reads: Reads) -> None:
    """Add what is read without a file being opened here."""
    if _recording:
        _recording[-1].add(reads)


def record_render(answers: Mapping[str, Any], *, only_code: bool = False) -> None:
    """Record that a project is baked of these answers, so that its content counts."""
    chosen = {option: answers[option] for option in OPTIONS if option in answers}
    chosen |= {ONLY_CODE: True} if only_code else {}
    record(Reads(renders={digest(chosen): chosen}))


def shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Call a function once for the same arguments; its reads count for each use of the result."""
    results: dict[Any, tuple[Any, Reads]] = {}

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        key = (values, tuple(sorted(named.items())))
        if key not in results:
            with recorded() as reads:
                results[key] = function(*values, **named), reads
        result, reads = results[key]
        record(reads)
        return result

    return call


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _recording:
        return
    if event == "open":
        _hear_open(arguments[0])
    elif event == "subprocess.Popen":
        _hear_program(*arguments)
    elif event in UNSEEN:
        _recording[-1].everything = True


def _hear_open(path: object) -> None:
    if not isinstance(path, str | bytes | os.PathLike):
        return
    name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - resolving links opens files
    if is_source(name):
        _recording[-1].files.add(source_of(name).removeprefix(PREFIX))


def source_of(name: str) -> str:
    """Return the module that a file of bytecode was made of: Python opens either of them."""
    folder, _, file = name.rpartition(f"{os.sep}__pycache__{os.sep}")
    return f"{folder}{os.sep}{file.partition('.')[0]}.py" if folder else name


def _hear_program(
    executable: object, arguments: Iterable[object], folder: Any, environment: object
) -> None:
    words = [executable, *([arguments] if isinstance(arguments, str | bytes) else arguments)]
    if isinstance(environment, Mapping):
        words += [value for name, value in environment.items() if os.environ.get(name) != value]
    texts = [os.fsdecode(word) for word in words if isinstance(word, str | bytes | os.PathLike)]
    place = f"{os.fsdecode(folder) if folder else Path.cwd()}{os.sep}"
    if is_source(place) or any(names_sources(text) for text in texts):
        _recording[-1].everything = True
        _recording[-1].history |= "git" in texts and "ls-files" not in texts


def is_source(name: str) -> bool:
    """Return whether a path is one of this repository, not of an environment inside."""
    return name.startswith(PREFIX) and not name.startswith(TOOLS)


def names_sources(text: str) -> bool:
    """Return whether a word of a command leads to this repository."""
    return any(
        not f"{PREFIX}{rest}".startswith(TOOLS)
        for rest in text.replace(f"{ROOT}:", PREFIX).split(PREFIX)[1:]
    ) or text.endswith(str(ROOT))


@cache
def harness(module: str) -> str:
    """Return a digest of a file of tests and of all that it imports from this repository."""
    seen: dict[str, str | None] = {}
    waiting = [module, "tests/conftest.py", "tests/plugins/remembering.py"]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = repository().get(name)
            waiting += imported_files(name)
    return digest(seen)


@cache
def imported_files(name: str) -> list[str]:
    """Return the files of this repository that a module imports."""
    names = imported_names((ROOT / name).read_text("utf-8"))
    paths = [module.replace(".", "/") for module in names if module.split(".")[0] in PACKAGES]
    candidates = [f"{path}{end}" for path in paths for end in (".py", "/__init__.py")]
    return [path for path in candidates if path in repository()]


@cache
def questions() -> str:
    """Return a digest of what every test may depend on without opening a file.

    These are the options, from which tests are made, and the names of the files of the template:
    a look whether one exists opens nothing.
    """
    folders = (PROJECT_FOLDER, "templates/", *RENDERING)
    names = [name for name in repository() if name.startswith(folders)]
    return digest(names, repository()["cookiecutter.json"])


def rendered(answers: Mapping[str, Any]) -> str:
    """Return a digest of the project that these answers make."""
    return _rendered(tuple(sorted(answers.items())))


@cache
def _rendered(answers: tuple[tuple[str, Any], ...]) -> str:
    makers = {name: content for name, content in repository().items() if name.startswith(RENDERING)}
    chosen = dict(answers)
    only_code = chosen.pop(ONLY_CODE, False)
    contents = {
        path: digest(content)
        for path, content in _renderer().render(chosen).items()
        if not only_code or is_code(path)
    }
    return digest(makers, contents)


@cache
def _renderer() -> Renderer:
    return Renderer(ROOT)
