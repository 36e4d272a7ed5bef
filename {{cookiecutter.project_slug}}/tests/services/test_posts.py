# @if cookiecutter.auth == "none"
# @include "open/tests/services/test_posts.py"
# @else
"""Rules of posts."""

import pytest

from app.exceptions import ForbiddenError, NotFoundError
from app.extensions import db
from app.models.post import Post
from app.models.user import Role, User
from app.services import posts

pytestmark = pytest.mark.usefixtures("app_context")

# Who sees which of four posts: the author's and an orphan, published and draft.
READABLE = {
    None: {"published", "orphan"},
    "other": {"published", "orphan"},
    "author": {"published", "draft", "orphan"},
    "admin": {"published", "draft", "orphan", "orphan draft"},
}
EDITABLE = {"other": set(), "author": {"published", "draft"}, "admin": READABLE["admin"]}


@pytest.fixture
def people(make_user) -> dict[str | None, User | None]:
    """Everybody who may call."""
    return {None: None, "author": make_user(), "other": make_user(), "admin": make_user(role=Role.ADMIN)}


@pytest.fixture
def ids(make_post, people) -> dict[str, int]:
    """The four kinds of posts, by title."""
    author = people["author"]
    kept = [
        make_post(title="published", author=author),
        make_post(title="draft", author=author, published=False),
        make_post(title="orphan"),
        make_post(title="orphan draft", published=False),
    ]
    return {post.title: post.id for post in kept}


def listed(actor: User | None, **criteria) -> set[str]:
    """Return the titles of what a actor may list."""
    return {post.title for post in posts.list_posts(actor, page=1, per_page=10, **criteria)}


def allowed(attempt, ids: dict[str, int]) -> set[str]:
    """Return for which posts an attempt succeeds."""
    titles = set()
    for title, post_id in ids.items():
        try:
            attempt(post_id)
        except (ForbiddenError, NotFoundError):
            continue
        titles.add(title)
    return titles


@pytest.mark.parametrize("who", READABLE)
def test_a_list_has_what_the_viewer_may_read(people, ids, who):
    assert listed(people[who]) == READABLE[who]


@pytest.mark.parametrize("who", READABLE)
def test_a_post_is_there_for_those_who_may_read_it(people, ids, who):
    assert allowed(lambda post_id: posts.get_post(people[who], post_id), ids) == READABLE[who]


@pytest.mark.parametrize("who", EDITABLE)
def test_a_post_is_changed_by_those_who_may(people, ids, who):
    assert allowed(lambda post_id: posts.update_post(people[who], post_id, title="x"), ids) == EDITABLE[who]


@pytest.mark.parametrize("who", EDITABLE)
def test_a_post_is_deleted_by_those_who_may(people, ids, who):
    assert allowed(lambda post_id: posts.delete_post(people[who], post_id), ids) == EDITABLE[who]


def test_a_post_that_can_be_read_but_not_changed_is_forbidden(people, ids):
    with pytest.raises(ForbiddenError):
        posts.update_post(people["other"], ids["published"], title="x")


def test_a_post_that_cannot_be_read_does_not_exist(people, ids):
    with pytest.raises(NotFoundError):
        posts.update_post(people["other"], ids["draft"], title="x")


@pytest.mark.parametrize("who", READABLE)
def test_a_deleted_authors_posts_are_hidden_from_all(people, ids, who):
    people["author"].soft_delete()
    db.session.commit()

    assert listed(people[who]) <= {"orphan", "orphan draft"}


def test_posts_of_a_restored_author_are_back(people, ids):
    people["author"].soft_delete()
    people["author"].restore()
    db.session.commit()

    assert listed(None) == {"published", "orphan"}


@pytest.mark.parametrize(("published", "titles"), [(True, {"published", "orphan"}), (False, {"draft"})])
def test_a_list_is_filtered_by_state(people, ids, published, titles):
    assert listed(people["author"], published=published) == titles


def test_a_list_is_filtered_by_author(people, ids):
    assert listed(None, author_id=people["author"].id) == {"published"}
    assert listed(None, author_id=people["other"].id) == set()


def test_the_list_of_an_unknown_author_does_not_exist(people):
    with pytest.raises(NotFoundError):
        listed(None, author_id=2**31 - 1)


def test_a_new_post_belongs_to_its_author_and_is_a_draft(people):
    post = posts.create_post(people["author"], title="New", content="Read me.")

    assert (post.author, post.published, post.is_deleted) == (people["author"], False, False)


def test_a_change_leaves_alone_what_is_not_given(people, ids):
    post = posts.update_post(people["author"], ids["published"], content="Changed")

    assert (post.title, post.content, post.published) == ("published", "Changed", True)


def test_a_post_is_hidden_and_not_removed(people, ids):
    post = posts.get_post(people["author"], ids["published"])

    posts.delete_post(people["author"], post.id)

    assert post.is_deleted
    assert db.session.get(Post, post.id) is post


def test_a_restored_post_is_back(people, ids):
    post = posts.get_post(people["author"], ids["published"])
    posts.delete_post(people["author"], post.id)

    post.restore()
    db.session.commit()

    assert posts.get_post(None, ids["published"]) is post
    # @endif
