"""Benchmarks of generation, of the test suite and of a generated service."""
