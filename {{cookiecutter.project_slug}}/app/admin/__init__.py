"""The back office at `/admin`: Flask-Admin over the same services as the API."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from app.admin import pages, sign_in
from app.admin.home import Home
from app.admin.posts import PostView
from app.admin.users import UserView
from app.extensions import limiter


def init_app(app: Flask) -> None:
    """Serve the pages, for admins only."""
    views = [UserView(), PostView()]
    admin = Admin(
        app,
        name=app.config["PROJECT_NAME"],
        index_view=Home(views),
        theme=Bootstrap4Theme(fluid=True, base_template="admin/back_office.html"),
        csp_nonce_generator=pages.nonce,
    )
    admin.add_views(*views)
    app.register_blueprint(sign_in.blp)
    # A page asks for a dozen scripts and styles; counted as requests, they would lock people out.
    limiter.exempt(app.view_functions["admin.static"])
    pages.init_app(app)
