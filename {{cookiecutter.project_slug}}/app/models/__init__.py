"""Tables: no rules, no commits."""
