"""Tests of `app/models/`."""
