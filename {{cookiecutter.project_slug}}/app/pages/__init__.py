"""Pages for people: HTML without JavaScript, over the same services as the API."""

from flask import Blueprint, Flask

from app import mail
from app.extensions import limiter
from app.pages import (
    access,
    account_mails,
    assets,
    auth,
    context,
    home,
    posts,
    profile,
    responses,
    sessions,
)
from app.security.page_sessions import BLUEPRINT

BLUEPRINTS = [
    assets.blp,
    home.blp,
    auth.blp,
    profile.blp,
    sessions.blp,
    posts.blp,
]


def init_app(app: Flask) -> None:
    """Register the pages, and the handling of their responses."""
    pages = Blueprint(BLUEPRINT, __name__, template_folder="templates")
    for blueprint in BLUEPRINTS:
        pages.register_blueprint(blueprint)
    if app.config["MAIL_SERVER"] != mail.OFF:
        pages.register_blueprint(account_mails.blp)
    pages.before_request(access.require_login)
    context.init_blueprint(pages)
    app.register_blueprint(pages)
    # A page loads its styles with it; if they counted, readers would reach their limit sooner.
    limiter.exempt(app.view_functions[f"{BLUEPRINT}.assets.show"])
    responses.init_app(app)
