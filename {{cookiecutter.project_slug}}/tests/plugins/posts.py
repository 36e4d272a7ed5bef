"""Fixtures of posts."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models.post import Post


@pytest.fixture
def make_post(db_session: Session):
    """Return a function that creates a published post with a numbered title."""
    numbers = count(1)

    def make(**values) -> Post:
        defaults = {"title": f"Post {next(numbers)}", "content": "Read me.", "published": True}
        post = Post(**defaults | values)
        db_session.add(post)
        db_session.commit()
        return post

    return make


@pytest.fixture
def new_post() -> dict[str, Any]:
    """The required fields of a new post, as a client sends them."""
    return {"title": "New", "content": "Read me."}
