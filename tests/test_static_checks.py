"""Every valid product is sound before it runs."""

from pathlib import Path

import pytest

from tests.ledger import Ledger
from tests.renderer import Products
from tests.static_checks import CHECKS, ProductChecks, StaticCheck
from tests.variants import OPTIONS, valid_products

PRODUCTS = Products(valid_products(OPTIONS))


@pytest.fixture(scope="module")
def product_checks(template: Path, environment: Path, pytestconfig: pytest.Config) -> ProductChecks:
    assert environment.exists()
    return ProductChecks(template, PRODUCTS, Ledger(pytestconfig.getoption("--ledger")))


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_no_product_fails(
    check: StaticCheck, product_checks: ProductChecks, tmp_path: Path
) -> None:
    assert not product_checks.run(check, tmp_path)
