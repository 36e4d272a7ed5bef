"""Two instances share what they must not forget: logins and limits."""

from functools import partial

import requests

from tests.faults.accounts import LOGOUT, ME, bearer, login, new_email, register
from tests.faults.sites import POSTS, Site
from tests.load import Tally
from tests.servers import Server
from tests.services import Instance, wait_for

LIMIT, SURPLUS = 10, 2
ONE_WORKER = {"WEB_CONCURRENCY": "1", "FLASK_RATELIMIT_ENABLED": "true"}
ONE_WORKER |= {"FLASK_RATELIMIT_DEFAULT": f"{LIMIT} per hour"}
ONE_WORKER |= {"FLASK_RATELIMIT_PASSWORD_FAILURES": "4 per hour"}


def revoking(site: Site) -> Tally:
    """Log in at one instance, be known at the other, log out there, be forgotten by both."""
    with site.pair() as (one, other):
        email = register(one.url).json()["email"]
        headers = bearer(login(one.url, email))
        asked = [("GET", one, ME), ("GET", other, ME), ("POST", other, LOGOUT)]
        asked += [("GET", one, ME), ("GET", other, ME)]
        return Tally(
            requests.request(method, instance.url + path, headers=headers, timeout=30).status_code
            for method, instance, path in asked
        )


def guessing(site: Site, redis: Server) -> Tally:
    """Guess the password of one account at two instances in turns."""
    with site.pair(RATELIMIT_STORAGE_URI=redis.url, **ONE_WORKER) as instances:
        email = new_email()
        return Tally(login(instances[number % 2].url, email).status_code for number in range(6))


def losing_redis(site: Site, redis: Server) -> list[Tally]:
    """Ask more than is allowed: before Redis stops, while it is gone, and when it is back."""
    with site.pair(RATELIMIT_STORAGE_URI=redis.url, **ONE_WORKER) as instances:
        before = in_turns(instances)
        redis.stop()
        without = in_turns(instances)
        redis.start()
        for instance in instances:
            wait_for(partial(has_recovered, instance), "finding Redis again")
        redis.run("redis-cli -p {port} flushall")
        return [before, without, in_turns(instances)]


def in_turns(instances: tuple[Instance, Instance]) -> Tally:
    """Ask each of two instances more often than even one alone would allow."""
    urls = [instance.url + POSTS for instance in instances] * (LIMIT + SURPLUS)
    return Tally(requests.get(url, timeout=30).status_code for url in urls)


def has_recovered(instance: Instance) -> bool:
    """Ask, which makes an instance look for its storage now and then, and tell if it found it."""
    requests.get(instance.url + POSTS, timeout=30)
    return "storage recovered" in instance.log.read_text("utf-8")
