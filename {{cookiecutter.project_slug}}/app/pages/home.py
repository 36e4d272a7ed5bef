"""The home page."""

from flask import Blueprint, render_template

from app.security.guard import public

blp = Blueprint("home", __name__)


@blp.get("/")
@public
def index() -> str:
    """Show what this site is for."""
    return render_template("pages/home.html")
