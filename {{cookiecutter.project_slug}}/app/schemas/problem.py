"""The shape of every error."""

from marshmallow import Schema, fields


class ProblemSchema(Schema):
    """A problem document (RFC 9457); `errors` holds messages by field when the input was not valid."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True, allow_none=True)
    errors = fields.Dict(keys=fields.String())
