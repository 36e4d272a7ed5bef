"""Responses that two instances keep in Redis, which is lost or hangs."""

import time
from functools import partial

import requests

from tests.faults.accounts import bearer, login, new_email, register
from tests.faults.sites import POSTS, Site, has_answered
from tests.load import TIMEOUT, Tally, load
from tests.servers import Server
from tests.services import METRICS_TOKEN, Instance, wait_for

LOOKUPS = "cache_lookups_total"
ROUNDS = 20
AWAY = 3  # seconds
SOME = 200  # responses


def losing_redis(site: Site, redis: Server) -> tuple[Tally, dict[str, float]]:
    """Stop Redis while clients read, and start it again; return the lookups, too."""
    settings = {"CACHE_URL": redis.url, "METRICS_TOKEN": METRICS_TOKEN}
    with site.instance(**settings) as instance:
        with load(instance.url + POSTS) as tally:
            wait_for(partial(has_answered, instance, SOME), "filling the cache")
            redis.stop()
            time.sleep(AWAY)
            redis.start()
            hits = count_lookups(instance)["hit"]
            wait_for(lambda: count_lookups(instance)["hit"] > hits, "finding Redis again")
        return tally, count_lookups(instance)


def hanging(site: Site, redis: Server) -> list[float]:
    """Let Redis answer nothing for a while, and return how long each response took."""
    with site.instance(CACHE_URL=redis.url, WEB_CONCURRENCY="1") as instance:
        read(instance)
        redis.run(f"redis-cli -p {{port}} client pause {AWAY * 1000}")
        end = time.monotonic() + AWAY
        seconds = []
        while time.monotonic() < end:
            started = time.perf_counter()
            read(instance)
            seconds.append(time.perf_counter() - started)
    return seconds


def changing(site: Site, redis: Server) -> list[tuple[list[str], str]]:
    """Change a post at one instance and read it at the other, which has cached it."""
    seen = []
    with site.pair(CACHE_URL=redis.url) as (one, other):
        email = new_email()
        register(one.url, email)
        headers = bearer(login(one.url, email))
        draft = {"title": "New", "content": "Text", "published": True}
        posted = requests.post(one.url + POSTS, json=draft, headers=headers, timeout=TIMEOUT)
        url = POSTS + f"/{posted.json()['id']}"
        for number in range(ROUNDS):
            title = f"Change {number}"
            for _ in range(4):  # more than there are workers
                read(other, url)
                read(other)
            requests.patch(one.url + url, json={"title": title}, headers=headers, timeout=TIMEOUT)
            single, listed = read(other, url), read(other)["items"][0]
            seen.append(([single["title"], listed["title"]], title))
    return seen


def read(instance: Instance, path: str = POSTS) -> dict:
    """Read without credentials."""
    response = requests.get(instance.url + path, timeout=TIMEOUT)
    assert response.status_code == requests.codes.ok
    return response.json()


def count_lookups(instance: Instance) -> dict[str, float]:
    """Return the lookups of all workers by their results."""
    authorization = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    text = requests.get(f"{instance.url}/metrics", headers=authorization, timeout=TIMEOUT).text
    lines = [line for line in text.splitlines() if line.startswith(LOOKUPS)]
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines}
