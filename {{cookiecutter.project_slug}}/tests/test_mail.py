"""Mails: what they look like, and how they are handed to a real SMTP server."""

import logging
import smtplib
import socket
import ssl
from contextlib import contextmanager

import pytest

from app import create_app, mail
from app.mail import MailError, MailRejectedError, MailServerError
from app.settings import ConfigurationError
from tests.smtp import AUTHORITY, certificate, check_login, smtp_server

EMAIL = "user@example.com"
LINK = "https://app.example.com/reset-password?token=abc&more"


@pytest.fixture
def server(app, app_context):
    """A server without encryption, which the app uses."""
    with smtp_server() as (inbox, settings):
        app.config.update(settings)
        yield inbox


@pytest.fixture
def trusted(monkeypatch):
    """Trust the authority of the tests."""
    create_context = ssl.create_default_context

    def create(purpose=ssl.Purpose.SERVER_AUTH, **options) -> ssl.SSLContext:
        context = create_context(purpose, **options)
        AUTHORITY.configure_trust(context)
        return context

    monkeypatch.setattr(ssl, "create_default_context", create)


def create(email=EMAIL, template="email_taken", **values):
    """Create a message."""
    return mail.create_message(template, email, message_id="1", **{"link": LINK} | values)


def bodies(message) -> tuple[str, str]:
    """Return the plain text and the HTML of a message."""
    return tuple(message.get_body((kind,)).get_content() for kind in ("plain", "html"))


# Messages


def test_mail_has_the_same_text_as_plain_text_and_as_html(app_context):
    message = create()

    plain, html = bodies(message)
    assert message["Subject"] in html
    for text in ("This email was used for a registration", "If it was not you, ignore this mail."):
        assert text in plain
        assert text in html


def test_mail_has_the_headers_of_automatic_mail(app, app_context):
    app.config["MAIL_SENDER"] = "no-reply@example.com"

    message = create()

    assert message["From"] == f"{app.config['PROJECT_NAME']} <no-reply@example.com>"
    assert message["Message-ID"] == "<1@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]


def test_sender_may_have_a_name(app, app_context):
    app.config["MAIL_SENDER"] = "Example <no-reply@example.com>"

    assert create()["From"] == "Example <no-reply@example.com>"


def test_html_is_escaped_and_plain_text_is_not(app_context):
    plain, html = bodies(create(name="O'Hara <b>&"))

    assert "Hello O'Hara <b>&," in plain
    assert "Hello O&#39;Hara &lt;b&gt;&amp;," in html
    assert LINK in plain
    assert LINK.replace("&", "&amp;") in html


def test_mail_loads_nothing_from_elsewhere(app_context):
    _plain, html = bodies(create())

    assert "src=" not in html
    assert "url(" not in html
    assert "<link" not in html


@pytest.mark.parametrize("template", ["reset_password", "verify_email", "email_changed", "email_taken"])
def test_every_template_fills_subject_and_text(app_context, template):
    message = create(template=template, expires=mail.localtime())

    plain, html = bodies(message)
    assert message["Subject"]
    assert len(plain.splitlines()) > 3
    assert "{" not in plain + html


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.com", "Eve\nBcc: x", "Eve\x00\u2028\u202eevE"])
def test_name_adds_no_header(server, name):
    mail.send(create(name=name))

    (message,) = server.messages
    assert "Bcc" not in message
    assert message["To"].addresses[0].addr_spec == EMAIL
    assert server.recipients == [EMAIL]


def test_project_name_adds_no_header(app, server):
    app.config["PROJECT_NAME"] = "Shop\nBcc: all@example.com"

    with pytest.raises(ValueError, match="CR or LF"):
        create()


# Delivery


def test_mail_reaches_the_server(server):
    mail.send(create(name='Jürgen, "J"'))

    (message,) = server.messages
    assert server.recipients == [EMAIL]
    assert message["To"].addresses[0].display_name == 'Jürgen, "J"'
    assert bodies(message)[0].startswith('Hello Jürgen, "J",')


@pytest.mark.parametrize(
    ("email", "recipient", "needs_utf8"),
    [
        ("user@bücher.example", "user@xn--bcher-kva.example", False),
        ("user@straße.example", "user@xn--strae-oqa.example", False),
        ("jörg@bücher.example", "jörg@xn--bcher-kva.example", True),
        ("用户@例え.jp", "用户@xn--r8jz45g.jp", True),
        ('"a b"@example.com', '"a b"@example.com', False),
    ],
)
def test_international_email_is_reached(server, email, recipient, needs_utf8):
    mail.send(create(email))

    assert server.recipients == [recipient]
    assert ("SMTPUTF8" in server.options) is needs_utf8


def test_international_email_is_rejected_by_a_server_that_cannot_reach_it(app, app_context):
    with smtp_server(enable_SMTPUTF8=False) as (_inbox, settings):
        app.config.update(settings)

        with pytest.raises(MailRejectedError):
            mail.send(create("jörg@example.com"))


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_permanent_refusal_is_final(server, command):
    server.replies[command] = "550 No such user"

    with pytest.raises(MailRejectedError, match="550 No such user"):
        mail.send(create())


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_temporary_refusal_concerns_one_mail(server, command):
    server.replies[command] = "450 Busy"

    with pytest.raises(MailError, match="450 Busy") as refusal:
        mail.send(create())

    assert type(refusal.value) is MailError


def test_refused_sender_concerns_the_server(server):
    server.replies["MAIL"] = "550 Not yours"

    with pytest.raises(MailServerError, match="Not yours"):
        mail.send(create())


