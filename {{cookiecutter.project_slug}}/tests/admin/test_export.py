"""CSV export of users."""

import pytest

from app.admin.fields import format_csv_cell
from tests.admin.clients import read_csv

EXPORT_URL = "/admin/users/export/csv/"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_formula_at_the_start_of_a_cell_is_quoted(start):
    assert format_csv_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("separator", [";", "\n", "\t"])
def test_formula_after_a_separator_is_quoted(separator):
    assert format_csv_cell(f"x{separator}=1+1") == f"x{separator}'=1+1"


@pytest.mark.parametrize("text", ["", "user@example.com", "a=b", "1+1", " ", "one; two\nthree"])
def test_other_text_is_unchanged(text):
    assert format_csv_cell(text) == text


def test_formulas_in_names_are_quoted(admin_browser, make_user):
    make_user(first_name="=1+1", last_name="@SUM(A1)")

    row = read_csv(admin_browser.get(EXPORT_URL))[0]

    assert (row["First name"], row["Last name"]) == ("'=1+1", "'@SUM(A1)")


def test_export_has_all_columns_except_secrets(admin_browser, admin_user):
    (row,) = read_csv(admin_browser.get(EXPORT_URL))

    assert list(row) == [
        "Id",
        "Email",
        "First name",
        "Last name",
        "Role",
        "Is Active",
        "Created (UTC)",
        "Updated At",
        "Deleted At",
    ]
    assert (row["Email"], row["Role"], row["Is Active"]) == (admin_user.email, "admin", "True")
    assert row["Created (UTC)"] == admin_user.created_at.isoformat()
    assert row["Deleted At"] == ""


def test_export_applies_search_and_filters(admin_browser, user):
    response = admin_browser.get(f"{EXPORT_URL}?flt_role_is=user&search=urs")

    assert [row["Email"] for row in read_csv(response)] == [user.email]


def test_export_is_an_attachment(admin_browser):
    disposition = admin_browser.get(EXPORT_URL).headers["Content-Disposition"]

    assert disposition.startswith("attachment;filename=Users_")


def test_unknown_export_format_is_redirected_to_the_list(admin_browser):
    assert admin_browser.get("/admin/users/export/xls/").status_code == 302
