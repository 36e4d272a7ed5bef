"""How the cost of a request grows: with connections, with the size of pages, with rows."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from benchmarks.comparisons import growing
from benchmarks.results import Result
from benchmarks.servers import Load, Server, get

ROUNDS = 5
CONNECTIONS = (1, 16, 64)
PAGE_SIZES = (20, 50, 100)
ME = "/api/v1/users/me"
POSTS = "/api/v1/posts?per_page={}"
PATHS = [POSTS.format(size) for size in PAGE_SIZES]

# In the past, one a second.
ADD_POSTS = """
INSERT INTO posts (author_id, title, content, published, created_at, updated_at)
SELECT author_id, title, content, true, created_at - age, created_at - age
FROM (SELECT * FROM posts ORDER BY id LIMIT 1) AS first,
     (SELECT number * interval '1 second' AS age FROM generate_series(1, 1000000) AS number) AS ages
"""


def measure(
    servers: Sequence[Server], headers: dict[str, str], database_url: str, *, rounds: int
) -> Iterator[Result]:
    """Load the service and the bare app in turns."""
    for connections in CONNECTIONS:
        load = partial(get, ME, headers, 1, connections=connections)
        loads = in_turns(servers, rounds, load)
        yield growing(f"`GET /users/me`, {connections} connections", loads)
    yield from pages("1,000 posts", servers, headers, rounds)
    commands = [f"--command={sql}" for sql in (ADD_POSTS, "VACUUM ANALYZE posts")]
    subprocess.run(["psql", "--quiet", *commands, database_url], check=True)
    yield from pages("1 million posts", servers, headers, rounds)


def pages(
    rows: str, servers: Sequence[Server], headers: dict[str, str], rounds: int
) -> Iterator[Result]:
    """Load pages of all sizes."""
    for size, path in zip(PAGE_SIZES, PATHS, strict=True):
        loads = in_turns(servers, rounds, partial(get, path, headers, 1))
        yield growing(f"{size} of {rows}", loads)


def in_turns(
    servers: Sequence[Server], rounds: int, load: Callable[[Server], Load]
) -> list[list[Load]]:
    """Load each once to warm it up, then in turns."""
    return [[load(each) for each in servers] for _ in range(rounds + 1)][1:]
