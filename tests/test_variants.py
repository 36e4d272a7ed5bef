"""The lists of variants cover what can be answered."""

import json
import subprocess
import sys

from flask_service_extensions.rendering import ROOT
from tests.variants import (
    CODE_OPTIONS,
    CODE_VARIANTS,
    DEFAULTS,
    OPTIONS,
    PAIRWISE_VARIANTS,
    SINGLE_FILE_OPTIONS,
    SINGLE_FILE_VARIANTS,
    VARIANTS,
    WIDE_OPTIONS,
    Variant,
    choices,
    pairs,
)


def test_every_option_is_multiplied_or_proven_alone() -> None:
    assert set(OPTIONS) == set(WIDE_OPTIONS) | set(SINGLE_FILE_OPTIONS)
    assert set(CODE_OPTIONS) <= set(WIDE_OPTIONS)


def test_no_variant_is_listed_twice() -> None:
    for variants in (VARIANTS, CODE_VARIANTS, PAIRWISE_VARIANTS, SINGLE_FILE_VARIANTS):
        assert len(set(map(str, variants))) == len(variants) > 0


def test_every_choice_occurs_in_some_variant() -> None:
    seen = {
        item
        for variant in [*VARIANTS, *SINGLE_FILE_VARIANTS, Variant(DEFAULTS)]
        for item in variant.items()
    }
    assert seen == {(option, choice) for option in OPTIONS for choice in choices(option)}


def test_the_pairwise_set_covers_every_pair_that_is_valid() -> None:
    assert set().union(*map(pairs, PAIRWISE_VARIANTS)) == set().union(*map(pairs, VARIANTS))


def test_every_variant_of_the_code_is_in_the_pairwise_set() -> None:
    rows = [row.items() for row in PAIRWISE_VARIANTS]
    assert all(any(code.items() <= row for row in rows) for code in CODE_VARIANTS)


def test_booleans_read_as_words() -> None:
    assert str(Variant(auth="jwt", admin=False, docker=True)) == "jwt-no_admin-docker"


def test_a_command_prints_the_variants_for_a_pipeline() -> None:
    printed = subprocess.run(
        ["make", "--silent", "matrix", f"BIN={sys.exec_prefix}/bin"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert [row["variant"] for row in json.loads(printed)["include"]] == list(map(str, VARIANTS))
