"""View of CSRF tokens."""

from flask.views import MethodView
from flask_wtf.csrf import generate_csrf

from app.api.rest import Blueprint
from app.schemas.csrf import CSRFTokenSchema
from app.security.guard import public

blp = Blueprint("csrf", __name__, url_prefix="/api/v1/auth", description="CSRF tokens.")


@blp.route("/csrf")
class CSRFToken(MethodView):
    """The CSRF token of the session."""

    @public
    @blp.response(200, CSRFTokenSchema)
    def get(self) -> dict[str, str]:
        """Get the token for the `X-CSRF-Token` header; it changes with each login and logout."""
        return {"csrf_token": generate_csrf()}
