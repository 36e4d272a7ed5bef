"""Tests of `app/schemas/`."""
