"""Clients that send requests during a fault, and the count of their responses."""

from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

import requests

LOST = 0  # sent, and never answered
REFUSED = -1  # not sent: the connection was not accepted
CLIENTS = 8
MOST = 2000  # requests of one client
PAUSE = 0.002  # seconds between them
TIMEOUT = 60  # seconds for a response


class Tally(Counter[int]):
    """How often each status was answered."""

    @property
    def sent(self) -> int:
        """Count the requests whose connection was accepted."""
        return self.total() - self[REFUSED]

    @property
    def lost(self) -> int:
        """Count those that were never answered."""
        return self[LOST]

    @property
    def answered(self) -> int:
        """Count the others."""
        return self.sent - self.lost


@contextmanager
def load(*urls: str, **headers: str) -> Generator[Tally]:
    """Send requests in turn as long as the block runs; the tally is complete after it.

    Every other client keeps its connection; the others open a new one for every request.
    """
    over, tally = Event(), Tally()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [
            pool.submit(_ask_until, over, urls, headers | closing)
            for closing in [{}, {"Connection": "close"}] * (CLIENTS // 2)
        ]
        try:
            yield tally
        finally:
            over.set()
    for client in clients:
        tally.update(client.result())


def _ask_until(over: Event, urls: tuple[str, ...], headers: dict[str, str]) -> Tally:
    tally = Tally()
    with requests.Session() as session:
        for number in range(MOST):
            tally[ask(session, "GET", urls[number % len(urls)], headers=headers)] += 1
            if over.wait(PAUSE) or tally[REFUSED]:
                break
    return tally


def ask(session: requests.Session, method: str, url: str, **arguments: Any) -> int:
    """Return the status code of a response, LOST or REFUSED."""
    try:
        return session.request(method, url, timeout=TIMEOUT, **arguments).status_code
    except requests.RequestException as error:
        return REFUSED if _was_refused(error) else LOST


def _was_refused(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, ConnectionRefusedError):
        error = error.__context__
    return error is not None


def at_once(times: int, action: Callable[[int], int]) -> Tally:
    """Do something several times at the same moment and count the statuses."""
    together = Barrier(times)

    def act(number: int) -> int:
        together.wait()
        return action(number)

    with ThreadPoolExecutor(times) as pool:
        return Tally(pool.map(act, range(times)))
