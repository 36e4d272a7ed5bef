"""Pages with posts on them."""

import re

import pytest

from tests.admin.page_faults import FAULTS, SCRIPT, TEMPLATE, proves_a_password

PAGES = [
    "/admin/",
    "/admin/posts/",
    "/admin/posts/new/",
    "/admin/posts/edit/?id={post_id}",
    "/admin/posts/export/csv/",
]


@pytest.fixture
def texts(admin, make_user, make_post) -> dict[str, str]:
    """Every page, with a post on it that would like to run, by somebody like that."""
    author = make_user(first_name=SCRIPT[:100], last_name=SCRIPT[:100])
    post = make_post(title=SCRIPT, content=SCRIPT, author_id=author.id)
    return {path: admin.get(path.format(post_id=post.id)).text for path in PAGES}


@pytest.mark.parametrize("is_at_fault", FAULTS)
def test_no_page(texts, is_at_fault):
    assert not [path for path, text in texts.items() if "export" not in path and is_at_fault(text)]


def test_script_and_templates_in_titles_are_text(texts):
    assert "&lt;script&gt;alert" in texts["/admin/posts/"]
    assert TEMPLATE in texts["/admin/posts/"]


def test_no_export_holds_what_proves_a_password(texts):
    assert not proves_a_password(texts["/admin/posts/export/csv/"])


def test_the_first_page_counts_posts(admin, make_post):
    make_post(published=False)

    words = re.sub(r"<[^>]+>|\s+", " ", admin.get("/admin/").text).split()

    assert "Posts 0 published 1 drafts 0 deleted" in " ".join(words)


def test_the_first_page_shows_the_newest_posts(admin, make_post):
    for number in range(6):
        make_post(title=f"Number {number}")

    page = admin.get("/admin/").text

    assert "Number 5" in page
    assert "Number 0" not in page


def test_the_first_page_says_where_nothing_was_written(admin):
    assert "There are none yet." in admin.get("/admin/").text
