"""Lines that register a new resource in files of the service."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from click import ClickException

from flask_service_cli.generate.changes import Change

API = "app/api/__init__.py"
PAGES = "app/pages/__init__.py"
CONTEXT = "app/pages/context.py"
CONFTEST = "tests/conftest.py"


def register_blueprint(plural: str, root: Path, path: str = API) -> Change:
    """Import the views of a resource where the blueprints are registered, and name the blueprint.

    Raises:
        ClickException: The file has no such import, or no such list.
    """
    before = read(root, path)
    package = path.removesuffix("/__init__.py").replace("/", ".")
    after = add_line(before, imports(before, path, package), plural)
    after = add_line(after, _blueprints(after, path), f"{plural}.blp")
    return Change(path, before, after)


def register_link(label: str, plural: str, root: Path) -> Change:
    """Add a link to the list of a resource to the header of the pages, behind the others.

    Raises:
        ClickException: The file has no such list.
    """
    before = read(root, CONTEXT)
    lines = before.splitlines(keepends=True)
    _, last = _links(before)[-1]
    lines.insert(last, f'    ("{label}", "pages.{plural}.index"),\n')
    return Change(CONTEXT, before, "".join(lines))


def register_plugin(plural: str, root: Path) -> Change:
    """Add the module of fixtures to the plugins of pytest.

    Raises:
        ClickException: The file has no such list.
    """
    before = read(root, CONFTEST)
    return Change(CONFTEST, before, add_line(before, _plugins(before), f'"tests.plugins.{plural}"'))


def add_line(text: str, entries: Sequence[tuple[str, int]], entry: str) -> str:
    """Add an entry to a list with one entry a line: in its place if the list is sorted, or last."""
    names = [name for name, _ in entries]
    if entry in names:
        return text
    lines = text.splitlines(keepends=True)
    following = [number for name, number in entries if name > entry]
    is_sorted = names == sorted(names)
    number = following[0] if is_sorted and following else entries[-1][1] + 1
    sample = lines[entries[0][1] - 1]
    indent = sample[: len(sample) - len(sample.lstrip())]
    lines.insert(number - 1, f"{indent}{entry},\n")
    return "".join(lines)


def read(root: Path, path: str) -> str:
    """Return the text of a file that has to be there."""
    try:
        return (root / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ClickException(f"There is no {path}: nothing can be registered there.") from None


def imports(text: str, path: str, package: str) -> Sequence[tuple[str, int]]:
    """Return the modules that a file imports from a package, with their lines.

    Raises:
        ClickException: It has no such import with one module a line.
    """
    for node in _nodes(text, path):
        is_import = isinstance(node, ast.ImportFrom) and _is_from(node, path, package)
        if is_import and _is_one_a_line(text, node.names):
            return [(ast.unparse(alias), alias.lineno) for alias in node.names]
    raise ClickException(f"{path} has no `from {package} import (...)` with one module a line.")


def _is_from(node: ast.ImportFrom, path: str, package: str) -> bool:
    """Return whether a statement imports from a package, also if that is the file's own: `.`."""
    if node.level == 0:
        return node.module == package
    is_own = path == f"{package.replace('.', '/')}/__init__.py"
    return is_own and (node.module, node.level) == (None, 1)


def settings(text: str, path: str) -> Sequence[tuple[str, int]]:
    """Return the entries of `SETTINGS`, with their lines.

    Raises:
        ClickException: The file has no such tuple or list with one part a line.
    """
    for entries in _sequences(text, path, "SETTINGS"):
        return entries
    raise ClickException(f"{path} has no list `SETTINGS` with one part a line.")


def _blueprints(text: str, path: str) -> Sequence[tuple[str, int]]:
    for entries in _sequences(text, path):
        if all(name.endswith(".blp") for name, _ in entries):
            return entries
    raise ClickException(f"{path} has no list of blueprints, such as `posts.blp`, with one a line.")


def _links(text: str) -> Sequence[tuple[str, int]]:
    for entries in _sequences(text, CONTEXT, "NAVIGATION"):
        return entries
    raise ClickException(f"{CONTEXT} has no list `NAVIGATION` with one link a line.")


def _plugins(text: str) -> Sequence[tuple[str, int]]:
    for entries in _sequences(text, CONFTEST, "pytest_plugins"):
        # `ast.unparse` prefers single quotes.
        return [(f'"{ast.literal_eval(name)}"', number) for name, number in entries]
    raise ClickException(f"{CONFTEST} has no list `pytest_plugins` with one module a line.")


def _sequences(text: str, path: str, name: str | None = None) -> Iterator[list[tuple[str, int]]]:
    """Yield the entries of tuples and lists with one entry a line, perhaps only of a variable."""
    nodes = _nodes(text, path)
    if name:
        nodes = [value for node in nodes if (value := _assigned(node, name))]
    for node in nodes:
        is_sequence = isinstance(node, ast.Tuple | ast.List) and node.elts
        if is_sequence and _is_one_a_line(text, node.elts):
            yield [(ast.unparse(element), element.lineno) for element in node.elts]


def _assigned(node: ast.AST, name: str) -> ast.AST | None:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            return value if target == name else None
        case ast.AnnAssign(target=ast.Name(id=target), value=value):
            return value if target == name else None
    return None


def _nodes(text: str, path: str) -> list[ast.AST]:
    try:
        return [*ast.walk(ast.parse(text))]
    except SyntaxError as error:
        raise ClickException(f"{path} cannot be parsed: {error.msg}.") from None


def _is_one_a_line(text: str, nodes: Sequence[ast.expr] | Sequence[ast.alias]) -> bool:
    """Return whether every entry has a line of its own, with a comma after it."""
    lines = text.encode().splitlines()
    for node in nodes:
        line = lines[node.lineno - 1]
        before, after = line[: node.col_offset], line[node.end_col_offset :]
        if before.strip() or after.partition(b"#")[0].strip() != b",":
            return False
    return True
