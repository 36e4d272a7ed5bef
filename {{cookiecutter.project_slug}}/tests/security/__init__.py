"""Tests of `app/security/`."""
