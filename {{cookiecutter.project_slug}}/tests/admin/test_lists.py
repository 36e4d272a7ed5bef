"""Lists that no address brings out of step."""

import pytest

NONSENSE = [
    "page=-1",
    "page=x",
    "page=" + "9" * 30,
    "page=" + "9" * 5000,
    "page_size=0",
    "page_size=-1",
    "page_size=7",
    "page_size=1000000000",
    "sort=-1",
    "sort=99",
    "sort=" + "9" * 30,
    "sort=x&desc=x",
    "sort=4&desc=1",
    "search=%00",
    "search=" + "x" * 5000,
    "search=" + "x+" * 2000,
    "search=%ff%ed%a0%80",
    "search=" + "%25" * 100,
    "flt_role_is=king",
    "flt_published_is=perhaps",
    "flt_deleted_is=%00",
    "flt_nothing_is=1",
    "flt0_0=1&flt=&flt_=&flt_role_is",
    "endpoint=x",
    "export_type=x",
    "self=1&cls=1",
    "_external=1&_scheme=javascript",
    "_anchor=x&_method=POST",
    "id=1&id=2",
]


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/posts/", "/admin/users/export/csv/"])
def test_a_parameter_out_of_range_gets_a_clear_answer(admin, user, path):
    statuses = {query: admin.get(f"{path}?{query}").status_code for query in NONSENSE}

    assert statuses == dict.fromkeys(NONSENSE, 200)


@pytest.mark.parametrize("path", ["/admin/users/edit/", "/admin/posts/edit/", "/admin/users/details/"])
def test_a_record_nobody_has_leads_back_to_the_list(admin, path):
    ids = ["", "x", "0", "-1", "2147483648", "1" * 5000, "1&id=2", "%00"]

    assert {admin.get(f"{path}?id={record_id}").status_code for record_id in ids} == {302}


def test_a_search_that_was_cut_is_told(admin):
    assert "Only the first 100 characters" in admin.get(f"/admin/users/?search={'x' * 101}").text


def test_a_filter_that_does_not_exist_is_told(admin):
    assert "Invalid Filter Value: king" in admin.get("/admin/users/?flt_role_is=king").text


def test_unknown_parameters_end_up_in_no_link(admin):
    assert "nonsense" not in admin.get("/admin/users/?_scheme=nonsense&x=nonsense").text


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
