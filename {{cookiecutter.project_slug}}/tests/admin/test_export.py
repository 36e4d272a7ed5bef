"""CSV export of users."""

import pytest

from app.admin import views
from app.admin.fields import format_csv_cell
from app.admin.users import UserView
from app.db import pagination
from app.extensions import db
from app.services import users
from tests.admin.clients import read_csv
from tests.plugins.credentials import PASSWORD

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
        "Verified (UTC)",
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


def test_export_is_sorted_like_the_list_in_all_batches(admin_browser, make_user, monkeypatch):
    monkeypatch.setattr(views, "EXPORT_BATCH", 2)
    for name in "caedb":
        make_user(email=f"{name}@example.com", first_name="Ed")

    rows = read_csv(admin_browser.get(f"{EXPORT_URL}?sort=0&desc=1&search=Ed"))

    assert "".join(row["Email"][0] for row in rows) == "edcba"


def test_rows_are_loaded_in_batches_without_keeping_a_connection(concurrent_app, monkeypatch):
    monkeypatch.setattr(views, "EXPORT_BATCH", 2)
    with concurrent_app.app_context():
        ids = [users.create_user(email=f"{name}@example.com", password=PASSWORD).id for name in "abc"]
        db.session.close()

        rows = UserView().load_in_batches(ids)
        assert next(rows).id == ids[0]
        assert "Current Checked out connections: 0" in db.engine.pool.status()
        users.delete_user(ids[2])

        assert [row.is_deleted for row in rows] == [False, True]


def test_cut_list_and_export_are_reported(admin_browser, make_user, monkeypatch):
    for module in (pagination, views):
        monkeypatch.setattr(module, "MAX_ROWS", 3)
    monkeypatch.setattr(UserView, "export_max_rows", 3)
    for _ in range(3):
        make_user()

    page = admin_browser.get("/admin/users/").text

    assert "3 or more" in page
    assert "Only the first 3 records are listed and exported" in page
    assert len(read_csv(admin_browser.get(EXPORT_URL))) == 3


def test_complete_list_is_not_reported_as_cut(admin_browser):
    assert "Only the first" not in admin_browser.get("/admin/users/").text
