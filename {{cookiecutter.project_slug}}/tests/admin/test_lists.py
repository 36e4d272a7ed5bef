"""Lists that no address brings out of step."""

import pytest

from tests.admin.query_fuzz import IDS, QUERY_FUZZ


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
def test_a_parameter_out_of_range_gets_a_clear_answer(admin, user, path):
    statuses = {query: admin.get(f"{path}?{query}").status_code for query in QUERY_FUZZ}

    assert statuses == dict.fromkeys(QUERY_FUZZ, 200)


@pytest.mark.parametrize("path", ["/admin/users/edit/", "/admin/users/details/"])
def test_a_record_nobody_has_leads_back_to_the_list(admin, path):
    assert {admin.get(f"{path}?id={record_id}").status_code for record_id in IDS} == {302}


def test_a_search_that_was_cut_is_told(admin):
    assert "Only the first 100 characters" in admin.get(f"/admin/users/?search={'x' * 101}").text


def test_a_filter_that_does_not_exist_is_told(admin):
    assert "Invalid Filter Value: king" in admin.get("/admin/users/?flt_role_is=king").text


def test_unknown_parameters_end_up_in_no_link(admin):
    assert "nonsense" not in admin.get("/admin/users/?_scheme=nonsense&x=nonsense").text


def test_pages_follow_each_other(admin, make_user):
    for number in range(21):
        make_user(email=f"number-{number}@example.com")

    first, second = (admin.get(f"/admin/users/?page={page}").text for page in (0, 1))

    assert "number-20@" in first
    assert "number-0@" not in first
    assert "number-0@" in second
    assert "Page 2 of 2" in second


def test_as_many_rows_as_somebody_asked_for(admin, make_user):
    for _ in range(21):
        make_user()

    assert "Page 1 of 1" in admin.get("/admin/users/?page_size=50").text


@pytest.mark.parametrize(("query", "order"), [("sort=0", "abc"), ("sort=0&desc=1", "cba"), ("", "bca")])
def test_rows_are_sorted_by(admin, make_user, query, order):
    for name in "acb":
        make_user(email=f"{name}@example.com")

    page = admin.get(f"/admin/users/?{query}").text

    assert sorted("abc", key=lambda name: page.index(f"{name}@example.com")) == list(order)
