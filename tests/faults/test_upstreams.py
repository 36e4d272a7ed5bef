"""A service that is called and gone costs its own view only, which reports it."""

from pathlib import Path

import pytest

from tests.baking import Bake
from tests.faults import upstreams
from tests.faults.sites import site
from tests.resources import generate

pytestmark = pytest.mark.faults


def test_every_request_is_answered_while_another_service_is_gone(
    bake: Bake, environment: Path, tmp_path: Path
) -> None:
    project = bake(auth="none", admin=False)
    generate(project, environment, upstreams.NAME, "--url", "https://example.com", what="client")
    tally = upstreams.losing_upstream(
        site(project, environment, f"sqlite:///{tmp_path / 'service.sqlite3'}")
    )
    assert tally.lost == 0
    assert tally.keys() <= {200, 502, 503}
    # A response that was being sent is broken off: one for each thread at most.
    assert tally[502] <= upstreams.WORKERS * 4
    assert tally[503] > 0
