"""Addresses, names and roles of accounts."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.models.user import EMAIL_KEY_LENGTH, EMAIL_LENGTH, Role, User, normalize_email

SPELLINGS = ["user@example.com", "USER@EXAMPLE.COM", "User@Example.Com", " user@example.com "]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("user@example.com", "USER@EXAMPLE.COM"),
        ("user@example.com", " user@example.com\n"),
        ("jos\u00e9@example.com", "jose\u0301@example.com"),
        ("JOS\u00c9@example.com", "jos\u00e9@example.com"),
        ("stra\u00dfe@example.com", "STRASSE@example.com"),
        ("\u03c3@example.com", "\u03a3@example.com"),
    ],
)
def test_spellings_of_one_address_fold_to_the_same(one, other):
    assert normalize_email(one) == normalize_email(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("user@example.com", "user@example.org"),
        ("user@example.com", "us.er@example.com"),
        ("user+tag@example.com", "user@example.com"),
        ("jose@example.com", "jos\u00e9@example.com"),
    ],
)
def test_different_addresses_stay_different(one, other):
    assert normalize_email(one) != normalize_email(other)


@pytest.mark.parametrize("character", ["\u0390", "\ufb03", "\U0001d160", "\u1fb7", "x"])
def test_the_folded_address_fits_into_its_column(character):
    longest = character * (EMAIL_LENGTH - len("@example.com")) + "@example.com"

    assert len(normalize_email(longest)) <= EMAIL_KEY_LENGTH


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_unique_without_regard_to_case(make_user, user, spelling):
    with pytest.raises(IntegrityError):
        make_user(email=spelling)


@pytest.mark.parametrize("email", ["us\u00e9r@example.com", "uber@example.com", "\u00fcber@example.com"])
def test_accents_make_different_addresses(make_user, email):
    make_user(email="user@example.com")
    make_user(email="\u00fbber@example.com")

    assert make_user(email=email).id


def test_an_address_is_stored_as_it_was_written(make_user):
    assert make_user(email="Grace@Example.com").email == "Grace@Example.com"


def test_a_deleted_account_frees_its_address(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()

    assert make_user(email=user.email).id != user.id


def test_many_deleted_accounts_may_have_had_the_same_address(make_user):
    accounts = [make_user(email="user@example.com", deleted=True) for _ in range(3)]

    assert len({account.id for account in accounts}) == 3


def test_a_restored_account_claims_its_address_again(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()
    user.restore()
    db_session.commit()

    with pytest.raises(IntegrityError):
        make_user(email=user.email)


def test_restoring_fails_when_the_address_was_taken(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()
    make_user(email=user.email)

    user.restore()

    with pytest.raises(IntegrityError):
        db_session.commit()


def test_a_deleted_account_claims_no_other_address(db_session, make_user, user):
    user.soft_delete()
    user.email = "moved@example.com"
    db_session.commit()

    assert make_user(email="moved@example.com").id


def test_a_changed_address_frees_the_old_one(db_session, make_user, user):
    user.email = "moved@example.com"
    db_session.commit()

    assert make_user(email="user@example.com").id


@pytest.mark.parametrize(
    ("first_name", "last_name", "full_name"),
    [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "Lovelace", "Lovelace"), ("", "", "")],
)
def test_the_full_name_is_what_is_known_of_it(first_name, last_name, full_name):
    assert User(first_name=first_name, last_name=last_name).full_name == full_name


@pytest.mark.parametrize(("role", "is_admin"), [(Role.ADMIN, True), (Role.USER, False)])
def test_only_admins_are_admins(role, is_admin):
    assert User(role=role).is_admin is is_admin


def test_an_account_is_an_active_user_unless_told_otherwise(make_user):
    account = make_user()

    assert (account.role, account.is_active, account.full_name) == (Role.USER, True, "")


def test_the_database_knows_the_roles(db_session, user):
    statement = text("UPDATE users SET role = 'owner' WHERE id = :id")

    with pytest.raises(DBAPIError, match="ck_users_role"):
        db_session.execute(statement, {"id": user.id})


def test_living_accounts_are_selected(db_session, user, make_user):
    make_user(deleted=True)

    assert db_session.scalars(User.select_not_deleted()).all() == [user]
