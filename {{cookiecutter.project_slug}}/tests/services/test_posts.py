# @if cookiecutter.auth == "none"
# @include "open/tests/services/test_posts.py"
# @else
"""The rules of posts."""

import pytest

from app.exceptions import ForbiddenError, NotFoundError
from app.extensions import db
from app.models.post import Post
from app.models.user import Role, User
from app.services import posts

pytestmark = pytest.mark.usefixtures("app_context")

# Which of four posts each actor may see and edit: with and without author, published and draft.
VISIBLE = {
    None: {"published", "no author"},
    "other": {"published", "no author"},
    "author": {"published", "draft", "no author"},
    "admin": {"published", "draft", "no author", "no author draft"},
}
EDITABLE = {"other": set(), "author": {"published", "draft"}, "admin": VISIBLE["admin"]}


@pytest.fixture
def actors(make_user) -> dict[str | None, User | None]:
    """All kinds of actors, by name."""
    return {None: None, "author": make_user(), "other": make_user(), "admin": make_user(role=Role.ADMIN)}


@pytest.fixture
def ids(make_post, actors) -> dict[str, int]:
    """The ids of the four kinds of posts, by title."""
    author = actors["author"]
    created = [
        make_post(title="published", author=author),
        make_post(title="draft", author=author, published=False),
        make_post(title="no author"),
        make_post(title="no author draft", published=False),
    ]
    return {post.title: post.id for post in created}


def listed(actor: User | None, **criteria) -> set[str]:
    """Return the titles of the posts that an actor may list."""
    return {post.title for post in posts.list_posts(actor, page=1, per_page=10, **criteria).items}


def permitted(call, ids: dict[str, int]) -> set[str]:
    """Return the titles of the posts for which a call is permitted."""
    titles = set()
    for title, post_id in ids.items():
        try:
            call(post_id)
        except (ForbiddenError, NotFoundError):
            continue
        titles.add(title)
    return titles


def test_order_of_lists_has_an_index():
    order = [column.key for column in posts.NEWEST_FIRST.columns]
    indexes = db.metadata.tables[Post.__tablename__].indexes

    assert order in [[column.name for column in index.columns] for index in indexes]


@pytest.mark.parametrize("name", VISIBLE)
def test_list_contains_visible_posts(actors, ids, name):
    assert listed(actors[name]) == VISIBLE[name]


@pytest.mark.parametrize("name", VISIBLE)
def test_visible_posts_are_returned(actors, ids, name):
    assert permitted(lambda post_id: posts.get_post(actors[name], post_id), ids) == VISIBLE[name]


@pytest.mark.parametrize("name", EDITABLE)
def test_editable_posts_are_updated(actors, ids, name):
    assert (
        permitted(lambda post_id: posts.update_post(actors[name], post_id, {"title": "x"}), ids)
        == EDITABLE[name]
    )


@pytest.mark.parametrize("name", EDITABLE)
def test_editable_posts_are_deleted(actors, ids, name):
    assert permitted(lambda post_id: posts.delete_post(actors[name], post_id), ids) == EDITABLE[name]


def test_update_of_visible_post_without_permission_is_forbidden(actors, ids):
    with pytest.raises(ForbiddenError):
        posts.update_post(actors["other"], ids["published"], {"title": "x"})


def test_update_of_invisible_post_is_not_found(actors, ids):
    with pytest.raises(NotFoundError):
        posts.update_post(actors["other"], ids["draft"], {"title": "x"})


@pytest.mark.parametrize("name", VISIBLE)
def test_posts_of_deleted_author_are_hidden(actors, ids, name):
    actors["author"].soft_delete()
    db.session.commit()

    assert listed(actors[name]) <= {"no author", "no author draft"}


def test_posts_of_restored_author_are_listed_again(actors, ids):
    actors["author"].soft_delete()
    actors["author"].restore()
    db.session.commit()

    assert listed(None) == {"published", "no author"}


@pytest.mark.parametrize(("published", "titles"), [(True, {"published", "no author"}), (False, {"draft"})])
def test_list_is_filtered_by_published(actors, ids, published, titles):
    assert listed(actors["author"], published=published) == titles


def test_list_is_filtered_by_author(actors, ids):
    assert listed(None, author_id=actors["author"].id) == {"published"}
    assert listed(None, author_id=actors["other"].id) == set()


def test_list_of_unknown_author_is_not_found(actors):
    with pytest.raises(NotFoundError):
        listed(None, author_id=2**31 - 1)


def test_new_post_is_a_draft_of_the_actor(actors):
    post = posts.create_post(actors["author"], title="New", content="Read me.")

    assert (post.author, post.published, post.is_deleted) == (actors["author"], False, False)


def test_update_keeps_omitted_fields(actors, ids):
    post = posts.update_post(actors["author"], ids["published"], {"content": "Changed"})

    assert (post.title, post.content, post.published) == ("published", "Changed", True)


def test_delete_hides_the_post_and_keeps_the_row(actors, ids):
    post = posts.get_post(actors["author"], ids["published"])

    posts.delete_post(actors["author"], post.id)

    assert post.is_deleted
    assert db.session.get(Post, post.id) is post


def test_restored_post_is_listed_again(actors, ids):
    post = posts.get_post(actors["author"], ids["published"])
    posts.delete_post(actors["author"], post.id)

    post.restore()
    db.session.commit()

    assert posts.get_post(None, ids["published"]) is post
    # @endif
