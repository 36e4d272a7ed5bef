"""Everything that proves the template and what it generates."""