def test_missing_server_is_a_server_error(app, app_context, free_port):
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=free_port, MAIL_SECURITY="none")

    with pytest.raises(MailServerError, match="ConnectionRefusedError"):
        mail.send(create())


@pytest.fixture
def free_port():
    """A port on which nothing listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_hanging_server_is_a_server_error(app, app_context):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_SECURITY="none", MAIL_TIMEOUT=0.1)

        with pytest.raises(MailServerError, match="timed out"):
            mail.send(create())


def test_accepted_mail_is_sent_even_if_the_server_ends_badly(server, monkeypatch):
    monkeypatch.setattr(smtplib.SMTP, "quit", lambda _smtp: (_ for _ in ()).throw(TimeoutError))

    mail.send(create())

    assert len(server.messages) == 1


# Encryption


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_sent_with_a_verified_certificate(app, app_context, trusted, security):
    with encrypted_server(security, "127.0.0.1") as (inbox, settings):
        app.config.update(settings)

        mail.send(create())

        assert len(inbox.messages) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_of_an_unknown_authority_is_refused(app, app_context, security):
    with encrypted_server(security, "127.0.0.1") as (inbox, settings):
        app.config.update(settings)

        with pytest.raises(MailServerError, match="CERTIFICATE_VERIFY_FAILED"):
            mail.send(create())

        assert inbox.messages == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_of_another_name_is_refused(app, app_context, trusted, security):
    with encrypted_server(security, "other.example") as (inbox, settings):
        app.config.update(settings)

        with pytest.raises(MailServerError, match="CERTIFICATE_VERIFY_FAILED"):
            mail.send(create())

        assert inbox.messages == []


def test_server_without_encryption_gets_no_mail(app, server):
    app.config["MAIL_SECURITY"] = "starttls"

    with pytest.raises(MailServerError, match="STARTTLS"):
        mail.send(create())

    assert server.messages == []


@pytest.mark.parametrize(("password", "accepted"), [("secret", True), ("wrong", False)])
def test_server_checks_the_password(app, app_context, trusted, password, accepted):
    authentication = {"authenticator": check_login}
    with encrypted_server("starttls", "127.0.0.1", **authentication) as (inbox, settings):
        app.config.update(settings, MAIL_USERNAME="service", MAIL_PASSWORD=password)
        if accepted:
            mail.send(create())
        else:
            with pytest.raises(MailServerError, match="SMTPAuthenticationError"):
                mail.send(create())

        assert len(inbox.messages) == accepted


@contextmanager
def encrypted_server(security, name, **options):
    """Run a server with a certificate for a name."""
    context = certificate(name)
    encryption = {"ssl_context": context} if security == "tls" else {"tls_context": context}
    with smtp_server(**encryption, **options) as (inbox, settings):
        yield inbox, settings | {"MAIL_SECURITY": security}


# Settings


def refusal() -> str:
    """Create an app that must not start, and return why."""
    with pytest.raises(ConfigurationError) as error:
        create_app("production")
    return str(error.value)


def test_production_requires_a_server_or_its_absence(production, monkeypatch):
    monkeypatch.delenv("MAIL_SERVER")

    assert "- MAIL_SERVER is missing; `none` switches mail off." in refusal()


def test_production_with_a_server_requires_what_mails_need(production, monkeypatch):
    monkeypatch.setenv("MAIL_SERVER", "smtp.example.com")

    assert "- MAIL_SENDER is missing." in refusal()
    assert "- PUBLIC_URL is missing." in refusal()


def test_production_sends_no_password_in_clear_text(production, monkeypatch):
    monkeypatch.setenv("MAIL_USERNAME", "service")
    monkeypatch.setenv("MAIL_SECURITY", "none")

    assert "- MAIL_SECURITY must be starttls or tls where there is a MAIL_USERNAME." in refusal()


def test_timeout_is_shorter_than_a_claim(production, monkeypatch):
    monkeypatch.setenv("FLASK_MAIL_TIMEOUT", "600")

    assert "- FLASK_MAIL_TIMEOUT must be from 1 to 60." in refusal()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_SECURITY", "ssl"),
        ("MAIL_PORT", "0"),
        ("MAIL_SENDER", "example.com"),
        ("MAIL_SENDER", "Example <no-reply@>"),
        ("MAIL_SENDER", "Example, Inc. <no-reply@example.com>"),
        ("MAIL_SENDER", "no-reply@example.com\nBcc: all@example.com"),
        ("PUBLIC_URL", "app.example.com"),
        ("PUBLIC_URL", "javascript://app.example.com"),
        ("PUBLIC_URL", "https://app.example.com/?next="),
    ],
)
def test_unusable_value_is_a_problem(production, monkeypatch, name, value):
    monkeypatch.setenv(name, value)

    assert f"- {name} must be " in refusal()


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("MAIL_SERVER", "None", "none"),
        ("MAIL_SECURITY", "TLS", "tls"),
        ("PUBLIC_URL", "https://example.com/app/", "https://example.com/app"),
        ("MAIL_SENDER", '"Example, Inc." <no-reply@example.com>', '"Example, Inc." <no-reply@example.com>'),
    ],
)
def test_value_is_read(production, monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)

    assert create_app("production").config[name] == read


# Without a server


def test_development_logs_mails(app_context, caplog):
    with caplog.at_level(logging.INFO, "app.mail"):
        mail.send(create())

    assert EMAIL in caplog.text
    assert LINK in caplog.text
    assert "<html" not in caplog.text
