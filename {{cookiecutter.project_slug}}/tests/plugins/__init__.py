"""Fixtures, one module for each subject; `conftest.py` lists them."""
