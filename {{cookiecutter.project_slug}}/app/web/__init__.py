"""HTML for browsers: forms, logins, redirects and responses."""
