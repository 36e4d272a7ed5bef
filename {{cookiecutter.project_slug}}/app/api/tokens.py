"""View of token refresh."""

from typing import Any

from flask.views import MethodView

from app.api.rest import Blueprint
from app.schemas.token import TokenPairSchema
from app.security import jwt
from app.security.guard import public

blp = Blueprint("tokens", __name__, url_prefix="/api/v1/auth", description="Refresh tokens.")


@blp.route("/refresh")
class Refresh(MethodView):
    """Refreshing tokens."""

    # Public for the guard, which expects an access token: the view itself requires a refresh token.
    @blp.doc(security=[{jwt.REFRESH_SCHEME: []}])
    @public
    @blp.response(200, TokenPairSchema)
    def post(self) -> dict[str, Any]:
        """Exchange a refresh token for a new pair of tokens; reusing one revokes the session."""
        return jwt.refresh()
