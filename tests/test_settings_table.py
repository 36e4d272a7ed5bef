"""The documents of each variant list the settings and limits that it has."""

import pytest

from tests.baking import Bake
from tests.settings_table import TABLES, Table, rows_of
from tests.variants import PAIRWISE_CODE, Variant


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
@pytest.mark.parametrize("variant", PAIRWISE_CODE, ids=str)
@pytest.mark.usefixtures("environment")
def test_document_ends_with_a_row_for_each(variant: Variant, table: Table, bake: Bake) -> None:
    project = bake(**variant)
    lines = project.read(table.path).splitlines(keepends=True)
    rows = [line.rstrip("\n") for line in lines[lines.index(table.head) + 1 :]]
    assert rows == rows_of(project, table)
