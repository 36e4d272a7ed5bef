"""Fixtures with posts in them; part of every test through `conftest.py`."""

from itertools import count

import pytest
from sqlalchemy.orm import Session

from app.models.post import Post


@pytest.fixture
def make_post(db_session: Session):
    """Create published posts with numbered titles."""
    numbers = count(1)

    def make(**values) -> Post:
        defaults = {"title": f"Post {next(numbers)}", "content": "Read me.", "published": True}
        post = Post(**defaults | values)
        db_session.add(post)
        db_session.commit()
        return post

    return make
