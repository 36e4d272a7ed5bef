"""Schema of all error responses."""

from marshmallow import Schema, fields


class ProblemSchema(Schema):
    """A problem document (RFC 9457); `errors` has the messages by field if the input is invalid."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(required=True, allow_none=True)
    errors = fields.Dict(keys=fields.String())
