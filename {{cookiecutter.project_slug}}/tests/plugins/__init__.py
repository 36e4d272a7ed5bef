"""Fixtures, one module for each subject; `tests/conftest.py` lists them."""
