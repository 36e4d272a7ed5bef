"""Views of the login sessions of the current user."""

import uuid
from typing import Any

from flask.views import MethodView

from app import security_log
from app.api.rest import Blueprint
from app.schemas.login_session import SessionListSchema
from app.security.guard import authenticator, current_identity
from app.services import login_sessions

blp = Blueprint("sessions", __name__, url_prefix="/api/v1/users/me/sessions", description="Login sessions.")


@blp.route("")
class Sessions(MethodView):
    """All sessions of the current user."""

    @blp.etag
    @blp.doc(operationId="listSessions")
    @blp.response(200, SessionListSchema)
    def get(self) -> dict[str, Any]:
        """List the 100 sessions of the current user that were used last."""
        identity = current_identity()
        return {"items": login_sessions.list_active(identity.user, current=identity.session_id)}

    @blp.response(204)
    def delete(self) -> None:
        """Log out everywhere: revoke all sessions of the current user, including this one."""
        identity = current_identity()
        login_sessions.revoke_all(identity.user)
        authenticator().logout(identity)
        security_log.record("sessions_revoked", target_id=identity.user.id)


@blp.route("/<uuid:session_id>")
class SessionItem(MethodView):
    """A session of the current user."""

    @blp.response(204)
    def delete(self, session_id: uuid.UUID) -> None:
        """Revoke a session of the current user."""
        identity = current_identity()
        if session_id == identity.session_id:
            authenticator().logout(identity)
        else:
            login_sessions.revoke_own(identity.user, session_id)
