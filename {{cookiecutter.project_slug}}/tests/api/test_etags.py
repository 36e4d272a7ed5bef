"""Entity tags: what did not change is not sent again, and no update is lost."""

import pytest
from flask import Flask, request
from flask.views import MethodView
from marshmallow import fields

from app.api.etags import if_match
from app.api.rest import Blueprint
from app.exceptions import NotFoundError
from app.extensions import db
from app.schemas.response import ResponseSchema
from app.services.preconditions import require_unchanged
from tests.plugins.models import Sample

SAMPLES = "/api/v1/samples"
CHANGES = ["PATCH", "DELETE"]
OTHER_TAGS = ['"other"', 'W/"other"', "other", "", ",", '"', "W/"]


class SampleSchema(ResponseSchema):
    """A sample."""

    id = fields.Integer(required=True)
    word = fields.String(required=True)
    updated_at = fields.AwareDateTime(required=True)


def add_samples(app: Flask) -> None:
    """Add a resource, a view that shows everyone something else, and one that forgets to compare tags."""
    blp = Blueprint("samples", __name__, url_prefix=SAMPLES)

    @blp.route("/<id:sample_id>")
    @blp.etag
    class SampleItem(MethodView):
        @blp.response(200, SampleSchema)
        def get(self, sample_id: int):
            """Get a sample."""
            if sample := db.session.get(Sample, sample_id):
                return sample
            raise NotFoundError("Sample not found.")

        @blp.response(200, SampleSchema)
        def patch(self, sample_id: int):
            """Change the word."""
            sample = self.find(sample_id)
            sample.word = "changed"
            db.session.commit()
            return sample

        @blp.response(204)
        def delete(self, sample_id: int):
            """Delete a sample."""
            db.session.delete(self.find(sample_id))
            db.session.commit()

        def find(self, sample_id: int) -> Sample:
            """Return a sample that the client has read, or about which it does not say that."""
            sample = db.session.get_one(Sample, sample_id)
            require_unchanged(sample, if_match(SampleSchema))
            return sample

    @blp.route("")
    @blp.etag
    class Samples(MethodView):
        @blp.response(200, SampleSchema)
        def get(self):
            """Return what depends on the reader."""
            return {"id": 1, "word": request.headers.get("Word", "")}

        @blp.response(200, SampleSchema)
        def patch(self):
            """Change without comparing."""
            return {"id": 1}

    for view in (*vars(SampleItem).values(), *vars(Samples).values()):
        if callable(view):
            vars(view)["is_public"] = True  # as `guard.public` does, which not every variant has
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(blp)


@pytest.fixture
def app(make_app):
    """An app with these views."""
    return make_app(add_samples)


@pytest.fixture
def path(make_sample) -> str:
    """The path of a sample."""
    return f"{SAMPLES}/{make_sample().id}"


@pytest.fixture
def tag(client, path) -> str:
    """The tag of the sample."""
    return client.get(path).headers["ETag"]


def if_none_match(client, path: str, tags: str, method: str = "get"):
    """Send a read for those who do not have one of these tags."""
    return client.open(path, method=method, headers={"If-None-Match": tags})


# Reads


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("tags", ["{}", "W/{}", '"other", {}', '{} , W/"other"', "*"])
def test_unchanged_read_is_not_sent_again(client, path, tag, tags, method):
    response = if_none_match(client, path, tags.format(tag), method)

    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
    assert not {"Content-Type", "Content-Length"} & {*response.headers.keys()}


@pytest.mark.parametrize("tags", OTHER_TAGS)
def test_read_is_sent_to_clients_with_other_tags(client, path, tag, tags):
    assert if_none_match(client, path, tags).status_code == 200


def test_change_gives_another_tag(client, path, tag):
    changed = client.patch(path)

    response = if_none_match(client, path, tag)
    assert (response.status_code, response.json["word"]) == (200, "changed")
    assert response.headers["ETag"] == changed.headers["ETag"] != tag


def test_tag_is_strong(tag):
    assert tag.startswith('"')


