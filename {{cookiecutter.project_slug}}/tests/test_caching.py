"""Responses to anonymous clients: who gets them, when they end, and what happens without Redis."""

import pickle
import socket
import time
from collections import Counter
from contextlib import closing
from threading import Event

import pytest
from flask import Flask, Response, g, request
from flask.views import MethodView
from marshmallow import fields
from prometheus_client import REGISTRY
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError
from sqlalchemy import delete, insert, update

from app import caching
from app.api.rest import Blueprint
from app.caching import cached, invalidate, parse_url, store
from app.caching.store import SafeSerializer
from app.db.session import use_transaction
from app.exceptions import NotFoundError
from app.extensions import db
from app.models.base import utcnow
from app.schemas.pagination import PageQuerySchema
from app.schemas.response import ResponseSchema
from tests.plugins.caches import MemoryCache
from tests.plugins.models import Sample
from tests.threads import at_once

SAMPLE_ID = 1_000_000  # sequences of databases do not come there
WORDS = "/api/v1/words"
TABLE = Sample.metadata.tables[Sample.__tablename__]
ORIGIN, OTHER_ORIGIN = "https://app.example.com", "https://other.example.com"
NOISE = 0.3  # seconds that a busy machine may take
calls: list[str] = []
hooks: list = []


class WordsSchema(ResponseSchema):
    """Words of samples."""

    words = fields.String(required=True)


def add_words(app: Flask) -> None:
    """Add views that count how often they are called, and change samples."""
    blp = Blueprint("words", __name__, url_prefix=WORDS)

    @blp.route("")
    @blp.etag
    class Words(MethodView):
        @blp.arguments(PageQuerySchema, location="query")
        @cached(Sample)
        @blp.response(200, WordsSchema)
        def get(self, _query):
            """Return all words."""
            calls.append(request.url)
            words = " ".join(db.session.scalars(db.select(Sample.word).order_by(Sample.id)))
            for hook in hooks:
                hook()
            return {"words": words}, {"Link": f"<{request.root_path}/next>"}

        @blp.response(204)
        def post(self):
            """Add a word, unless the client says how it shall end."""
            db.session.add(Sample(word="new"))
            if "roll-back" in request.args:
                db.session.flush()
                db.session.rollback()
            db.session.commit()

    @blp.route("/<word>")
    class Word(MethodView):
        @cached(Sample)
        def get(self, word):
            """Return something that cannot be cached."""
            calls.append(word)
            if word == "missing":
                raise NotFoundError("Word not found.")
            headers = {"vary": {"Vary": "Accept-Language"}, "cookie": {"Set-Cookie": "a=b"}}.get(word)
            return Response("x" * (word == "long") * 10**6, 202 if word == "accepted" else 200, headers)

    for view in (*vars(Words).values(), *vars(Word).values()):
        if callable(view):
            vars(view)["is_public"] = True  # as `guard.public` does, which not every variant has
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(blp)


@pytest.fixture
def app(make_app):
    """An app with these views."""
    return make_app(
        add_words, METRICS_TOKEN="Th3-t0ken-of-Prometheus-in-these-tests", CORS_ORIGINS=[ORIGIN, OTHER_ORIGIN]
    )


def commit_word() -> None:
    """Commit a word while a request is running."""
    use_transaction()
    db.session.add(Sample(word="new"))
    db.session.commit()


@pytest.fixture(autouse=True)
def _forget_calls(samples_table):
    calls.clear()
    hooks.clear()


def words(client, **options) -> str:
    """Return the words that a client reads."""
    response = client.get(WORDS, **options)
    assert response.status_code == 200, response.text
    return response.json["words"]


# Who gets them


def test_without_a_server_nothing_is_cached(client):
    assert [words(client) for _ in range(2)] == ["", ""]
    assert len(calls) == 2


def test_second_anonymous_client_gets_the_response_of_the_first(client, cache):
    first, second = client.get(WORDS), client.get(WORDS)

    assert len(calls) == 1
    assert first.data == second.data
    same = ("Content-Type", "Content-Length", "ETag", "Link", "Cache-Control")
    assert [first.headers[name] for name in same] == [second.headers[name] for name in same]


