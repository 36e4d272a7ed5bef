# @if cookiecutter.auth == "none"
# @include "open/app/api/posts.py"
# @else
"""Views of posts."""

from typing import Any

from flask import url_for
from flask.views import MethodView

from app.api.etags import if_match
from app.api.rest import NEXT_LINK, Blueprint, PageResponse, with_next_link
from app.caching import cached
from app.models.post import Post
from app.models.user import User
from app.schemas.post import (
    PostCreateSchema,
    PostPageSchema,
    PostQuerySchema,
    PostSchema,
    PostUpdateSchema,
)
from app.security.guard import current_user, current_user_or_none, public
from app.services import posts

blp = Blueprint("posts", __name__, url_prefix="/api/v1", description="Posts.")


@blp.route("/posts")
@blp.etag
class Posts(MethodView):
    """All posts."""

    @public
    @blp.arguments(PostQuerySchema, location="query")
    @cached(Post, User)
    @blp.response(200, PostPageSchema, headers=NEXT_LINK)
    def get(self, query: dict[str, Any]) -> PageResponse:
        """List published posts and the drafts that you may see."""
        return with_next_link(posts.list_posts(current_user_or_none(), **query))

    @blp.arguments(PostCreateSchema)
    @blp.response(201, PostSchema)
    def post(self, data: dict[str, Any]) -> tuple[Post, dict[str, str]]:
        """Create a post."""
        post = posts.create_post(current_user(), **data)
        return post, {"Location": url_for("posts.PostItem", post_id=post.id)}


@blp.route("/posts/<id:post_id>")
@blp.etag
class PostItem(MethodView):
    """A single post."""

    @public
    @cached(Post, User)
    @blp.response(200, PostSchema)
    def get(self, post_id: int) -> Post:
        """Get a post."""
        return posts.get_post(current_user_or_none(), post_id)

    @blp.errors(403)
    @blp.arguments(PostUpdateSchema)
    @blp.response(200, PostSchema)
    def patch(self, changes: dict[str, Any], post_id: int) -> Post:
        """Update a post; only its author and admins may."""
        return posts.update_post(current_user(), post_id, changes, if_match(PostSchema))

    @blp.errors(403)
    @blp.response(204)
    def delete(self, post_id: int) -> None:
        """Delete a post; only its author and admins may."""
        posts.delete_post(current_user(), post_id, if_match(PostSchema))


@blp.route("/users/<id:user_id>/posts")
@blp.etag
class AuthorPosts(MethodView):
    """The posts of one author."""

    @public
    @blp.arguments(PostQuerySchema, location="query")
    @cached(Post, User)
    @blp.response(200, PostPageSchema, headers=NEXT_LINK)
    def get(self, query: dict[str, Any], user_id: int) -> PageResponse:
        """List the posts of an author."""
        return with_next_link(posts.list_posts(current_user_or_none(), author_id=user_id, **query))
        # @endif
