"""What operators fear, done to real processes: each returns what became of the requests."""
