"""Rate limits, and the IP address that they count."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import request

from app import create_app, rate_limits
from app.extensions import client_network, limiter
from app.rate_limits import WorkerStorage
from tests.echo import ECHO, add_echo

TWO_AN_HOUR = {"RATELIMIT_ENABLED": True, "RATELIMIT_DEFAULT": "2 per hour"}


def add_views(app):
    """Add views that return the IP address and the URL of a request."""
    app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
    app.add_url_rule("/url", "url", lambda: request.url)


@pytest.fixture
def statuses():
    """Ask several times and return the status codes."""

    def ask(client, *paths: str, **options) -> list[int]:
        return [client.get(path, **options).status_code for path in paths]

    return ask


@pytest.fixture
def lost_storage(monkeypatch) -> str:
    """The URL of a storage that is down; the shared limiter forgets it after the test."""
    monkeypatch.setattr(limiter, "_storage_dead", False)
    monkeypatch.setattr(limiter, "_storage_options", {})
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{unused.getsockname()[1]}"


def test_more_than_the_default_limit_is_refused(make_app, statuses):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()

    assert statuses(client, *[ECHO] * 4) == [200, 200, 429, 429]


def test_the_default_limit_counts_all_paths_together(make_app, statuses):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()

    assert statuses(client, ECHO, "/api/openapi.json", f"{ECHO}/1") == [200, 200, 429]


def test_each_ip_address_is_counted_separately(make_app, statuses):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()
    statuses(client, *[ECHO] * 3)

    response = client.get(ECHO, environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("ip_address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:40001", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:c000:207]:443", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:DB8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("[2001:db8::7]:443", "2001:db8::/64"),
        ("[2001:db8::7]", "2001:db8::/64"),
        ("2001:db8::7%eth0", "2001:db8::/64"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        *((text, "unknown") for text in ("", "unknown", "_hidden:1", "[", "]:1", "1.2.3", "x" * 9000)),
    ],
)
def test_requests_are_counted_by_network(app, ip_address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": ip_address}):
        assert client_network() == network


@pytest.mark.parametrize(
    "form", ["2001:db8::{:x}", "[2001:db8::7]:{}", "192.0.2.7:{}", "::ffff:192.0.2.7", "x{}"]
)
def test_client_is_limited_however_its_ip_address_is_written(make_app, form):
    client = make_app(add_echo, TRUSTED_PROXIES=1, **TWO_AN_HOUR).test_client()

    statuses = [
        client.get(ECHO, headers={"X-Forwarded-For": form.format(number)}).status_code
        for number in range(40000, 40004)
    ]

    assert statuses == [200, 200, 429, 429]


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_health_is_never_limited(make_app, statuses, path):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()

    assert statuses(client, *[path] * 5) == [200] * 5


def test_health_checks_use_up_nobodys_limit(make_app, statuses):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()
    statuses(client, *["/health"] * 5)

    assert client.get(ECHO).status_code == 200


def test_limits_are_off_in_tests_unless_they_ask_for_them(make_app, statuses):
    client = make_app(add_echo, RATELIMIT_DEFAULT="1 per hour").test_client()

    assert statuses(client, *[ECHO] * 3) == [200] * 3


@pytest.mark.usefixtures("production")
def test_limits_do_not_depend_on_which_app_was_made_before():
    create_app("testing")

    create_app("production")

    assert limiter.enabled


def test_without_its_storage_the_limit_is_kept_in_memory(new_app, statuses, lost_storage):
    app = new_app(RATELIMIT_STORAGE_URI=lost_storage, **TWO_AN_HOUR)
    add_echo(app)

    assert statuses(app.test_client(), *[ECHO] * 4) == [200, 200, 429, 429]


def test_without_its_storage_health_is_still_not_limited(new_app, statuses, lost_storage):
    app = new_app(RATELIMIT_STORAGE_URI=lost_storage, **TWO_AN_HOUR)
    add_echo(app)

    assert statuses(app.test_client(), *["/health"] * 4) == [200] * 4


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(("workers", "factor"), [("3", " 3"), ("", " the number of workers")])
def test_production_warns_once_when_limits_are_counted_in_memory(workers, factor, monkeypatch, capsys):
    monkeypatch.setenv("WEB_CONCURRENCY", workers)

    create_app("production")

    (line,) = [line for line in capsys.readouterr().out.splitlines() if "Rate limits" in line]
    assert "WARNING" in line
    assert f"{factor} times 300 per minute" in line


@pytest.mark.usefixtures("production")
def test_production_with_a_shared_storage_does_not_warn(monkeypatch, capsys, lost_storage):
    monkeypatch.setenv("RATELIMIT_STORAGE_URI", lost_storage)

    create_app("production")

    assert "Rate limits" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["development", "testing"])
@pytest.mark.usefixtures("empty_environment")
def test_local_work_is_not_warned(name, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'local.sqlite3'}")

    create_app(name)

    assert "Rate limits" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
    ],
)
def test_forwarded_ip_addresses_count_for_as_many_proxies_as_are_trusted(
    make_app, proxies, forwarded, address
):
    app = make_app(add_views, TRUSTED_PROXIES=proxies)

    response = app.test_client().get("/address", headers={"X-Forwarded-For": forwarded})

    assert response.text == address


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 200)])
def test_clients_behind_a_trusted_proxy_are_counted_separately(make_app, proxies, last):
    client = make_app(add_echo, TRUSTED_PROXIES=proxies, **TWO_AN_HOUR).test_client()

    answers = [
        client.get(ECHO, headers={"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(1, 4)
    ]

    assert answers[-1].status_code == last


@pytest.mark.parametrize(
    ("proxies", "url"),
    [(0, "http://localhost/url"), (1, "https://localhost/url"), (2, "https://localhost/url")],
)
def test_forwarded_scheme_counts_only_from_trusted_proxies_and_forwarded_host_never(make_app, proxies, url):
    app = make_app(add_views, TRUSTED_PROXIES=proxies)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example.com"}

    assert app.test_client().get("/url", headers=headers).text == url


@pytest.mark.parametrize(
    ("proxies", "trusted", "url"),
    [
        (0, True, "http://localhost/url"),
        (1, False, "http://localhost/url"),
        (1, True, "http://localhost/service/url"),
    ],
)
def test_forwarded_prefix_counts_only_if_it_is_trusted(make_app, proxies, trusted, url):
    app = make_app(add_views, TRUSTED_PROXIES=proxies, TRUST_FORWARDED_PREFIX=trusted)

    assert app.test_client().get("/url", headers={"X-Forwarded-Prefix": "/service/"}).text == url


@pytest.fixture(params=[0, 1])
def proxied(new_app, request):
    """A new app that trusts no proxy or one; building it here keeps the handler of `caplog`."""
    return new_app(TRUSTED_PROXIES=request.param)


@pytest.mark.parametrize(
    "header", ["Forwarded", *(f"X-Forwarded-{name}" for name in ("For", "Prefix", "Proto"))]
)
def test_forwarded_header_is_logged_once_if_no_proxy_is_trusted(proxied, caplog, header):
    client = proxied.test_client()
    client.get("/health")
    assert "WARNING" not in caplog.text

    for _ in range(2):
        client.get("/health", headers={header: "198.51.100.7"})

    expected = 0 if proxied.config["TRUSTED_PROXIES"] else 1
    assert caplog.text.count("WARNING") == caplog.text.count("TRUSTED_PROXIES is 0") == expected


# Counting in memory


@pytest.fixture
def storage(clock) -> WorkerStorage:
    """A storage whose clock the test moves."""
    return WorkerStorage()


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time that storages see, in seconds."""
    now = [1000.0]
    monkeypatch.setattr(rate_limits.time, "time", lambda: now[0])
    return now


