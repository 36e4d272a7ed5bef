"""Lists of records: query parameters, pagination, order."""

import pytest

from tests.admin.query_fuzz import IDS, QUERY_FUZZ


@pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
def test_invalid_query_parameters_are_ignored_or_bounded(admin_browser, user, path):
    statuses = {query: admin_browser.get(f"{path}?{query}").status_code for query in QUERY_FUZZ}

    assert statuses == dict.fromkeys(QUERY_FUZZ, 200)


@pytest.mark.parametrize("path", ["/admin/users/edit/", "/admin/users/details/"])
def test_unknown_id_is_redirected_to_the_list(admin_browser, path):
    assert {admin_browser.get(f"{path}?id={record_id}").status_code for record_id in IDS} == {302}


def test_truncated_search_is_reported(admin_browser):
    page = admin_browser.get(f"/admin/users/?search={'x' * 101}").text

    assert "Only the first 100 characters" in page


def test_invalid_filter_value_is_reported(admin_browser):
    assert "Invalid Filter Value: king" in admin_browser.get("/admin/users/?flt_role_is=king").text


def test_unknown_query_parameters_are_not_repeated_in_links(admin_browser):
    assert "nonsense" not in admin_browser.get("/admin/users/?_scheme=nonsense&x=nonsense").text


def test_second_page_continues_after_the_first(admin_browser, make_user):
    for number in range(21):
        make_user(email=f"number-{number}@example.com")

    first, second = (admin_browser.get(f"/admin/users/?page={page}").text for page in (0, 1))

    assert "number-20@" in first
    assert "number-0@" not in first
    assert "number-0@" in second
    assert "Page 2 of 2" in second


def test_page_size_is_applied(admin_browser, make_user):
    for _ in range(21):
        make_user()

    assert "Page 1 of 1" in admin_browser.get("/admin/users/?page_size=50").text


@pytest.mark.parametrize(("query", "order"), [("sort=0", "abc"), ("sort=0&desc=1", "cba"), ("", "bca")])
def test_rows_are_sorted_by_column_or_newest_first(admin_browser, make_user, query, order):
    for name in "acb":
        make_user(email=f"{name}@example.com")

    page = admin_browser.get(f"/admin/users/?{query}").text

    assert sorted("abc", key=lambda name: page.index(f"{name}@example.com")) == list(order)


@pytest.mark.parametrize(("page_size", "last_page"), [(20, 500), (50, 200), (100, 100)])
def test_pages_end_at_the_maximum_of_rows(admin_browser, page_size, last_page):
    page = admin_browser.get(f"/admin/users/?page={10**9}&page_size={page_size}").text

    assert f"Page {last_page} of 1" in page


def test_inline_editing_is_not_available(admin_browser, user):
    response = admin_browser.submit("/admin/users/ajax/update/", list_form_pk=user.id, first_name="Uma")

    assert response.status_code == 404
