"""Views of the health checks."""

from flask.views import MethodView
from sqlalchemy import text

from app.api.rest import Blueprint
from app.extensions import db, limiter
from app.schemas.health import HealthSchema

blp = Blueprint("health", __name__, url_prefix="/health", description="Health checks.")
limiter.exempt(blp)


@blp.route("")
class Liveness(MethodView):
    """The liveness check."""

    @blp.doc(security=[])
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Check that the process is running."""
        return {"status": "ok"}


@blp.route("/ready")
class Readiness(MethodView):
    """The readiness check."""

    @blp.doc(security=[])
    @blp.errors(503)
    @blp.response(200, HealthSchema)
    def get(self) -> dict[str, str]:
        """Check that the database is available."""
        db.session.execute(text("SELECT 1"))
        return {"status": "ready"}
