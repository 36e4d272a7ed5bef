"""Column types that hold the same values on every database."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeDecorator, TypeEngine

MYSQL = {"mysql", "mariadb"}
# Integer keys are signed and 32 bits wide on all databases.
MAX_ID = 2**31 - 1


class UTCDateTime(TypeDecorator[datetime]):
    """A time in UTC with microseconds.

    Databases without a time zone type store the UTC time; values read back always carry `UTC`.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask MySQL for microseconds, which it leaves out by default."""
        return mysql.DATETIME(fsp=6) if dialect.name in MYSQL else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC.

        Raises:
            ValueError: The value has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time zone is required")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - part of the signature
    ) -> datetime | None:
        """Return UTC, whatever the session's time zone is."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class LongText(TypeDecorator[str]):
    """Text of up to 16 MiB: MySQL's TEXT ends at 64 KiB."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use MEDIUMTEXT on MySQL."""
        return mysql.MEDIUMTEXT() if dialect.name in MYSQL else Text()


class CaseSensitiveString(TypeDecorator[str]):
    """A string that equals only itself: MySQL's default collations ignore case and accents."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use a binary collation on MySQL."""
        length = cast("String", self.impl).length
        binary = mysql.VARCHAR(length, collation="utf8mb4_bin")
        return binary if dialect.name in MYSQL else String(length)
