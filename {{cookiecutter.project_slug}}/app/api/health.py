"""Whether the service is alive, and whether it can work."""

from flask.views import MethodView
from sqlalchemy import text

from app.api.rest import Blueprint
from app.extensions import db, limiter
from app.schemas.health import HealthSchema

blp = Blueprint("health", __name__, url_prefix="/health", description="For monitors.")
limiter.exempt(blp)


@blp.route("")
class Liveness(MethodView):
    """The process."""

    @blp.doc(security=[])
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Tell that the process answers."""
        return {"status": "ok"}


@blp.route("/ready")
class Readiness(MethodView):
    """The process and what it needs."""

    @blp.doc(security=[])
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Tell whether the database answers: 503 while it does not."""
        db.session.execute(text("SELECT 1"))
        return {"status": "ready"}
