"""Tests of the model of users: emails, names and roles."""

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
        ("user@b\u00fccher.example", "user@xn--bcher-kva.example"),
        ("user@B\u00dcCHER.example", "USER@XN--BCHER-KVA.EXAMPLE"),
        ("user@bu\u0308cher.example", "user@xn--bcher-kva.example"),
        ("user@stra\u00dfe.example", "user@xn--strae-oqa.example"),
    ],
)
def test_spellings_of_one_email_normalize_to_the_same(one, other):
    assert normalize_email(one) == normalize_email(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("user@example.com", "user@example.org"),
        ("user@example.com", "us.er@example.com"),
        ("user+tag@example.com", "user@example.com"),
        ("jose@example.com", "jos\u00e9@example.com"),
        ("user@b\u00fccher.example", "user@bucher.example"),
        ("xn--bcher-kva@example.com", "b\u00fccher@example.com"),
    ],
)
def test_different_emails_normalize_differently(one, other):
    assert normalize_email(one) != normalize_email(other)


@pytest.mark.parametrize("label", ["xn--", "xn--\u00fc", "xn--99999999", "xn--ab-cd-0ga", "xn--" + "9" * 60])
def test_invalid_label_of_a_domain_is_normalized(label):
    normalized = normalize_email(f"user@{label}.example")

    assert normalized.encode()
    assert len(normalized) <= EMAIL_KEY_LENGTH


def test_surrogate_in_a_domain_is_not_decoded():
    email = "user@xn--a-rc4g.example"  # U+D800

    assert normalize_email(email) == email


@pytest.mark.parametrize("character", ["\u0390", "\ufb03", "\U0001d160", "\u1fb7", "x"])
def test_normalized_email_fits_into_its_column(character):
    longest = character * (EMAIL_LENGTH - len("@example.com")) + "@example.com"

    assert len(normalize_email(longest)) <= EMAIL_KEY_LENGTH


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_email_is_unique_in_any_spelling(make_user, user, spelling):
    with pytest.raises(IntegrityError):
        make_user(email=spelling)


@pytest.mark.parametrize("email", ["us\u00e9r@example.com", "uber@example.com", "\u00fcber@example.com"])
def test_accents_make_emails_different(make_user, email):
    make_user(email="user@example.com")
    make_user(email="\u00fbber@example.com")

    assert make_user(email=email).id


def test_email_is_stored_unchanged(make_user):
    assert make_user(email="Grace@Example.com").email == "Grace@Example.com"


def test_email_of_deleted_user_is_available(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()

    assert make_user(email=user.email).id != user.id


def test_deleted_users_may_share_an_email(make_user):
    users = [make_user(email="user@example.com", deleted=True) for _ in range(3)]

    assert len({other_user.id for other_user in users}) == 3


def test_email_of_restored_user_is_taken(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()
    user.restore()
    db_session.commit()

    with pytest.raises(IntegrityError):
        make_user(email=user.email)


def test_restoring_user_with_taken_email_fails(db_session, make_user, user):
    user.soft_delete()
    db_session.commit()
    make_user(email=user.email)

    user.restore()

    with pytest.raises(IntegrityError):
        db_session.commit()


def test_changed_email_of_deleted_user_is_available(db_session, make_user, user):
    user.soft_delete()
    user.email = "moved@example.com"
    db_session.commit()

    assert make_user(email="moved@example.com").id


def test_change_of_email_releases_the_old_one(db_session, make_user, user):
    user.email = "moved@example.com"
    db_session.commit()

    assert make_user(email="user@example.com").id


@pytest.mark.parametrize(
    ("first_name", "last_name", "full_name"),
    [("Ada", "Lovelace", "Ada Lovelace"), ("Ada", "", "Ada"), ("", "Lovelace", "Lovelace"), ("", "", "")],
)
def test_full_name_joins_nonempty_names(first_name, last_name, full_name):
    assert User(first_name=first_name, last_name=last_name).full_name == full_name


@pytest.mark.parametrize(("role", "is_admin"), [(Role.ADMIN, True), (Role.USER, False)])
def test_admin_role_makes_an_admin(role, is_admin):
    assert User(role=role).is_admin is is_admin


def test_user_is_active_and_no_admin_by_default(make_user):
    other_user = make_user()

    assert (other_user.role, other_user.is_active, other_user.full_name) == (Role.USER, True, "")


def test_database_rejects_unknown_role(db_session, user):
    statement = text("UPDATE users SET role = 'owner' WHERE id = :id")

    with pytest.raises(DBAPIError, match="ck_users_role"):
        db_session.execute(statement, {"id": user.id})


def test_select_not_deleted_omits_deleted_users(db_session, user, make_user):
    make_user(deleted=True)

    assert db_session.scalars(User.select_not_deleted()).all() == [user]
