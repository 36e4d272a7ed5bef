"""The rules of posts."""

import pytest

from app.exceptions import NotFoundError
from app.extensions import db
from app.models.post import Post
from app.services import posts

pytestmark = pytest.mark.usefixtures("app_context")


def listed(**criteria) -> list[str]:
    """Return the titles of the listed posts."""
    return [post.title for post in posts.list_posts(page=1, per_page=10, **criteria).items]


def test_order_of_lists_has_an_index():
    order = [column.key for column in posts.NEWEST_FIRST.columns]
    indexes = db.metadata.tables[Post.__tablename__].indexes

    assert order in [[column.name for column in index.columns] for index in indexes]


def test_list_contains_drafts(make_post):
    make_post(title="published")
    make_post(title="draft", published=False)

    assert listed() == ["draft", "published"]


@pytest.mark.parametrize(("published", "titles"), [(True, ["published"]), (False, ["draft"])])
def test_list_is_filtered_by_published(make_post, published, titles):
    make_post(title="published")
    make_post(title="draft", published=False)

    assert listed(published=published) == titles


def test_new_post_is_a_draft():
    post = posts.create_post(title="New", content="Read me.")

    assert (post.published, post.is_deleted) == (False, False)


def test_update_keeps_omitted_fields(make_post):
    post = posts.update_post(make_post(title="Old").id, {"content": "Changed"})

    assert (post.title, post.content, post.published) == ("Old", "Changed", True)


def test_update_unpublishes_post(make_post):
    assert posts.update_post(make_post().id, {"published": False}).published is False


@pytest.mark.parametrize(
    "call", [posts.get_post, lambda post_id: posts.update_post(post_id, {}), posts.delete_post]
)
def test_unknown_post_is_not_found(call):
    with pytest.raises(NotFoundError):
        call(2**31 - 1)


def test_delete_hides_the_post_and_keeps_the_row(make_post):
    post = posts.get_post(make_post().id)

    posts.delete_post(post.id)

    assert listed() == []
    assert post.is_deleted
    assert db.session.get(Post, post.id) is post


def test_restored_post_is_listed_again(make_post):
    post = posts.get_post(make_post(title="Back").id)
    posts.delete_post(post.id)

    post.restore()
    db.session.commit()

    assert listed() == ["Back"]
