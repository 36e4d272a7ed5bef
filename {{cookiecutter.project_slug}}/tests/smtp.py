"""An SMTP server for tests, which keeps messages and fails on demand."""

import asyncio
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

AUTHORITY = trustme.CA()
LOGIN = LoginPassword(b"service", b"secret")


class Inbox:
    """Keeps messages; `replies` has what the server says instead, by command."""

    def __init__(self) -> None:
        """Accept everything."""
        self.replies: dict[str, str] = {}
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.options: list[str] = []

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, email: str, options: Any) -> str:  # noqa: N802 - of aiosmtpd
        """Accept the sender."""
        envelope.mail_from, self.options = email, options
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, email: str, _options: Any) -> str:  # noqa: N802 - of aiosmtpd
        """Accept a recipient."""
        envelope.rcpt_tos.append(email)
        return self.replies.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - of aiosmtpd
        """Keep the message."""
        if "DATA" not in self.replies:
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.messages.append(message)
            self.recipients += envelope.rcpt_tos
        return self.replies.get("DATA", "250 OK")


class Server(Controller):
    """A server on a free port."""

    def _trigger_server(self) -> None:
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(**options: Any) -> Generator[tuple[Inbox, dict[str, Any]]]:
    """Run a server; yield what it received and the settings to use it."""
    inbox = Inbox()
    controller = Server(inbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield inbox, {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": controller.port, "MAIL_SECURITY": "none"}
    finally:
        controller.stop()


def certificate(*names: str) -> ssl.SSLContext:
    """Return the context of a server with a certificate for these names."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(*names).configure_cert(context)
    return context


def check_login(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    """Accept one user."""
    return AuthResult(success=login == LOGIN, handled=False)
