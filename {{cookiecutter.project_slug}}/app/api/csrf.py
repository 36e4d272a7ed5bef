"""Tokens against cross-site requests."""

from flask.views import MethodView
from flask_wtf.csrf import generate_csrf

from app.api.rest import Blueprint
from app.schemas.csrf import CSRFTokenSchema
from app.security.guard import public

blp = Blueprint(
    "csrf", __name__, url_prefix="/api/v1/auth", description="Tokens against cross-site requests."
)


@blp.route("/csrf")
class CSRFToken(MethodView):
    """The token of this session."""

    @public
    @blp.response(200, CSRFTokenSchema)
    def get(self) -> dict[str, str]:
        """Get the token for the header `X-CSRF-Token`; logging in and out replaces it."""
        return {"csrf_token": generate_csrf()}
