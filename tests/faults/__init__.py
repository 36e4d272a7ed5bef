"""Faults of real processes; each scenario returns the count of the responses."""
