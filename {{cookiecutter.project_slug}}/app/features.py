"""The parts that make up this service."""

# Modules with an `init_app(app)`. A request passes them from top to bottom: it gets an id, its caller
# is found out, it is counted, and only then it is let in or refused.
FEATURES = [
    "app.proxy_headers",
    "app.logs",
    "app.error_handlers",
    "app.security_headers",
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    "app.security.browser_sessions",
    # @endif
    # @if cookiecutter.auth == "jwt"
    "app.security.jwt",
    # @elif cookiecutter.auth == "session"
    "app.security.session",
    # @endif
    "app.rate_limits",
    "app.api",
    # @if cookiecutter.auth != "none"
    "app.security.guard",
    "app.security.passwords",
    # @endif
    # @if cookiecutter.auth == "session" or cookiecutter.admin
    "app.security.csrf",
    # @if cookiecutter.admin
    "app.admin",
    # @endif
    # @endif
    "app.cors",
    "app.commands",
]
