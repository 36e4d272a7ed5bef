"""Pages of posts."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField

from app.models.post import Post
from app.pages.forms import RowForm
from app.pages.pagination import PER_PAGE, page_number
from app.schemas.post import PostCreateSchema
from app.security.guard import current_user, current_user_or_none, public
from app.services import posts
from app.services.post_submissions import submit_post
from app.web.forms import normalize_newlines, show_app_errors

RECENT_POSTS = 3  # on the home page

blp = Blueprint("posts", __name__, url_prefix="/posts")


class PostForm(RowForm):
    """A post."""

    schema = PostCreateSchema
    title = StringField("Title")
    content = TextAreaField("Content", filters=[normalize_newlines], render_kw={"rows": 12})
    published = BooleanField("Published: everyone can read it")


@blp.app_template_global("recent_posts")
def list_recent_posts() -> Sequence[Post]:
    """Return the newest published posts."""
    return posts.list_posts(current_user_or_none(), page=1, per_page=RECENT_POSTS, published=True).items


@blp.get("")
@public
def index() -> str:
    """List published posts."""
    page = posts.list_posts(current_user_or_none(), published=True, page=page_number(), per_page=PER_PAGE)
    return render_template("pages/posts/index.html", page=page)


@blp.get("/mine")
def mine() -> str:
    """List the posts of the current user, drafts included."""
    user = current_user()
    page = posts.list_posts(user, author_id=user.id, page=page_number(), per_page=PER_PAGE)
    return render_template("pages/posts/mine.html", page=page)


@blp.get("/<id:post_id>")
@public
def show(post_id: int) -> str:
    """Show a post."""
    user = current_user_or_none()
    post = posts.get_post(user, post_id)
    return render_template("pages/posts/show.html", post=post, may_edit=posts.may_edit(user, post))


@blp.get("/new")
def creation_form() -> str:
    """Show the form for a new post."""
    return render_template("pages/posts/form.html", form=PostForm())


@blp.post("/new")
def create() -> ResponseReturnValue:
    """Create a post."""
    form = PostForm()
    if not form.validate():
        return render_template("pages/posts/form.html", form=form), HTTPStatus.BAD_REQUEST
    post = submit_post(current_user(), **form.values())
    flash("Your post is published." if post.published else "Your draft is saved.", "success")
    return redirect(url_for(".show", post_id=post.id))


@blp.get("/<id:post_id>/edit")
def edit_form(post_id: int) -> str:
    """Show the form to edit a post."""
    post = posts.get_editable_post(current_user(), post_id)
    return render_template("pages/posts/form.html", form=PostForm(post), post=post)


@blp.post("/<id:post_id>/edit")
def edit(post_id: int) -> ResponseReturnValue:
    """Update a post, unless it was changed in the meantime."""
    post, form = posts.get_editable_post(current_user(), post_id), PostForm()
    if form.validate():
        with show_app_errors(form):
            posts.update_post(current_user(), post_id, form.values(), form.shows_current)
            flash("Your changes are saved.", "success")
            return redirect(url_for(".show", post_id=post_id))
    return render_template("pages/posts/form.html", form=form, post=post), HTTPStatus.BAD_REQUEST


@blp.get("/<id:post_id>/delete")
def deletion_form(post_id: int) -> str:
    """Ask before a post is deleted."""
    post = posts.get_editable_post(current_user(), post_id)
    return render_template("pages/posts/delete.html", post=post)


@blp.post("/<id:post_id>/delete")
def delete(post_id: int) -> ResponseReturnValue:
    """Delete a post."""
    posts.delete_post(current_user(), post_id)
    flash("The post is deleted.", "success")
    return redirect(url_for(".mine"))
