"""What a generated service is compared with.

A turn holds what was measured of the service, of a bare Flask app that asks the database the same,
and of the same service without its admin, one right after the other. Ratios of loads are the
median of those of the turns: how fast a machine is changes from minute to minute.
"""

from collections.abc import Sequence
from math import isnan
from statistics import median

from benchmarks.results import Result
from benchmarks.servers import Load

SECONDS_TO_START = 0.4
MEGABYTES = 60
MEGABYTES_AFTER_LOGINS = 70
SHARE = 0.8
BEST_PEER = 1.5
AS_FAST = 0.97

# Places in a turn; the service comes first.
BARE, WITHOUT_ADMIN = 1, 2

Turn = Sequence[float]
LoadTurn = Sequence[Load]


def starting(starts: Sequence[Turn]) -> Result:
    """Compare with an app that has less to import."""
    ours, bare, _without = medians(starts)
    return Result(
        what="start to first 200",
        measured=f"{ours:.2f} s",
        beside=f"{bare:.2f} s",
        aim=f"{SECONDS_TO_START} s",
        met=ours <= SECONDS_TO_START,
    )


def remembering(when: str, ours: float, bare: float, *, aim: int) -> Result:
    """Weigh the workers; four threads that hash passwords hold 19 MiB each for that time."""
    return Result(
        what=f"memory of a worker {when} (PSS)",
        measured=f"{ours:.0f} MB",
        beside=f"{bare:.0f} MB",
        aim=f"{aim} MB",
        met=ours <= aim,
    )


def serving_pages(name: str, loads: Sequence[LoadTurn]) -> Result:
    """Compare with the least that could be done."""
    ratio = ratio_to(BARE, loads)
    return Result(
        what=name,
        measured=described(0, loads),
        beside=described(BARE, loads),
        ratio=ratio,
        aim=f"at least {SHARE}",
        met=ratio >= SHARE,
    )


def serving_beside_peer(name: str, peer: str, loads: Sequence[LoadTurn]) -> Result:
    """Compare with a peer, which comes second in each turn."""
    ratio = ratio_to(BARE, loads)
    return Result(
        what=f"{name}, beside {peer}",
        measured=described(0, loads),
        beside=described(BARE, loads),
        ratio=ratio,
        aim=f"at least {BEST_PEER}",
        met=ratio >= BEST_PEER,
    )


def growing(what: str, loads: Sequence[LoadTurn]) -> Result:
    """Show how the cost grows."""
    return Result(
        what=what,
        measured=described(0, loads),
        beside=described(BARE, loads),
        ratio=ratio_to(BARE, loads),
    )


def described(server: int, loads: Sequence[LoadTurn]) -> str:
    """Return rate, 99th percentile and CPU time of a request; medians."""
    own = [turn[server] for turn in loads]
    cpu = [load.cpu for load in own if not isnan(load.cpu)]
    texts = [f"{median(load.rate for load in own):.0f}/s"]
    texts += [f"p99 {median(load.p99 for load in own) * 1000:.0f} ms"]
    texts += [f"CPU {median(cpu) * 1000:.2f} ms"] if cpu else []
    return ", ".join(texts)


def logging_in(loads: Sequence[LoadTurn]) -> Result:
    """Compare logins with the hash that they cannot do without."""
    rate, bare_rate = medians(rates(loads))
    return Result(
        what="logins",
        measured=f"{rate:.0f}/s",
        beside=f"verifying the hash: {bare_rate:.0f}/s",
        ratio=ratio_to(BARE, loads),
    )


def serving_beside_admin(name: str, loads: Sequence[LoadTurn]) -> Result:
    """Compare the API of a service that has an admin with that of one without."""
    rate, _bare, plain_rate = medians(rates(loads))
    ratio = ratio_to(WITHOUT_ADMIN, loads)
    return Result(
        what=f"{name}, with `admin`",
        measured=f"{rate:.0f}/s",
        beside=f"without: {plain_rate:.0f}/s",
        ratio=ratio,
        aim=f"at least {AS_FAST}",
        met=ratio >= AS_FAST,
    )


def weighing_admin(starts: Sequence[Turn], megabytes: Turn) -> list[Result]:
    """Measure what an unused admin costs."""
    kinds = [
        ("start to first 200, with `admin`", "{:.2f} s", medians(starts)),
        ("memory of a worker after these pages, with `admin`", "{:.0f} MB", megabytes),
    ]
    return [
        Result(
            what=what,
            measured=unit.format(ours),
            beside=f"without: {unit.format(without)}",
            ratio=ours / without,
        )
        for what, unit, (ours, _bare, without) in kinds
    ]


def rates(loads: Sequence[LoadTurn]) -> list[Turn]:
    """Return the requests per second of each server."""
    return [[load.rate for load in turn] for turn in loads]


def ratio_to(other: int, loads: Sequence[LoadTurn]) -> float:
    """Return the median ratio to another server in the same turn."""
    return median(turn[0].rate / turn[other].rate for turn in loads)


def medians(turns: Sequence[Turn]) -> list[float]:
    """Return the median of each column."""
    return [median(column) for column in zip(*turns, strict=True)]
