"""Extension objects that every variant of the service has."""

from flask import current_app, g
from flask_limiter import Limit, Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from app.models.base import Base


def rate_limit_key() -> str:
    """Return the key that requests are counted under: the current user, else the IP address."""
    user_id = g.get("user_id")
    return f"user:{user_id}" if user_id else get_remote_address()


db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db)
limiter = Limiter(
    rate_limit_key,
    default_limits=[
        Limit(lambda: current_app.config["RATELIMIT_DEFAULT"], rate_limit_key, scope="all", shared=True)
    ],
)
