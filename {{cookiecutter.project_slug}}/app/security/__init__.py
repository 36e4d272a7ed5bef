"""Authentication, authorization and protection against CSRF and password guessing."""
