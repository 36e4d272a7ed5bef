"""Faults of mail: deliverers that are killed, and two at once."""

import mailbox
import os
import random
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, stdev

import requests

from tests.baking import clean_environment
from tests.faults.accounts import new_email, register
from tests.faults.sites import Site
from tests.services import PASSWORD, PATIENCE, free_port, mail_settings, wait_for

REGISTRATIONS, KILLS = 150, 10
QUEUED = 40
ASKED = 500
FORGOT = "/api/v1/auth/forgot-password"
# Slow enough for kills to hit between the claim of a mail and its mark.
HANDLER = """
import asyncio
from aiosmtpd.handlers import Mailbox

class SlowMailbox(Mailbox):
    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)
"""
ON_DATABASE = """
from sqlalchemy import func, select, update
from app import create_app
from app.extensions import db
from app.models.base import utcnow
from app.models.outgoing_mail import OutgoingMail

with create_app().app_context():
    {statement}
"""
# What a crashed deliverer has claimed is due again after some minutes: let them pass.
MAKE_DUE = ON_DATABASE.format(
    statement="db.session.execute(update(OutgoingMail).where(OutgoingMail.due_at.is_not(None))"
    ".values(due_at=utcnow(), tries=0)); db.session.commit()"
)
COUNT_CLAIMED = ON_DATABASE.format(
    statement="print(db.session.scalar(select(func.count()).where(OutgoingMail.tries > 0,"
    " OutgoingMail.sent_at.is_(None))))"
)
QUEUE = ON_DATABASE.format(
    statement="from app.services import users; "
    f"[users.create_user(email, {PASSWORD!r}) for email in {{emails}}]"
)


@dataclass(frozen=True)
class MailServer:
    """A running SMTP server that keeps all mails."""

    folder: Path
    settings: dict[str, str]

    def received(self) -> Counter[str]:
        """Return how many mails each email got."""
        return Counter(message["To"] for message in mailbox.Maildir(self.folder))


@contextmanager
def mail_server(site: Site, folder: Path) -> Generator[MailServer]:
    """Run an SMTP server in a process of its own."""
    (folder / "slow_mailbox.py").write_text(HANDLER, "utf-8")
    port = free_port()
    maildir = folder / "mails"
    command = [site.python, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "-c", "slow_mailbox.SlowMailbox", maildir],
        env=clean_environment(PYTHONPATH=str(folder)),
    )
    try:
        wait_for(lambda: _accepts(port), "starting the mail server")
        yield MailServer(maildir, mail_settings(port))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _accepts(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def killing_workers(site: Site, server: MailServer) -> tuple[set[str], Counter[str]]:
    """Register many users while workers are killed; return who registered, and who got mails."""
    site = site.having(**server.settings)
    emails = [new_email() for _ in range(REGISTRATIONS)]
    with site.instance() as instance, ThreadPoolExecutor(4) as pool:
        statuses = [pool.submit(_register, instance.url, email) for email in emails]
        for number in range(1, KILLS + 1):
            done = number * REGISTRATIONS // (KILLS + 1)
            wait_for(
                lambda done=done: sum(status.done() for status in statuses) >= done, "registering"
            )
            os.kill(min(instance.workers()), signal.SIGKILL)
        registered = {
            email for email, status in zip(emails, statuses, strict=True) if status.result() == 201
        }
    site.project.run(site.python, "-c", MAKE_DUE, **site.settings)
    site.flask("mail", "deliver")
    return registered, server.received()


def _register(url: str, email: str) -> int:
    try:
        return register(url, email).status_code
    except requests.RequestException:
        return 0


def killing_a_deliverer(site: Site, server: MailServer) -> tuple[Counter[str], Counter[str]]:
    """Kill a command that has claimed a mail; return who got mails at once and after the claim."""
    site = site.having(**server.settings)
    queue(site, 1)
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        process = deliver(site.having(MAIL_PORT=str(hanging.getsockname()[1])))
        wait_for(lambda: count_claimed(site) == 1, "claiming a mail")
        process.kill()
        process.wait(PATIENCE)
    site.flask("mail", "deliver")
    at_once = server.received()
    site.project.run(site.python, "-c", MAKE_DUE, **site.settings)
    site.flask("mail", "deliver")
    return at_once, server.received()


def delivering_twice(site: Site, server: MailServer) -> Counter[str]:
    """Let two commands deliver at once; return who got mails."""
    site = site.having(**server.settings)
    queue(site, QUEUED)
    both = [deliver(site), deliver(site)]
    assert [process.wait(PATIENCE) for process in both] == [0, 0]
    return server.received()


def timing(site: Site, server: MailServer) -> tuple[float, float, float]:
    """Ask for new passwords of known and unknown emails, in random order.

    Return, in milliseconds, the median of the known ones, how much more it is than that of the
    unknown ones, and the noise: the standard deviation of that difference under random labels.
    """
    site = site.having(**server.settings, WEB_CONCURRENCY="1")
    known = [new_email() for _ in range(ASKED)]
    site.project.run(site.python, "-c", QUEUE.format(emails=known), **site.settings)
    site.flask("mail", "deliver")
    asked = [*((email, True) for email in known), *((new_email(), False) for _ in range(ASKED))]
    shuffle = random.Random(1).shuffle  # noqa: S311 - no secret
    shuffle(asked)
    with site.instance() as instance, requests.Session() as client:
        measured = [
            (_seconds_to_ask(client, instance.url, email), is_known) for email, is_known in asked
        ]
    seconds, labels = map(list, zip(*measured, strict=True))
    difference = _difference(seconds, labels)
    noise = []
    for _ in range(300):
        shuffle(labels)
        noise.append(_difference(seconds, labels))
    middle = median(second for second, is_known in measured if is_known)
    return 1000 * middle, 1000 * difference, 1000 * stdev(noise)


def _seconds_to_ask(client: requests.Session, url: str, email: str) -> float:
    started = time.perf_counter()
    response = client.post(url + FORGOT, json={"email": email}, timeout=PATIENCE)
    seconds = time.perf_counter() - started
    assert response.status_code == 202
    return seconds


def _difference(seconds: list[float], labels: list[bool]) -> float:
    """Return how much slower the median of the known ones is."""
    groups: dict[bool, list[float]] = {True: [], False: []}
    for second, label in zip(seconds, labels, strict=True):
        groups[label].append(second)
    return median(groups[True]) - median(groups[False])


def queue(site: Site, number: int) -> None:
    """Create users, whose mails are not delivered yet."""
    emails = [new_email() for _ in range(number)]
    site.project.run(site.python, "-c", QUEUE.format(emails=emails), **site.settings)


def deliver(site: Site) -> subprocess.Popen[bytes]:
    """Start to deliver."""
    command = [site.python.with_name("flask"), "mail", "deliver"]
    return subprocess.Popen(command, cwd=site.project.path, env=clean_environment(**site.settings))


def count_claimed(site: Site) -> int:
    """Return how many mails were claimed, but not sent."""
    return int(site.project.run(site.python, "-c", COUNT_CLAIMED, **site.settings).split()[-1])
