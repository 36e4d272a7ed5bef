"""Extension objects that every variant of the service has."""

from flask import current_app, g
from flask_limiter import Limit, Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from app.models.base import Base


def caller() -> str:
    """Name who is counted: the signed-in user, else the address."""
    user_id = g.get("user_id")
    return f"user:{user_id}" if user_id else get_remote_address()


db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db)
limiter = Limiter(
    caller,
    default_limits=[Limit(lambda: current_app.config["RATELIMIT_DEFAULT"], caller, scope="all", shared=True)],
)