def test_counter_counts_until_it_expires(storage, clock):
    assert [storage.incr("a", 10), storage.incr("a", 10, amount=2), storage.get("a")] == [1, 3, 3]

    clock[0] += 10

    assert [storage.get("a"), storage.incr("a", 10), storage.get("a")] == [0, 1, 1]


def test_counters_are_independent(storage):
    storage.incr("a", 10)

    assert [storage.get("b"), storage.incr("b", 5)] == [0, 1]
    assert storage.get_expiry("a") == 1010


def test_expired_counters_are_removed(storage, clock):
    for number in range(100):
        storage.incr(f"key {number}", 10 if number else 1000)

    clock[0] += rate_limits.CLEANUP_INTERVAL
    storage.incr("a", 10)

    assert set(storage.storage) == set(storage.expirations) == {"key 0", "a"}


def test_reset_ends_all_counters(storage):
    storage.incr("a", 10)
    storage.clear("a")
    storage.incr("b", 10)
    storage.reset()

    assert [storage.get("a"), storage.get("b")] == [0, 0]


def test_concurrent_requests_are_all_counted():
    storage = WorkerStorage()
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: storage.incr("a", 3600), range(2000)))

    assert sorted(counts) == list(range(1, 2001))


def test_requests_start_no_threads(make_app, statuses, monkeypatch):
    client = make_app(add_echo, **TWO_AN_HOUR).test_client()
    monkeypatch.delattr(threading.Thread, "start")

    assert statuses(client, *[ECHO] * 4) == [200, 200, 429, 429]
