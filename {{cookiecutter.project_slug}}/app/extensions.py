"""Extension objects that every variant of the service has."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import Flask, current_app, g, request
from flask_limiter import Limit, Limiter
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from app.db.engine import check_rested_connections, set_request_timeouts
from app.db.session import RequestSession
from app.models.base import Base
from app.settings import ConfigurationError

IPV6_PREFIX = 64  # bits; a single client can choose the rest of its IPv6 addresses


def rate_limit_key() -> str:
    """Return the key that requests are counted under: the current user, else the network."""
    user_id = g.get("user_id")
    return f"user:{user_id}" if user_id else client_network()


def client_network() -> str:
    """Return the client's IPv4 address or the /64 of its IPv6 address.

    Clients without a valid IP address are counted together: Flask-Limiter does not limit an empty key.
    """
    ip = client_ip()
    if isinstance(ip, IPv6Address):
        return str(IPv6Network((int(ip), IPV6_PREFIX), strict=False))
    return str(ip or "unknown")


def client_ip() -> IPv4Address | IPv6Address | None:
    """Return the client's IP address without the port that some proxies forward, or None if it is invalid."""
    host = (request.remote_addr or "").strip()
    if host.startswith("["):  # [2001:db8::7]:443
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:  # 192.0.2.7:40001
        host = host.partition(":")[0]
    try:
        ip = ip_address(host)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with this service's engines and sessions."""

    def init_app(self, app: Flask) -> None:
        """Create the engines of an app.

        Raises:
            ConfigurationError: An option of the engine is unknown.
        """
        try:
            super().init_app(app)
        except TypeError as error:
            raise ConfigurationError(f"FLASK_SQLALCHEMY_ENGINE_OPTIONS cannot be used: {error}") from error
        with app.app_context():
            for engine in self.engines.values():
                check_rested_connections(engine)
                if app.config["DATABASE_SESSION_TIMEOUTS"]:
                    event.listen(engine, "connect", set_request_timeouts)


db = Database(model_class=Base, session_options={"class_": RequestSession})
limiter = Limiter(
    rate_limit_key,
    default_limits=[
        Limit(lambda: current_app.config["RATELIMIT_DEFAULT"], rate_limit_key, scope="all", shared=True)
    ],
)
