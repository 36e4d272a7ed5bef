"""Rules of posts."""

import pytest

from app.exceptions import NotFoundError
from app.extensions import db
from app.models.post import Post
from app.services import posts

pytestmark = pytest.mark.usefixtures("app_context")


def listed(**criteria) -> list[str]:
    """Return the titles of what is listed."""
    return [post.title for post in posts.list_posts(page=1, per_page=10, **criteria)]


def test_a_list_has_drafts_too(make_post):
    make_post(title="published")
    make_post(title="draft", published=False)

    assert listed() == ["draft", "published"]


@pytest.mark.parametrize(("published", "titles"), [(True, ["published"]), (False, ["draft"])])
def test_a_list_is_filtered_by_state(make_post, published, titles):
    make_post(title="published")
    make_post(title="draft", published=False)

    assert listed(published=published) == titles


def test_a_new_post_is_a_draft():
    post = posts.create_post(title="New", content="Read me.")

    assert (post.published, post.is_deleted) == (False, False)


def test_a_change_leaves_alone_what_is_not_given(make_post):
    post = posts.update_post(make_post(title="Old").id, content="Changed")

    assert (post.title, post.content, post.published) == ("Old", "Changed", True)


def test_a_change_can_take_a_post_back(make_post):
    assert posts.update_post(make_post().id, published=False).published is False


@pytest.mark.parametrize("attempt", [posts.get_post, posts.update_post, posts.delete_post])
def test_an_unknown_post_does_not_exist(attempt):
    with pytest.raises(NotFoundError):
        attempt(2**31 - 1)


def test_a_post_is_hidden_and_not_removed(make_post):
    post = posts.get_post(make_post().id)

    posts.delete_post(post.id)

    assert listed() == []
    assert post.is_deleted
    assert db.session.get(Post, post.id) is post


def test_a_restored_post_is_back(make_post):
    post = posts.get_post(make_post(title="Back").id)
    posts.delete_post(post.id)

    post.restore()
    db.session.commit()

    assert listed() == ["Back"]
