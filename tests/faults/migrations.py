"""Several hosts migrate one database at the same moment."""

import signal
import subprocess

from tests.baking import clean_environment
from tests.faults.sites import Site
from tests.load import Tally, at_once

HOLD_LOCK = """
import time
from app import create_app
from app.db.locks import STATEMENTS
from app.extensions import db

with create_app().app_context(), db.engine.connect() as connection:
    connection.exec_driver_sql(STATEMENTS[db.engine.dialect.name])
    print("held", flush=True)
    time.sleep(60)
"""


def migrating(site: Site, times: int) -> Tally:
    """Start so many upgrades of an empty database at once and count their exit codes."""
    site.flask("db", "downgrade", "base")
    codes = at_once(times, lambda _number: upgrade(site).wait())
    site.flask("db", "check")
    return codes


def upgrade(site: Site) -> subprocess.Popen[str]:
    """Start an upgrade."""
    return start(site, "-m", "flask", "db", "upgrade")


def start(site: Site, *arguments: str) -> subprocess.Popen[str]:
    """Start Python in the project."""
    return subprocess.Popen(
        [site.python, *arguments],
        cwd=site.project.path,
        env=clean_environment(**site.settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def dying(site: Site) -> int:
    """Kill the one who holds the lock while an upgrade waits for it; return how that ends."""
    with start(site, "-c", HOLD_LOCK) as holder:
        assert holder.stdout
        while holder.stdout.readline() not in {"held\n", ""}:
            pass
        with upgrade(site) as waiting:
            try:
                waiting.wait(5)
            except subprocess.TimeoutExpired:
                holder.send_signal(signal.SIGKILL)
            else:
                raise AssertionError("the upgrade did not wait for the lock")
            return waiting.wait(60)