def test_cached_response_is_not_sent_again(client, cache):
    tag = client.get(WORDS).headers["ETag"]

    assert client.get(WORDS, headers={"If-None-Match": tag}).status_code == 304
    assert len(calls) == 1


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer x"}, {"Cookie": "session=x"}])
def test_request_with_credentials_neither_fills_nor_reads_the_cache(app, cache, headers):
    client = app.test_client(use_cookies=False)

    for sent in (headers, {}, headers):
        words(client, headers=sent)

    assert len(calls) == 3
    assert words(client) == ""
    assert len(calls) == 3


def test_request_of_a_user_who_is_known_otherwise_is_not_cached(new_app, samples_table):
    app = new_app()
    add_words(app)
    app.before_request(lambda: setattr(g, "user_id", 7))
    caching.use_backend(app, MemoryCache())

    for _ in range(2):
        words(app.test_client())

    assert len(calls) == 2


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("page=1&per_page=5", "per_page=5&page=1", True),
        ("", "page=1", False),
        ("page=1", "page=2", False),
        ("after=a%26page=2", "after=a&page=2", False),
    ],
)
def test_responses_are_kept_by_query(client, cache, first, second, is_same):
    for query in (first, second):
        client.get(f"{WORDS}?{query}")

    assert len(calls) == 2 - is_same


def test_invalid_query_is_rejected_without_the_cache(client, cache):
    assert client.get(f"{WORDS}?other=1").status_code == 400
    assert not cache.contents()


def test_responses_are_kept_by_prefix(client, cache):
    links = [client.get(WORDS, base_url=f"http://localhost/{name}").headers["Link"] for name in "ab"]

    assert links == ["</a/next>", "</b/next>"]


def test_headers_of_a_request_do_not_reach_other_clients(client, cache):
    hostile = {"X-Request-ID": "evil", "Origin": ORIGIN, "X-Forwarded-Prefix": "/evil"}
    poison = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": "text/evil"}
    filled = client.get(WORDS, headers=hostile | poison)

    read = client.get(WORDS, headers={"Origin": OTHER_ORIGIN})

    assert len(calls) == 1
    assert filled.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert read.headers["Access-Control-Allow-Origin"] == OTHER_ORIGIN
    assert "evil" not in f"{read.headers}{read.text}"
    assert "evil" not in repr(cache.contents())


@pytest.mark.parametrize("word", ["missing", "accepted", "vary", "cookie", "long"])
def test_other_responses_are_not_cached(client, cache, word):
    for _ in range(2):
        client.get(f"{WORDS}/{word}")

    assert calls == [word, word]


def test_failed_view_leaves_no_lock(client, cache):
    for _ in range(2):
        client.get(f"{WORDS}/missing")

    assert not cache.keys("lock")


def test_other_revision_has_other_responses(app, client, cache):
    words(client)
    app.config["REVISION"] = "next"
    caching.use_backend(app, cache)

    words(client)

    assert len(calls) == 2


# When they are invalidated


@pytest.mark.parametrize(
    "change",
    [
        lambda: db.session.add(Sample(word="added")),
        lambda: db.session.execute(update(Sample).values(word="updated")),
        lambda: db.session.execute(delete(Sample)),
        lambda: db.session.execute(insert(Sample), [{"word": "one", "created_at": utcnow()}]),
        lambda: db.session.execute(update(TABLE).values(word="updated")),
        lambda: setattr(db.session.get_one(Sample, SAMPLE_ID), "word", "changed"),
        lambda: db.session.delete(db.session.get_one(Sample, SAMPLE_ID)),
    ],
    ids=["add", "bulk update", "bulk delete", "bulk insert", "Core update", "change", "delete"],
)
def test_committed_change_is_seen_at_once(app, client, cache, make_sample, change):
    make_sample(id=SAMPLE_ID)
    assert words(client) == "hey"

    with app.app_context():
        change()
        db.session.commit()

    assert words(client) != "hey"


def test_change_that_is_rolled_back_invalidates_nothing(app, client, cache, make_sample):
    words(client)

    client.post(WORDS, query_string="roll-back")
    words(client)

    assert words(client) == ""


