"""The admin at `/admin`: Flask-Admin over the same services as the API.

Each module in this package that has a `VIEW` adds the pages of its records.
"""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from werkzeug.utils import find_modules, import_string

from app.admin import auth, pages
from app.admin.home import Home
from app.extensions import limiter


def init_app(app: Flask) -> None:
    """Serve the pages, for admins only."""
    modules = [import_string(name) for name in sorted(find_modules(__name__))]
    views = [module.VIEW() for module in modules if hasattr(module, "VIEW")]
    admin = Admin(
        app,
        name=app.config["PROJECT_NAME"],
        index_view=Home(views),
        theme=Bootstrap4Theme(fluid=True, base_template="admin/back_office.html"),
        csp_nonce_generator=pages.nonce,
    )
    admin.add_views(*views)
    app.register_blueprint(auth.blp)
    # A page asks for a dozen scripts and styles; counted as requests, they would lock people out.
    limiter.exempt(app.view_functions["admin.static"])
    pages.init_app(app)
