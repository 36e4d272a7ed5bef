"""Page numbers in the URLs of lists."""

from flask import request
from marshmallow import ValidationError

from app.exceptions import NotFoundError
from app.schemas.pagination import PageQuerySchema

PER_PAGE = 10


def page_number() -> int:
    """Return the number of the page that the request asks for.

    Raises:
        NotFoundError: There can be no such page.
    """
    query = {"page": request.args.get("page", "1"), "per_page": str(PER_PAGE)}
    try:
        return PageQuerySchema().load(query)["page"]
    except ValidationError as error:
        raise NotFoundError("There is no such page.") from error
