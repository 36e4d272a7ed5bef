"""Views of posts."""

from typing import Any

from flask import url_for
from flask.views import MethodView

from app.api.etags import if_match
from app.api.rest import NEXT_LINK, Blueprint, PageResponse, with_next_link
from app.caching import cached
from app.models.post import Post
from app.schemas.post import (
    PostCreateSchema,
    PostPageSchema,
    PostQuerySchema,
    PostSchema,
    PostUpdateSchema,
)
from app.services import posts

blp = Blueprint("posts", __name__, url_prefix="/api/v1", description="Posts.")


@blp.route("/posts")
@blp.etag
class Posts(MethodView):
    """All posts."""

    @blp.arguments(PostQuerySchema, location="query")
    @cached(Post)
    @blp.response(200, PostPageSchema, headers=NEXT_LINK)
    def get(self, query: dict[str, Any]) -> PageResponse:
        """List posts."""
        return with_next_link(posts.list_posts(**query))

    @blp.arguments(PostCreateSchema)
    @blp.response(201, PostSchema)
    def post(self, data: dict[str, Any]) -> tuple[Post, dict[str, str]]:
        """Create a post."""
        post = posts.create_post(**data)
        return post, {"Location": url_for("posts.PostItem", post_id=post.id)}


@blp.route("/posts/<id:post_id>")
@blp.etag
class PostItem(MethodView):
    """A single post."""

    @cached(Post)
    @blp.response(200, PostSchema)
    def get(self, post_id: int) -> Post:
        """Get a post."""
        return posts.get_post(post_id)

    @blp.arguments(PostUpdateSchema)
    @blp.response(200, PostSchema)
    def patch(self, changes: dict[str, Any], post_id: int) -> Post:
        """Update a post."""
        return posts.update_post(post_id, changes, if_match(PostSchema))

    @blp.response(204)
    def delete(self, post_id: int) -> None:
        """Delete a post."""
        posts.delete_post(post_id, if_match(PostSchema))