def test_readers_who_see_different_things_have_different_tags(client):
    tags = [client.get(SAMPLES, headers={"Word": word}).headers["ETag"] for word in ("one", "two", "one")]

    assert tags[0] == tags[2] != tags[1]


def test_error_has_no_tag(client, samples_table):
    response = if_none_match(client, f"{SAMPLES}/7", "*")

    assert response.status_code == 404
    assert "ETag" not in response.headers


# Changes


@pytest.mark.parametrize("method", CHANGES)
@pytest.mark.parametrize("tags", ["{}", "W/{}", '"other", {}', "*"])
def test_change_of_what_was_read_is_accepted(client, path, tag, tags, method):
    response = client.open(path, method=method, headers={"If-Match": tags.format(tag)})

    assert response.status_code in {200, 204}


@pytest.mark.parametrize("method", CHANGES)
@pytest.mark.parametrize("tags", OTHER_TAGS)
def test_change_of_something_else_is_rejected(client, path, tag, tags, method):
    response = client.open(path, method=method, headers={"If-Match": tags})

    assert (response.status_code, response.mimetype) == (412, "application/problem+json")
    assert client.get(path).headers["ETag"] == tag


@pytest.mark.parametrize("method", CHANGES)
def test_change_after_another_one_is_rejected(client, path, tag, method):
    client.patch(path)

    response = client.open(path, method=method, headers={"If-Match": tag})

    assert response.status_code == 412
    assert client.get(path).json["word"] == "changed"


def test_clients_change_again_with_the_tag_of_the_last_response(client, path, tag):
    for _ in range(3):
        response = client.patch(path, headers={"If-Match": tag})
        tag = response.headers["ETag"]

    assert response.status_code == 200


@pytest.mark.parametrize("method", CHANGES)
def test_change_without_a_tag_is_accepted(client, path, method):
    assert client.open(path, method=method).status_code in {200, 204}


@pytest.mark.parametrize("method", CHANGES)
def test_tags_can_be_required(make_app, make_sample, method):
    client, path = (
        make_app(add_samples, IF_MATCH_REQUIRED=True).test_client(),
        f"{SAMPLES}/{make_sample().id}",
    )

    missing = client.open(path, method=method)
    read = client.get(path)
    given = client.open(path, method=method, headers={"If-Match": read.headers["ETag"]})

    assert (missing.status_code, missing.mimetype) == (428, "application/problem+json")
    assert (read.status_code, read.json["word"]) == (200, "hey")
    assert given.status_code in {200, 204}


def test_view_that_ignores_if_match_warns(client):
    with pytest.warns(UserWarning, match=r"samples\.Samples ignores If-Match"):
        client.patch(SAMPLES, headers={"If-Match": '"other"'})


def test_row_is_locked_before_it_is_compared(app, path, tag, statements):
    del statements[:]
    app.test_client().patch(path, headers={"If-Match": tag})

    changes = [statement for statement in statements if statement.startswith("UPDATE")]
    assert "SET updated_at=test_samples.updated_at" in changes[0].replace("`", "")


# The document


@pytest.mark.parametrize("is_required", [False, True])
def test_tags_are_documented(make_app, is_required):
    document = (
        make_app(add_samples, IF_MATCH_REQUIRED=is_required).test_client().get("/api/openapi.json").json
    )
    operations, components = document["paths"][SAMPLES + "/{sample_id}"], document["components"]

    read, change = operations["get"], operations["patch"]
    assert {"304", "412", "428"} & read["responses"].keys() == {"304"}
    assert {"304", "412", "428"} & change["responses"].keys() == {"412", "428"}
    assert {"$ref": "#/components/parameters/IF_NONE_MATCH"} in read["parameters"]
    assert {"$ref": "#/components/parameters/IF_MATCH"} in change["parameters"]
    assert components["parameters"]["IF_MATCH"]["required"] is is_required
    assert "ETag" in read["responses"]["200"]["headers"]
    assert "content" not in components["responses"]["NOT_MODIFIED"]
