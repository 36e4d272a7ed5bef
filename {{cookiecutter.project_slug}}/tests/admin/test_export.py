"""CSV files that spreadsheets show and do not run."""

import pytest

from app.admin.export import cell
from tests.admin.clients import rows

USERS = "/admin/users/export/csv/"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_formula_is_text(start):
    assert cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("separator", [";", "\n", "\t"])
def test_a_formula_is_text_where_a_spreadsheet_splits_a_cell(separator):
    assert cell(f"x{separator}=1+1") == f"x{separator}'=1+1"


@pytest.mark.parametrize("text", ["", "user@example.com", "a=b", "1+1", " ", "one; two\nthree"])
def test_text_stays_as_it_is(text):
    assert cell(text) == text


def test_formulas_in_names_are_text(admin, make_user):
    make_user(first_name="=1+1", last_name="@SUM(A1)")

    user = rows(admin.get(USERS))[0]

    assert (user["First name"], user["Last name"]) == ("'=1+1", "'@SUM(A1)")


def test_accounts_are_exported_without_what_proves_a_password(admin, admin_user):
    (row,) = rows(admin.get(USERS))

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


def test_what_is_listed_is_exported(admin, user):
    assert [row["Email"] for row in rows(admin.get(f"{USERS}?flt_role_is=user&search=urs"))] == [user.email]


def test_an_export_is_a_file(admin):
    assert admin.get(USERS).headers["Content-Disposition"].startswith("attachment;filename=Users_")


def test_other_formats_are_not_offered(admin):
    assert admin.get("/admin/users/export/xls/").status_code == 302
