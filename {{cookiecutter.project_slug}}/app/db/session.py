"""The session of a request: reads need no transaction, writes have one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import g, has_request_context, request
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.exc import DBAPIError

READING_METHODS = {"GET", "HEAD", "OPTIONS"}
# Where it saves round trips: BEGIN and ROLLBACK, after which psycopg prepares no statements either.
# PyMySQL would need two to switch it on and off.
AUTOCOMMIT_DIALECTS = {"postgresql"}


class RequestSession(Session):
    """Run the statements of requests that only read in autocommit mode.

    Each of them sees what was committed when it began. A request that needs more calls
    `use_transaction()` first.
    """

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Return the engine of the request."""
        bind = super().get_bind(*args, **kwargs)
        if isinstance(bind, Engine) and bind.dialect.name in AUTOCOMMIT_DIALECTS and is_reading():
            return _autocommit(bind)
        return bind

    def execute(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Execute a statement."""
        return self._send(super().execute, statement, *args, **kwargs)

    def scalar(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Return the first column of the first row."""
        return self._send(super().scalar, statement, *args, **kwargs)

    def scalars(self, statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Return the first column of all rows."""
        return self._send(super().scalars, statement, *args, **kwargs)

    def _send(self, method: Callable[..., Any], statement: Executable, *args: Any, **kwargs: Any) -> Any:
        """Repeat a read once, on another connection, if the server has closed the one it was sent on.

        In autocommit mode nothing else is lost with a connection.
        """
        try:
            return method(statement, *args, **kwargs)
        except DBAPIError as error:
            is_lost_read = error.connection_invalidated and statement.is_select
            if not (is_lost_read and is_autocommit(self.get_bind())):
                raise
        self.rollback()
        return method(statement, *args, **kwargs)


@event.listens_for(RequestSession, "before_flush")
def require_transaction(session: RequestSession, *_args: object) -> None:
    """Refuse to write in autocommit mode, where an error could not be rolled back.

    Raises:
        RuntimeError: A request that only reads, by its method, has changes to write.
    """
    if is_reading() and (session.new or session.deleted or any(map(session.is_modified, session.dirty))):
        raise RuntimeError("A GET request writes: call app.db.session.use_transaction() first.")


def is_autocommit(bind: Engine | Connection) -> bool:
    """Return whether statements need no transaction."""
    return bind.get_execution_options().get("isolation_level") == "AUTOCOMMIT"


def is_reading() -> bool:
    """Return whether there is a request that may use autocommit mode."""
    return has_request_context() and request.method in READING_METHODS and not g.get("uses_transaction")


def use_transaction() -> None:
    """Run the following statements of this request in a transaction, whatever its method."""
    g.uses_transaction = True


@lru_cache
def _autocommit(engine: Engine) -> Engine:
    """Return an engine with the same pool in autocommit mode."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")
