"""docs/settings.md of each variant lists the settings that it has."""

import pytest

from tests.baking import Bake
from tests.settings_table import rows_of
from tests.variants import PAIRWISE_CODE, Variant


@pytest.mark.parametrize("variant", PAIRWISE_CODE, ids=str)
@pytest.mark.usefixtures("environment")
def test_document_has_a_row_for_each_setting(variant: Variant, bake: Bake) -> None:
    project = bake(**variant)
    lines = project.read("docs/settings.md").splitlines()
    assert lines[lines.index("| --- | --- | --- | --- |") + 1 :] == rows_of(project)
