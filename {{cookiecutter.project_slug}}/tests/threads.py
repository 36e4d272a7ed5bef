"""Threads that start together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(times: int, call: Callable[[int], T]) -> list[T]:
    """Call a function with 0, 1, 2, ... from as many threads, which start together."""
    start = Barrier(times)

    def wait_and_call(number: int) -> T:
        start.wait()
        return call(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(wait_and_call, range(times)))
