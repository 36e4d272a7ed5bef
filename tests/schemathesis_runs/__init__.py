"""What tells schemathesis how to sign in."""
