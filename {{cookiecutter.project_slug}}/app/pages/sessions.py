"""The page of the current user's login sessions."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import security_log
from app.security import browser_sessions
from app.security.guard import current_identity
from app.services import login_sessions

blp = Blueprint("sessions", __name__, url_prefix="/profile/sessions")


@blp.get("")
def index() -> str:
    """List the sessions of the current user."""
    identity = current_identity()
    sessions = login_sessions.list_active(identity.user, current=identity.session_id)
    return render_template("pages/profile/sessions.html", sessions=sessions)


@blp.post("/<uuid:session_id>/revoke")
def revoke(session_id: uuid.UUID) -> ResponseReturnValue:
    """Revoke a session of the current user."""
    login_sessions.revoke_own(current_identity().user, session_id)
    flash("The session is logged out.", "success")
    return redirect(url_for(".index"))


@blp.post("/revoke")
def revoke_all() -> ResponseReturnValue:
    """Log out everywhere: revoke all sessions of the current user, including this one."""
    identity = current_identity()
    login_sessions.revoke_all(identity.user)
    browser_sessions.logout(identity.session_id)
    security_log.record("sessions_revoked", target_id=identity.user.id)
    flash("You are logged out everywhere.", "success")
    return redirect(url_for("pages.home.index"))
