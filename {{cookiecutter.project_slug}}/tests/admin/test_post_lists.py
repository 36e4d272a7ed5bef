"""Lists of posts that no address brings out of step."""

import pytest

from tests.admin.query_fuzz import IDS, QUERY_FUZZ


def test_a_parameter_out_of_range_gets_a_clear_answer(admin, make_post):
    make_post()
    queries = [*QUERY_FUZZ, "flt_published_is=perhaps"]

    statuses = {query: admin.get(f"/admin/posts/?{query}").status_code for query in queries}

    assert statuses == dict.fromkeys(queries, 200)


def test_a_post_nobody_has_leads_back_to_the_list(admin):
    assert {admin.get(f"/admin/posts/edit/?id={post_id}").status_code for post_id in IDS} == {302}


def test_pages_follow_each_other(admin, make_post):
    for number in range(21):
        make_post(title=f"Number {number}")

    first, second = (admin.get(f"/admin/posts/?page={page}").text for page in (0, 1))

    assert "Number 20" in first
    assert "Number 0<" not in first
    assert "Number 0<" in second
    assert "Page 2 of 2" in second


def test_as_many_rows_as_somebody_asked_for(admin, make_post):
    for _ in range(21):
        make_post()

    assert "Page 1 of 1" in admin.get("/admin/posts/?page_size=50").text


@pytest.mark.parametrize(("query", "order"), [("sort=0", "abc"), ("sort=0&desc=1", "cba"), ("", "bca")])
def test_rows_are_sorted_by(admin, make_post, query, order):
    for title in "acb":
        make_post(title=f"Title {title}")

    page = admin.get(f"/admin/posts/?{query}").text

    assert sorted("abc", key=lambda title: page.index(f">Title {title}<")) == list(order)
