"""A table that only tests have, whatever tables the service has; part of every test through `conftest.py`."""

import pytest
from sqlalchemy import Connection, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.schema import CreateTable

from app.models.base import Base, SoftDeleteMixin, TimestampMixin


class TestBase(DeclarativeBase):
    """Keeps the table apart from those that migrations know."""

    __test__ = False
    registry = registry(metadata=MetaData(), type_annotation_map=Base.registry.type_annotation_map)


class Scribble(TimestampMixin, SoftDeleteMixin, TestBase):
    """Something that is forgotten with its connection."""

    __tablename__ = "test_scribbles"
    __table_args__ = ({"prefixes": ["TEMPORARY"]},)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(100))


@pytest.fixture
def scribbles(connection: Connection) -> None:
    """Create the table: a temporary one ends no transaction, on no database."""
    connection.execute(CreateTable(Scribble.metadata.tables["test_scribbles"], if_not_exists=True))


@pytest.fixture
def make_scribble(scribbles: None, db_session: Session):
    """Write something down."""

    def make(**values) -> Scribble:
        scribble = Scribble(**{"word": "hey"} | values)
        db_session.add(scribble)
        db_session.commit()
        return scribble

    return make
