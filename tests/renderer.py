"""Render any number of products of the template in one process, as cookiecutter would.

A file is rendered once for all answers that it does not read: while Jinja renders, the answers
that it asks for are recorded, and products that agree on these share the content.
"""

import runpy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from binaryornot.check import is_binary
from cookiecutter.generate import generate_context, is_copy_only_path
from cookiecutter.prompt import prompt_for_config
from cookiecutter.utils import create_env_with_context, work_in
from jinja2 import Environment, FileSystemLoader

from flask_service_extensions.features import Feature
from flask_service_extensions.rendering import PROJECT_FOLDER
from tests.baking import TOOL_FOLDERS

Answers = Mapping[str, Any]
Files = dict[str, bytes]


WHOLE = "a template asks for one answer after the other"


class Read(NamedTuple):
    """An option that a template asks for, and the answer that it got."""

    option: str
    answer: Any


class RecordedAnswers(Mapping[str, Any]):
    """Answers that remember which were asked for; anything but looking one up is an error."""

    def __init__(self, answers: Answers) -> None:
        """Take the answers of one product."""
        self.answers = answers
        self.reads: list[Read] = []

    def __getitem__(self, option: str) -> Any:
        """Return an answer, as `cookiecutter.option` does in a template."""
        read = Read(option, self.answers[option])
        if read not in self.reads:
            self.reads.append(read)
        return read.answer

    def __iter__(self) -> Iterator[str]:
        """Refuse to give all answers at once: nothing could be shared."""
        raise TypeError(WHOLE)

    def __len__(self) -> int:
        """Refuse, as above."""
        raise TypeError(WHOLE)


class Source:
    """A file of the template, and what it was rendered to so far."""

    def __init__(self, path: Path, features: Sequence[Feature], environment: Environment) -> None:
        """Take a path relative to the project folder and the features that the file belongs to."""
        self.path = path
        self.features = features
        self.environment = environment
        # After these reads, the template asks for an option, or it is complete.
        self._steps: dict[tuple[Read, ...], str | bytes | None] = {}

    def render(self, answers: Answers) -> tuple[bytes | None, tuple[Read, ...]]:
        """Return the content, None where the project does not have the file, and what was read."""
        reads: tuple[Read, ...] = ()
        while True:
            if reads not in self._steps:
                self._record(answers)
            step = self._steps[reads]
            if not isinstance(step, str):
                return step, reads
            reads += (Read(step, answers[step]),)

    def _record(self, answers: Answers) -> None:
        recorded = RecordedAnswers(answers)
        chosen = {feature.name: feature.is_chosen(recorded) for feature in self.features}
        content = self._render(recorded) if all(chosen.values()) else None
        for number, read in enumerate(recorded.reads):
            self._steps[tuple(recorded.reads[:number])] = read.option
        self._steps[tuple(recorded.reads)] = content

    def _render(self, answers: RecordedAnswers) -> bytes:
        if self.path.is_dir():
            return b""
        if is_copy_only_path(str(self.path), {"cookiecutter": answers.answers}) or is_binary(
            str(self.path)
        ):
            return self.path.read_bytes()
        text = self.environment.get_template(self.path.as_posix()).render(cookiecutter=answers)
        with self.path.open(encoding="utf-8") as source:
            source.readline()
        newline = source.newlines[0] if isinstance(source.newlines, tuple) else source.newlines
        return text.replace("\n", newline or "\n").encode()


def belongs(path: Path, feature: Feature) -> bool:
    """Return whether a file is one of the paths of a feature or below one."""
    return any(path.is_relative_to(own) for own in feature.paths)


class Renderer:
    """The template in a folder, which must not change while it is rendered."""

    def __init__(self, template: Path) -> None:
        """Take the folder with cookiecutter.json."""
        self.template = template
        self.project = template / PROJECT_FOLDER

    @cached_property
    def context(self) -> dict[str, Any]:
        """Return the questions, as cookiecutter reads them."""
        return generate_context(str(self.template / "cookiecutter.json"))

    @cached_property
    def defaults(self) -> Answers:
        """Return the default answers, private values included."""
        with work_in(self.template):
            return prompt_for_config(self.context, no_input=True)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Return the files of the project folder by path, and its folders by a path with `/`."""
        environment = create_env_with_context({"cookiecutter": self.defaults})
        environment.loader = FileSystemLoader([self.project, self.template / "templates"])
        table = self.template / "flask_service_extensions" / "features.py"
        features: Sequence[Feature] = runpy.run_path(str(table))["FEATURES"]
        sources = {}
        for found in sorted(self.project.rglob("*")):
            path = found.relative_to(self.project)
            if not TOOL_FOLDERS.intersection(path.parts):
                own = [feature for feature in features if belongs(path, feature)]
                name = path.as_posix() + "/" * found.is_dir()
                sources[name] = Source(path, own, environment)
        return sources

    def render(self, answers: Answers) -> Files:
        """Return the files and folders of a product; answers that are missing are the defaults."""
        return self.render_some(self.sources, answers)[0]

    def render_some(self, paths: Iterable[str], answers: Answers) -> tuple[Files, set[str]]:
        """Return some files of a product, and the options that they depend on."""
        complete = {**self.defaults, **answers}
        files, options = {}, set()
        with work_in(self.project):
            for path in paths:
                content, reads = self.sources[path].render(complete)
                options.update(read.option for read in reads)
                if content is not None:
                    files[path] = content
        return files, options

    def distinct(
        self, paths: Iterable[str], products: "Products"
    ) -> Iterator[tuple[Answers, Files]]:
        """Yield every version that some files have together, with the first product that has it.

        Products that differ in no option that any of these files reads are rendered once.
        """
        paths, options = tuple(paths), frozenset[str]()
        while True:
            rendered = [
                (answers, *self.render_some(paths, answers))
                for answers in products.differing_in(options)
            ]
            read = options.union(*(read for _, _, read in rendered)) & products.options
            if read == options:
                break
            options = read
        seen: set[tuple[tuple[str, bytes], ...]] = set()
        for answers, files, _ in rendered:
            key = tuple(files.items())
            if key not in seen:
                seen.add(key)
                yield answers, files


class Products:
    """Valid products of all options, of which only those that differ somewhere are looked at."""

    def __init__(self, products: Iterable[Answers]) -> None:
        """Take every product in full."""
        self.all = list(products)
        self.options = frozenset(self.all[0])
        self._differing: dict[frozenset[str], list[Answers]] = {}

    def differing_in(self, options: frozenset[str]) -> list[Answers]:
        """Return the first product for each combination of answers to some options."""
        if options not in self._differing:
            names = sorted(options)
            first: dict[tuple[Any, ...], Answers] = {}
            for product in self.all:
                first.setdefault(tuple(product[name] for name in names), product)
            self._differing[options] = list(first.values())
        return self._differing[options]
