"""Posts that are submitted twice."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.extensions import db
from app.models.post import Post
from app.models.user import User
from app.services.post_submissions import REPEATED_WITHIN, submit_post
from tests.plugins.accounts import open_account
from tests.threads import at_once

VALUES: dict[str, Any] = {"title": "New", "content": "Read me.", "published": True}


def test_same_post_is_created_once(app_context, user):
    assert submit_post(user, **VALUES).id == submit_post(user, **VALUES).id


@pytest.mark.parametrize(
    "change", [{"title": "Other"}, {"title": "new"}, {"content": "Réad me."}, {"published": False}]
)
def test_other_post_is_created(app_context, user, change):
    assert submit_post(user, **VALUES).id != submit_post(user, **VALUES | change).id


def test_same_post_of_another_author_is_created(app_context, user, make_user):
    assert submit_post(user, **VALUES).id != submit_post(make_user(), **VALUES).id


def test_same_post_is_created_again_after_a_minute(app_context, user):
    first = submit_post(user, **VALUES)
    db.session.execute(
        update(Post).values(created_at=first.created_at - REPEATED_WITHIN - timedelta(seconds=1))
    )

    assert submit_post(user, **VALUES).id != first.id


def test_deleted_post_is_created_again(app_context, user):
    first = submit_post(user, **VALUES)
    first.soft_delete()

    assert submit_post(user, **VALUES).id != first.id


def test_one_of_many_requests_at_once_creates_the_post(concurrent_app):
    user_id = open_account(concurrent_app, "user@example.com")

    def submit(_number: int) -> int:
        with concurrent_app.app_context():
            return submit_post(db.session.get_one(User, user_id), **VALUES).id

    assert len(set(at_once(8, submit))) == 1
    with concurrent_app.app_context():
        assert db.session.scalar(select(func.count(Post.id))) == 1
