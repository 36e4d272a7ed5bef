"""The parts that make up this service."""

from app import api, commands, cors, logging, problems, proxies, rate_limits
from app.security import (
    # @if cookiecutter.auth != "none"
    guard,
    # @endif
    headers,
    # @if cookiecutter.auth == "jwt"
    jwt,
    # @endif
    # @if cookiecutter.auth != "none"
    passwords,
    # @endif
)

# Each has an `init_app(app)`. A request passes them from top to bottom: it gets an id, its caller is
# found out, it is counted, and only then it is let in or refused.
FEATURES = (
    proxies,
    logging,
    problems,
    headers,
    cors,
    # @if cookiecutter.auth == "jwt"
    jwt,
    # @endif
    rate_limits,
    api,
    # @if cookiecutter.auth != "none"
    guard,
    passwords,
    # @endif
    commands,
)
