"""Plugins of pytest for the tests of the template."""
