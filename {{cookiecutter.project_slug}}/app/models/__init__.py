"""SQLAlchemy models, without business rules and commits."""
