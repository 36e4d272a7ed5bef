"""Extension objects that every variant of the service has."""

from pathlib import Path

from flask import Flask, current_app, g
from flask_limiter import Limit, Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from app.db.engine import check_rested_connections
from app.db.session import RequestSession
from app.models.base import Base


def rate_limit_key() -> str:
    """Return the key that requests are counted under: the current user, else the IP address."""
    user_id = g.get("user_id")
    return f"user:{user_id}" if user_id else get_remote_address()


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with this service's engines and sessions."""

    def init_app(self, app: Flask) -> None:
        """Create the engines of an app."""
        super().init_app(app)
        with app.app_context():
            for engine in self.engines.values():
                check_rested_connections(engine)


db = Database(model_class=Base, session_options={"class_": RequestSession})
migrate = Migrate(db=db, directory=Path(__file__).parents[1] / "migrations")  # from any working folder
limiter = Limiter(
    rate_limit_key,
    default_limits=[
        Limit(lambda: current_app.config["RATELIMIT_DEFAULT"], rate_limit_key, scope="all", shared=True)
    ],
)
