"""Every valid product is sound before it runs."""

from pathlib import Path

import pytest

from tests.ledger import Ledger
from tests.renderer import Products
from tests.static_proof import CHECKS, Proof, StaticCheck
from tests.variants import OPTIONS, valid_products

PRODUCTS = Products(valid_products(OPTIONS))


@pytest.fixture(scope="module")
def proof(template: Path, environment: Path) -> Proof:
    assert environment.exists()
    return Proof(template, PRODUCTS, Ledger())


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_no_product_fails(check: StaticCheck, proof: Proof, tmp_path: Path) -> None:
    assert not proof.run(check, tmp_path)
