"""Tests of `app/api/`."""
