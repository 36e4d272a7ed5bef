"""Which projects can be generated: derived from cookiecutter.json and the table of requirements."""

import json
import os
import random
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import combinations, product
from typing import Any

from flask_service_extensions.answers import REQUIRES, unmet
from flask_service_extensions.rendering import CONTEXT

# Options that change Python files: every product of them runs its own test-suite.
CODE_OPTIONS = ("auth", "admin", "pages")
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
    """Return whether the template would take the answers."""
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


def combined(variant: Variant, strength: int) -> set[tuple[tuple[str, Any], ...]]:
    """Return every combination of so many answers in a variant."""
    return set(combinations(sorted(variant.items()), strength))


def covering(options: tuple[str, ...], strength: int, first: Iterable[Variant]) -> list[Variant]:
    """Add few variants to the first so that every valid combination of so many choices occurs."""
    return few(valid_products(options), strength, restricted(first, options))


def few(products: list[Variant], strength: int, first: Iterable[Variant] = ()) -> list[Variant]:
    """Add few of the products to the first so that every combination of answers in them occurs.

    Greedily: libraries for this lose combinations when some products are not valid.
    """
    wanted = {product: combined(product, strength) for product in products}
    chosen = list(first)
    missing = set().union(*wanted.values()).difference(*(wanted[variant] for variant in chosen))
    while missing:
        best = max(products, key=lambda product: len(wanted[product] & missing))
        chosen.append(best)
        missing -= wanted[best]
    return chosen


def extreme(*, everything: bool) -> Variant:
    """Return the variant with every part that can be left out, or with none of them."""
    products = [full(variant) for variant in valid_products(WIDE_OPTIONS)]
    return (max if everything else min)(products, key=lambda each: sum(map(has_part, each.items())))


def has_part(answer: tuple[str, Any]) -> bool:
    """Return whether an answer brings a part: booleans say so, choices by not being `none`."""
    option, choice = answer
    return choice if isinstance(choice, bool) else "none" in choices(option) and choice != "none"


def full(variant: Variant) -> Variant:
    """Add the defaults of the other options."""
    return Variant(DEFAULTS | variant)


def restricted(variants: Iterable[Variant], options: Iterable[str]) -> list[Variant]:
    """Keep the answers to some options, and each combination once."""
    options = tuple(options)
    return list(
        dict.fromkeys(Variant({name: full(each)[name] for name in options}) for each in variants)
    )


def today() -> str:
    """Return the date, by which samples are drawn: another one each day, the same all day."""
    return datetime.now(tz=UTC).date().isoformat()


OPTIONS = tuple(
    option
    for option, default in CONTEXT.items()
    if isinstance(default, list | bool) and not option.startswith("_")
)
DEFAULTS = {option: choices(option)[0] for option in OPTIONS}
WIDE_OPTIONS = tuple(option for option in OPTIONS if option not in SINGLE_FILE_OPTIONS)
VARIANTS = valid_products(WIDE_OPTIONS)
CODE_VARIANTS = valid_products(CODE_OPTIONS)
SINGLE_FILE_VARIANTS = one_by_one(SINGLE_FILE_OPTIONS)
BAREST, FULLEST = extreme(everything=False), extreme(everything=True)
EXTREMES = [Variant(DEFAULTS), FULLEST, BAREST]
# Each kind of authentication once, and one of them with the admin.
AUTH_VARIANTS = [
    Variant(auth="jwt", admin=True),
    Variant(auth="session", admin=False),
    Variant(auth="none", admin=False),
]
# Variants whose whole test suites run: on every commit, in the longer target, all.
PAIRWISE_CODE = covering(CODE_OPTIONS, 2, EXTREMES)
PAIRWISE_VARIANTS = covering(WIDE_OPTIONS, 2, EXTREMES)
# Every choice once: removals of the example and database servers, beyond all pairs on SQLite.
EACH_CHOICE = covering(CODE_OPTIONS, 1, [Variant(DEFAULTS), BAREST])


def triples() -> list[Variant]:
    """Return variants with every valid combination of three answers, and a random one."""
    drawn = random.Random(today()).choice(CODE_VARIANTS)  # noqa: S311 - no secret
    return covering(CODE_OPTIONS, min(3, len(CODE_OPTIONS)), [*PAIRWISE_CODE, drawn])


SUITES = {"pairs": lambda: PAIRWISE_CODE, "triples": triples, "all": lambda: CODE_VARIANTS}
EXTENT = os.environ.get("SUITES", "pairs")
SUITE_VARIANTS = SUITES[EXTENT]()


def matrix(*, everything: bool) -> list[Variant]:
    """Return the variants that are a job each."""
    return VARIANTS if everything else PAIRWISE_VARIANTS


if __name__ == "__main__":
    rows = matrix(everything="--all" in sys.argv)
    print(json.dumps({"include": [{"variant": str(row), **row} for row in rows]}))
