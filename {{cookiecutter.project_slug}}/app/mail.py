"""Mail: messages from templates, sent over SMTP with verified TLS; development logs them instead."""

import logging
import smtplib
import ssl
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses, localtime, parseaddr
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import idna
from flask import current_app

from app.settings import Setting, parse_positive

OFF = "none"
PORTS = {"starttls": 587, "tls": 465, "none": 25}
MAX_TIMEOUT = 60  # seconds; a mail whose delivery takes minutes is claimed again

log = logging.getLogger("app.mail")


class MailError(Exception):
    """A message could not be sent now; another one may."""


class MailRejectedError(MailError):
    """The server will never accept this message."""


class MailServerError(MailError):
    """The server accepts no message at the moment."""


def parse_server(text: str) -> str:
    """Return a host name, or `none` in any case."""
    return OFF if text.lower() == OFF else text


def parse_security(text: str) -> str:
    """Return how connections are encrypted."""
    if text.lower() not in PORTS:
        raise ValueError("must be starttls, tls or none")
    return text.lower()


def parse_url(text: str) -> str:
    """Return a URL to which paths can be appended."""
    url = urlsplit(text)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError("must be a URL like https://app.example.com")
    return text.rstrip("/")


def parse_sender(text: str) -> str:
    """Return a sender, with or without a name."""
    parsed = getaddresses([text])
    if len(parsed) != 1 or not all(parsed[0][1].rpartition("@")):
        raise ValueError("must be like no-reply@example.com or Example <no-reply@example.com>")
    return text


def validate_server(value: str | None) -> str | None:
    """Reject a missing server: that there is none has to be said."""
    return None if value else f"is missing; `{OFF}` switches mail off"


def validate_security(value: str, config: Mapping[str, Any]) -> str | None:
    """Reject passwords in clear text."""
    is_unsafe = value == "none" and config["MAIL_USERNAME"]
    return "must be starttls or tls where there is a MAIL_USERNAME" if is_unsafe else None


def validate_needed(value: str | None, config: Mapping[str, Any]) -> str | None:
    """Reject a missing setting that mail needs."""
    return "is missing" if not value and config["MAIL_SERVER"] != OFF else None


def validate_timeout(value: int) -> str | None:
    """Reject timeouts with which a mail could be claimed again while it is being sent."""
    return None if 1 <= value <= MAX_TIMEOUT else f"must be from 1 to {MAX_TIMEOUT}"


def validate_verification(value: bool, config: Mapping[str, Any]) -> str | None:  # noqa: FBT001 - as in `Setting`
    """Reject that emails must be verified where no mail is sent."""
    return "needs a MAIL_SERVER" if value and config["MAIL_SERVER"] == OFF else None


SETTINGS = (
    Setting(
        "MAIL_SERVER",
        None,
        "Host name of the SMTP server; `none` for no mail. Without one, development logs mails.",
        parse=parse_server,
        validate=validate_server,
    ),
    Setting(
        "MAIL_SECURITY",
        "starttls",
        "`starttls`, `tls` or `none`; certificates are verified.",
        parse=parse_security,
        validate_with=validate_security,
    ),
    Setting("MAIL_PORT", None, "By default 587, 465 or 25, by `MAIL_SECURITY`.", parse=parse_positive),
    Setting("MAIL_USERNAME", None, "User of the SMTP server, if it requires one.", parse=str),
    Setting("MAIL_PASSWORD", None, "The password of that user.", parse=str),
    Setting("MAIL_TIMEOUT", 10, "Seconds to wait for each reply of the server.", validate=validate_timeout),
    Setting(
        "MAIL_SENDER",
        None,
        "The sender of all mails, like `no-reply@example.com`.",
        parse=parse_sender,
        validate_with=validate_needed,
        local="no-reply@localhost",
    ),
    Setting("MAIL_LANGUAGE", "en", "The folder of `app/templates/mail` with the texts."),
    Setting(
        "PUBLIC_URL",
        None,
        "URL of the website that the links in mails lead to; requests cannot change it.",
        parse=parse_url,
        validate_with=validate_needed,
        local="http://localhost:5000",
    ),
    Setting(
        "EMAIL_VERIFICATION_REQUIRED",
        False,
        "Whether users can log in only after they verified their email.",
        validate_with=validate_verification,
    ),
)


