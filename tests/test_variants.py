"""The lists of variants cover what can be answered."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from flask_service_extensions.rendering import ROOT
from tests.variants import (
    BAREST,
    CODE_OPTIONS,
    CODE_VARIANTS,
    DEFAULTS,
    EACH_CHOICE,
    FULLEST,
    OPTIONS,
    PAIRWISE_CODE,
    PAIRWISE_VARIANTS,
    SINGLE_FILE_OPTIONS,
    SINGLE_FILE_VARIANTS,
    VARIANTS,
    WIDE_OPTIONS,
    Variant,
    choices,
    combined,
    covering,
    few,
    today,
    triples,
    valid_products,
)

MOST_JOBS = 256


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


@pytest.mark.parametrize(
    ("rows", "options", "strength"),
    [(PAIRWISE_VARIANTS, WIDE_OPTIONS, 2), (PAIRWISE_CODE, CODE_OPTIONS, 2)]
    + [(EACH_CHOICE, CODE_OPTIONS, 1), (few(CODE_VARIANTS, 3), CODE_OPTIONS, 3)]
    + [(triples(), CODE_OPTIONS, strength) for strength in (2, 3)],
)
def test_every_valid_combination_is_covered(
    rows: list[Variant], options: tuple[str, ...], strength: int
) -> None:
    assert all_combinations(rows, strength) == all_combinations(valid_products(options), strength)


def all_combinations(rows: list[Variant], strength: int) -> set[object]:
    """Return the combinations of answers in any of the rows."""
    return {combination for row in rows for combination in combined(row, strength)}


def test_few_rows_cover_many_options(monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple("abcdefghij")
    monkeypatch.setattr("tests.variants.CONTEXT", dict.fromkeys(names, True))
    rows = {strength: covering(names, strength, []) for strength in (2, 3)}
    for strength, chosen in rows.items():
        assert all_combinations(chosen, strength) == all_combinations(
            valid_products(names), strength
        )
    assert len(rows[2]) <= 10
    assert len(rows[3]) <= 25


@pytest.mark.parametrize("rows", [PAIRWISE_VARIANTS, PAIRWISE_CODE], ids=["wide", "code"])
def test_the_default_and_both_extremes_are_among_the_rows(rows: list[Variant]) -> None:
    for extreme in (Variant(DEFAULTS), FULLEST, BAREST):
        assert any(row.items() <= extreme.items() for row in rows)


def test_the_longer_target_draws_a_row_by_the_date() -> None:
    assert today() == datetime.now(tz=UTC).date().isoformat()
    assert set(PAIRWISE_CODE) <= set(triples()) <= set(CODE_VARIANTS)


def test_booleans_read_as_words() -> None:
    assert str(Variant(auth="jwt", admin=False, docker=True)) == "jwt-no_admin-docker"


@pytest.mark.parametrize(("arguments", "rows"), [("", PAIRWISE_VARIANTS), ("--all", VARIANTS)])
def test_a_command_prints_the_variants_for_a_pipeline(arguments: str, rows: list[Variant]) -> None:
    printed = subprocess.run(
        ["make", "--silent", "matrix", f"BIN={sys.exec_prefix}/bin", f"ARGS={arguments}"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert [row["variant"] for row in json.loads(printed)["include"]] == list(map(str, rows))


def test_the_matrix_of_a_pipeline_is_within_what_its_hosts_allow() -> None:
    assert len(PAIRWISE_VARIANTS) < MOST_JOBS