def test_change_is_seen_when_the_outer_transaction_is_committed(app, client, cache):
    words(client)

    with app.app_context():
        before = cache.contents()
        with db.session.begin_nested():
            db.session.add(Sample(word="nested"))
        assert cache.contents() == before
        db.session.commit()

    assert cache.contents() != before
    assert words(client) == "nested"


def test_reading_and_other_changes_invalidate_nothing(app, client, cache):
    words(client)

    with app.app_context():
        db.session.scalars(db.select(Sample)).all()
        db.session.commit()
    words(client)

    assert len(calls) == 1


def test_response_that_was_computed_during_a_commit_is_not_served_after_it(app, client, cache):
    hooks.append(commit_word)  # after the view has read
    assert words(client) == ""
    hooks.clear()

    assert words(client) == "new"


def test_versions_that_are_lost_invalidate_everything(client, cache, make_sample):
    words(client)
    make_sample()  # past the session that would tell

    assert words(client) == ""
    cache.delete("version:test_samples")
    assert words(client) == "hey"


def test_version_that_others_replaced_costs_no_time(client, broken):
    words(client)
    broken.set("version:test_samples", None)
    broken.requests = 0

    assert words(client) == ""
    assert broken.requests == 3  # two lookups, and one attempt to add a version between them


def test_commit_needs_no_memory_to_invalidate_responses(client, broken, clock):
    words(client)
    broken.is_full = True
    client.post(WORDS)
    clock(store.PAUSE + 1)

    assert "version:test_samples" not in broken.contents()
    assert words(client) == "new"


def test_changes_past_sessions_can_be_reported(app, client, cache, make_sample):
    words(client)
    make_sample()

    with app.app_context():
        invalidate("test_samples")

    assert words(client) == "hey"


def test_app_without_a_cache_has_nothing_to_invalidate(app):
    with app.app_context():
        invalidate("test_samples")


# Who computes them


class SlowView:
    """A view that ends when the test lets it."""

    def __init__(self) -> None:
        """Count the calls."""
        self.calls: Counter[str] = Counter()
        self.may_end = Event()

    def __call__(self) -> Response:
        """Return a response."""
        self.calls["view"] += 1
        self.may_end.wait(1)
        return Response("slow")


@pytest.fixture
def responses(app, cache) -> store.ResponseStore:
    """The store of the app."""
    return app.extensions[caching.EXTENSION]


def test_one_of_many_requests_computes_a_response(responses):
    view = SlowView()
    view.may_end.set()

    bodies = at_once(8, lambda _number: responses.respond("key", ["samples"], view).data)

    assert (bodies, view.calls["view"]) == ([b"slow"] * 8, 1)


def test_requests_do_not_wait_long_for_the_one_that_computes(responses, monkeypatch):
    view = SlowView()

    def ask(number: int) -> float:
        time.sleep(0.02 * bool(number))
        started = time.monotonic()
        responses.respond("key", ["samples"], view if number == 0 else lambda: Response("fast"))
        waited = time.monotonic() - started
        view.may_end.set()
        return waited

    _, waited = at_once(2, ask)

    assert store.LOCK_WAIT <= waited < store.LOCK_WAIT + NOISE


# Without Redis


class BrokenCache(MemoryCache):
    """A cache that can be unavailable or slow."""

    def __init__(self) -> None:
        """Work at first."""
        super().__init__()
        self.error: Exception | None = None
        self.is_full = False
        self.delay = 0.0
        self.requests = 0

    def get_many(self, *keys: str) -> list:
        """Return the values, if it works."""
        self._work()
        return super().get_many(*keys)

    def delete(self, key):
        """Remove a value, if it works."""
        self._work()
        return super().delete(key)

    def add(self, *args, **kwargs):
        """Store a value, if it works."""
        self._work(is_store=True)
        return super().add(*args, **kwargs)

    def _work(self, *, is_store: bool = False) -> None:
        self.requests += 1
        time.sleep(self.delay)
        if is_store and self.is_full:
            raise OutOfMemoryError
        if self.error:
            raise self.error


@pytest.fixture
def broken(app) -> BrokenCache:
    """A cache of the app that the test can break."""
    backend = BrokenCache()
    caching.use_backend(app, backend)
    return backend


