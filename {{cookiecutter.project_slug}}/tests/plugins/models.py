"""A model for tests; it exists whatever models the service has."""

import pytest
from sqlalchemy import Connection, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.schema import CreateTable

from app.models.base import Base, SoftDeleteMixin, TimestampMixin


class TestBase(DeclarativeBase):
    """Keep the table apart from those that migrations know."""

    __test__ = False
    registry = registry(metadata=MetaData(), type_annotation_map=Base.registry.type_annotation_map)


class Sample(TimestampMixin, SoftDeleteMixin, TestBase):
    """A row of a temporary table, which ends with its connection."""

    __tablename__ = "test_samples"
    __table_args__ = ({"prefixes": ["TEMPORARY"]},)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(100))


@pytest.fixture
def samples_table(connection: Connection) -> None:
    """Create the table; creating a temporary one commits no transaction, on no database."""
    connection.execute(CreateTable(Sample.metadata.tables["test_samples"], if_not_exists=True))


@pytest.fixture
def make_sample(samples_table: None, db_session: Session):
    """Insert a row."""

    def make(**values) -> Sample:
        sample = Sample(**{"word": "hey"} | values)
        db_session.add(sample)
        db_session.commit()
        return sample

    return make
