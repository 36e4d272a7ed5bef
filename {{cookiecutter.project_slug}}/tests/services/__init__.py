"""Tests of `app/services/`."""
