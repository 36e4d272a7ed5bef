"""Refreshing tokens."""

from typing import Any

from flask.views import MethodView

from app.api.rest import Blueprint
from app.schemas.token import TokenPairSchema
from app.security import jwt
from app.security.guard import public

blp = Blueprint("tokens", __name__, url_prefix="/api/v1/auth", description="Refreshing tokens.")


@blp.route("/refresh")
class Refresh(MethodView):
    """The next pair of tokens."""

    # Not for strangers: it takes a refresh token instead of the access token that the guard knows.
    @blp.doc(security=[{jwt.REFRESH_SCHEME: []}])
    @public
    @blp.response(200, TokenPairSchema)
    def post(self) -> dict[str, Any]:
        """Spend a refresh token for a new pair; using one twice ends the login."""
        return jwt.refresh()