def is_enabled() -> bool:
    """Return whether the current app sends mail."""
    return current_app.config["MAIL_SERVER"] != OFF


def is_verification_required() -> bool:
    """Return whether users can log in only after they verified their email."""
    return current_app.config["EMAIL_VERIFICATION_REQUIRED"]


def public_url(path: str) -> str:
    """Return the URL of a page of the website."""
    return f"{current_app.config['PUBLIC_URL']}{path}"


def create_message(
    template: str, email: str, *, name: str = "", message_id: str, **values: Any
) -> EmailMessage:
    """Return a message with a plain text and an HTML part, both from one template.

    Args:
        template: The name of a file in the folder of the language, without its suffix.
        email: The email of the recipient.
        name: The name of the recipient; only one that its owner chose.
        message_id: What stays the same if the message is sent again, so that servers can drop it.
        values: What the template shows besides.
    """
    config = current_app.config
    sender = _address(*parseaddr(config["MAIL_SENDER"]))
    values |= {
        "layout": "mail/layout.txt",
        "language": config["MAIL_LANGUAGE"],
        "project": config["PROJECT_NAME"],
        "name": _one_line(name),
    }
    path = f"mail/{config['MAIL_LANGUAGE']}/{template}.jinja"
    text = current_app.jinja_env.overlay(autoescape=False).get_template(path)
    html = current_app.jinja_env.overlay(autoescape=True).get_template(path)
    message = EmailMessage()
    message["Subject"] = _one_line("".join(text.blocks["subject"](text.new_context(values))))
    message["From"] = Address(sender.display_name or config["PROJECT_NAME"], addr_spec=sender.addr_spec)
    message["To"] = _address(values["name"], email)
    message["Date"] = localtime()
    message["Message-ID"] = f"<{message_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    message.set_content(text.render(values))
    message.add_alternative(html.render(values | {"layout": "mail/layout.html"}), subtype="html")
    return message


def send(message: EmailMessage) -> None:
    """Send a message; without a server, write it to the log.

    Raises:
        MailError: It was not sent.
    """
    if current_app.config["MAIL_SERVER"] is None:
        body = message.get_body(("plain",))
        log.info("Mail to %s: %s\n%s", message["To"], message["Subject"], body and body.get_content())
        return
    with _connection() as smtp:
        try:
            smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:  # RFC 6531: not all servers take such an email
            raise MailRejectedError(str(error)) from error


@contextmanager
def _connection() -> Generator[smtplib.SMTP]:
    """Connect and authenticate.

    Raises:
        MailServerError: The server is unavailable, not who it should be, or does not accept the user.
    """
    config = current_app.config
    host, security = config["MAIL_SERVER"], config["MAIL_SECURITY"]
    port, timeout = config["MAIL_PORT"] or PORTS[security], config["MAIL_TIMEOUT"]
    smtp = None
    try:
        if security == "tls":
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
        else:
            smtp = smtplib.SMTP(host, port, timeout=timeout)
        if security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if config["MAIL_USERNAME"]:
            smtp.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"] or "")
        yield smtp
        # The message was accepted: an error from here on must not send it again.
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerError(f"{type(error).__name__}: {error}") from error
    finally:
        if smtp:
            smtp.close()


def _refusal(code: int, reply: bytes | str) -> MailError:
    """Return the error of a reply: 4xx asks to try again later, 5xx is final (RFC 5321 4.2.1)."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    error = MailRejectedError if code >= HTTPStatus.INTERNAL_SERVER_ERROR else MailError
    return error(f"{code} {text}")


def _address(name: str, email: str) -> Address:
    """Return an address whose domain is ASCII, which every server accepts."""
    user, _, domain = email.rpartition("@")
    if not domain.isascii():
        with suppress(idna.IDNAError):
            domain = idna.encode(domain, uts46=True).decode()
    if user.isascii():
        return Address(name, addr_spec=f"{user}@{domain}")
    return Address(name, user, domain)


def _one_line(text: str) -> str:
    """Return text without what could begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
