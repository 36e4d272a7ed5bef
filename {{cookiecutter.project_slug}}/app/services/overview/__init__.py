"""What the first page of the admin tells; each module is about one kind of record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from app.extensions import db

NEWEST = 5


@dataclass(frozen=True)
class RecentRecord:
    """A record that was made lately, in words."""

    id: int
    title: str
    text: str
    created_at: datetime


@dataclass(frozen=True)
class Overview:
    """Counts by name, and the newest records that live."""

    counts: dict[str, int]
    newest: Sequence[RecentRecord]


def count(**criteria: ColumnElement[bool]) -> dict[str, int]:
    """Count the rows of one table by several criteria, in one query."""
    columns = [func.count(case((criterion, 1))).label(name) for name, criterion in criteria.items()]
    return dict(db.session.execute(select(*columns)).one()._mapping)  # noqa: SLF001 - its public name
