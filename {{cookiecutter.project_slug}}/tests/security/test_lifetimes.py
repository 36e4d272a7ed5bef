"""Tests of settings with lifetimes."""

from datetime import timedelta

import pytest

from app.security.lifetimes import get_lifetime, lifetime_setting

SETTING = lifetime_setting("EXAMPLE_LIFETIME", 30, "Seconds of an example", minimum=10, maximum=3600)


def problem_of(value: timedelta | int) -> str | None:
    """Return why production rejects a value of the setting."""
    assert SETTING.validate
    return SETTING.validate(value)


def test_description_has_the_maximum():
    assert SETTING.description == "Seconds of an example; at most 3,600."


@pytest.mark.parametrize("value", [10, 3600, timedelta(minutes=1)])
def test_lifetime_within_bounds_is_valid(value):
    assert problem_of(value) is None


@pytest.mark.parametrize("value", [-1, False, 9, 3601, timedelta(days=1)])
def test_lifetime_outside_of_bounds_is_rejected(value):
    assert problem_of(value) == "must be between 10 and 3600 seconds"


@pytest.mark.parametrize("value", [60, timedelta(minutes=1)])
def test_lifetime_is_in_seconds_or_a_timedelta(app_context, value):
    app_context.config["EXAMPLE_LIFETIME"] = value

    assert get_lifetime("EXAMPLE_LIFETIME") == timedelta(minutes=1)
