"""Everything that depends on the database: engine options, column types, pagination, locks."""
