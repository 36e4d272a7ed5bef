"""The rules of the service: plain functions that raise domain errors and commit."""
