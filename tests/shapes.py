"""Compare modules: their classes, functions, methods and decorators."""

import ast

from tests.baking import BakedProject

Shape = dict[str, str]

# What a resource called `article` is compared with, by layer.
FILES = {
    "model": "app/models/{0}.py",
    "schema": "app/schemas/{0}.py",
    "service": "app/services/{0}s.py",
    "api": "app/api/{0}s.py",
    "plugins": "tests/plugins/{0}s.py",
    "test_api": "tests/api/test_{0}s.py",
    "test_service": "tests/services/test_{0}s.py",
}
# Capitalised ones follow.
RENAMES = (("an article", "a post"), ("article", "post"))


def shapes(project: BakedProject, layer: str) -> tuple[Shape, Shape]:
    """Return the shapes of a layer of the example and of its twin, in which it is called alike."""
    example, twin = (project.read(FILES[layer].format(name)) for name in ("post", "article"))
    for old, new in RENAMES:
        twin = twin.replace(old, new).replace(old.capitalize(), new.capitalize())
    return shape(example), shape(twin)


def shape(text: str) -> Shape:
    """Return the code of all functions, methods and attributes of a module by their names."""
    found: Shape = {}
    for node in ast.parse(text).body:
        found |= _shape_of(node, "")
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                found |= _shape_of(member, f"{node.name}.")
    return found


def _shape_of(node: ast.stmt, prefix: str) -> Shape:
    match node:
        case ast.FunctionDef():
            return {prefix + node.name: ast.unparse(node)}
        case ast.ClassDef():
            head = [*node.decorator_list, *node.bases, ast.Constant(ast.get_docstring(node))]
            return {node.name: ", ".join(map(ast.unparse, head))}
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return {prefix + name: ast.unparse(node)}
    return {}
