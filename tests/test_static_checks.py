"""Every valid product is sound before it runs."""

from pathlib import Path

import pytest

from tests import static
from tests.ledger import Ledger
from tests.renderer import Products
from tests.static_checks import CHECKS, ProductChecks, StaticCheck
from tests.variants import OPTIONS, valid_products

PRODUCTS = Products(valid_products(OPTIONS))
(TYPES,) = (check for check in CHECKS if check.find is static.types)


@pytest.fixture(scope="module")
def product_checks(template: Path, environment: Path, pytestconfig: pytest.Config) -> ProductChecks:
    assert environment.exists()
    return ProductChecks(template, PRODUCTS, Ledger(pytestconfig.getoption("--ledger")))


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_no_product_fails(
    check: StaticCheck, product_checks: ProductChecks, tmp_path: Path
) -> None:
    assert not product_checks.run(check, tmp_path)


def test_of_many_projects_only_some_are_checked_whole(
    product_checks: ProductChecks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.static_checks.EXTENT", "all")
    every = product_checks.versions(TYPES)
    monkeypatch.setattr("tests.static_checks.MOST_PROJECTS", len(every))
    monkeypatch.setattr("tests.static_checks.EXTENT", "pairs")
    assert product_checks.versions(TYPES) == every
    monkeypatch.setattr("tests.static_checks.MOST_PROJECTS", len(every) - 1)
    some = product_checks.versions(TYPES)
    assert len(some) < len(every)
    assert all(files in every for files in some)