@pytest.fixture
def clock(monkeypatch):
    """Return a function that lets seconds pass for the cache."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def let_pass(seconds: float) -> None:
        now[0] += seconds

    return let_pass


@pytest.mark.parametrize("error", [RedisConnectionError("gone"), OSError("gone")])
def test_cache_that_fails_is_not_asked_for_a_while(client, broken, clock, error):
    words(client)
    broken.error, broken.requests = error, 0

    for _ in range(3):
        words(client)
    asked = broken.requests
    clock(store.PAUSE + 1)
    broken.error = None

    assert (asked, len(calls)) == (1, 4)
    assert [words(client), len(calls)] == ["", 4]


def test_commit_that_the_cache_missed_is_reported_later(client, broken, clock):
    words(client)
    broken.error = RedisConnectionError("gone")
    client.post(WORDS)
    broken.error = None

    assert words(client) == "new"  # not from the cache, which is not asked
    clock(store.PAUSE + 1)
    assert [words(client), words(client)] == ["new", "new"]
    assert len(calls) == 3


def test_request_that_lost_enough_time_goes_on_without_the_cache(client, broken):
    words(client)
    broken.delay = store.BUDGET + 0.01
    broken.delete("version:test_samples")
    broken.requests = 0

    assert words(client) == ""
    assert broken.requests == 1


def test_slow_cache_is_given_nothing_to_keep(client, broken):
    broken.add("version:test_samples", "1", 0)
    broken.delay = store.BUDGET + 0.01
    words(client)

    broken.delay = 0
    assert not broken.keys("response")


@pytest.mark.parametrize("is_listening", [True, False], ids=["hangs", "gone"])
def test_server_that_does_not_answer_costs_a_moment_once(new_app, samples_table, is_listening):
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        if is_listening:
            server.listen()
        app = new_app(CACHE_URL=f"redis://127.0.0.1:{server.getsockname()[1]}/1")
        add_words(app)
        client = app.test_client()
        seconds = []
        for send in (lambda: words(client), lambda: words(client), lambda: client.post(WORDS)):
            started = time.perf_counter()
            send()
            seconds.append(time.perf_counter() - started)

    assert max(seconds) < store.CALL_TIMEOUT + store.BUDGET + NOISE


# Settings and metrics


@pytest.mark.parametrize(
    "url",
    ["redis://redis:6379/1", "rediss://:secret@redis.example.com", "redis://[::1]:6379", "unix:///run/redis"],
)
def test_url_of_a_redis_server_is_accepted(url):
    assert parse_url(url) == url


@pytest.mark.parametrize("url", ["memory://", "redis", "http://redis", "redis://", "redis://a:b#c@redis"])
def test_other_url_is_rejected(url):
    with pytest.raises(ValueError, match="Redis"):
        parse_url(url)


class Bomb:
    """What runs when it is unpickled."""

    def __reduce__(self):
        """Raise an error."""
        return (exec, ("raise SystemExit",))


@pytest.mark.parametrize("value", [pickle.dumps(Bomb()), b"!" + pickle.dumps(Bomb()), b"\xff", b"{"])
def test_what_others_wrote_into_redis_is_not_unpickled(value):
    assert SafeSerializer().loads(value) is None


def test_values_are_kept_as_json():
    serializer = SafeSerializer()

    assert serializer.loads(serializer.dumps([["1"], [["Link", "<x>"]], "ä"])) == [
        ["1"],
        [["Link", "<x>"]],
        "ä",
    ]
    assert serializer.loads(None) is None


def test_lookups_are_counted(client, broken):
    def counted(result: str) -> float:
        return REGISTRY.get_sample_value("cache_lookups_total", {"result": result}) or 0

    results = ("hit", "miss", "unavailable")
    before = {result: counted(result) for result in results}
    for _ in range(3):
        words(client)
    broken.error = RedisConnectionError("gone")
    words(client)
    words(client, headers={"Authorization": "Bearer x"})

    assert {result: counted(result) - before[result] for result in results} == {
        "hit": 2,
        "miss": 1,
        "unavailable": 1,
    }
