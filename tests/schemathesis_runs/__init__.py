"""What tells schemathesis how to log in."""
