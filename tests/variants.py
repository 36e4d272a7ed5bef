"""Which projects can be generated: derived from cookiecutter.json and the table of requirements."""

import json
from collections.abc import Iterable
from itertools import combinations, product
from typing import Any

from flask_service_extensions.answers import REQUIRES, unmet
from flask_service_extensions.rendering import CONTEXT

# Options that change Python files: every product of them runs its own test-suite.
CODE_OPTIONS = ("auth", "admin")
# Options that change a line or a file: every choice is proven once, not multiplied.
SINGLE_FILE_OPTIONS = ("license", "python_version")


class Variant(dict[str, Any]):
    """Answers to some options; the others keep their defaults."""

    def __str__(self) -> str:
        """Read as a sentence, `jwt-no_admin-sqlite`."""
        return "-".join(word(option, choice) for option, choice in self.items())

    def __hash__(self) -> int:  # type: ignore[override]
        """Allow sets of variants."""
        return hash(str(self))


def word(option: str, choice: object) -> str:
    """Name a choice so that booleans say what they are about."""
    if isinstance(choice, bool):
        return option if choice else f"no_{option}"
    return str(choice)


def choices(option: str) -> list[Any]:
    """Return every answer to an option, the default first."""
    default = CONTEXT[option]
    return [default, not default] if isinstance(default, bool) else default


def is_valid(variant: Variant) -> bool:
    """Tell whether the template would take the answers."""
    return not any(unmet(DEFAULTS | variant, REQUIRES))


def valid_products(options: Iterable[str]) -> list[Variant]:
    """Multiply the choices of some options."""
    options = tuple(options)
    products = (
        Variant(zip(options, values, strict=True)) for values in product(*map(choices, options))
    )
    return [variant for variant in products if is_valid(variant)]


def one_by_one(options: Iterable[str]) -> list[Variant]:
    """Change one answer at a time."""
    return [Variant({option: choice}) for option in options for choice in choices(option)[1:]]


def pairs(variant: Variant) -> set[tuple[tuple[str, Any], ...]]:
    """Return every pair of answers in a variant, and its answers to what changes the code."""
    code = tuple((option, variant[option]) for option in CODE_OPTIONS if option in variant)
    return {*combinations(sorted(variant.items()), 2), code}


def pairwise(options: tuple[str, ...]) -> list[Variant]:
    """Choose few variants in which every valid pair of choices still occurs.

    Greedily: libraries for this lose pairs when some products are not valid.
    """
    products, chosen = valid_products(options), []
    missing = set().union(*map(pairs, products))
    while missing:
        chosen.append(max(products, key=lambda variant: len(missing & pairs(variant))))
        missing -= pairs(chosen[-1])
    return chosen


OPTIONS = tuple(
    option
    for option, default in CONTEXT.items()
    if isinstance(default, list | bool) and not option.startswith("_")
)
DEFAULTS = {option: choices(option)[0] for option in OPTIONS}
WIDE_OPTIONS = tuple(option for option in OPTIONS if option not in SINGLE_FILE_OPTIONS)
VARIANTS = valid_products(WIDE_OPTIONS)
CODE_VARIANTS = valid_products(CODE_OPTIONS)
PAIRWISE_VARIANTS = pairwise(WIDE_OPTIONS)
SINGLE_FILE_VARIANTS = one_by_one(SINGLE_FILE_OPTIONS)


if __name__ == "__main__":
    print(json.dumps({"include": [{"variant": str(variant), **variant} for variant in VARIANTS]}))
