"""Metrics of cached responses."""

from prometheus_client import Counter

LOOKUPS = Counter("cache_lookups_total", "Requests that could be cached.", ("result",))


def count_lookup(result: str) -> None:
    """Count a hit, a miss, or that the cache was unavailable."""
    LOOKUPS.labels(result).inc()
