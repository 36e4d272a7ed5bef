"""The admin at `/admin`: Flask-Admin pages for admins, over the same services as the API."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from app import mail
from app.admin import auth, responses
from app.admin.dashboard import DashboardView
from app.admin.mails import MailView
from app.admin.posts import PostView
from app.admin.users import UserView
from app.extensions import limiter

# In the order of the menu and of the dashboard.
VIEWS = [
    UserView,
    PostView,
]


def init_app(app: Flask) -> None:
    """Register the pages, the login and the handling of responses under `/admin`."""
    auth.init_app(app)
    views = [view() for view in VIEWS]
    admin = Admin(
        app,
        name=app.config["PROJECT_NAME"],
        index_view=DashboardView(views),
        theme=Bootstrap4Theme(fluid=True, base_template="admin/page.html"),
        csp_nonce_generator=responses.csp_nonce,
    )
    admin.add_views(*views)
    if app.config["MAIL_SERVER"] != mail.OFF:
        admin.add_view(MailView())
    for item in admin.menu():
        vars(item)["_cache"] = False  # a URL depends on the prefix of its request
    # A page loads a dozen scripts and styles; if they counted, admins would soon reach their rate limit.
    limiter.exempt(app.view_functions["admin.static"])
    responses.init_app(app)
