"""Delivery of mails when the response has left, in a thread of the worker that answered."""

from threading import Event, Lock, Thread

from flask import Flask, Response, current_app

from app.services import outbox

EXTENSION = "mail_delivery"
MAX_SECONDS = 30  # what is left then is sent after another response, or by `flask mail deliver`


class Delivery:
    """Delivers mails in at most one thread, which ends when there is nothing to do."""

    def __init__(self, app: Flask) -> None:
        """Deliver the mails of an app."""
        self.app = app
        self.lock = Lock()
        self.is_wanted = Event()

    def start(self) -> None:
        """Deliver soon, without waiting for it; a service with a task queue starts a task here instead.

        The thread of the request is not used: until it is done with a connection, it does not read the next
        request, whose delay would reveal whether an account got a mail.
        """
        self.is_wanted.set()
        if self.lock.acquire(blocking=False):
            Thread(target=self._run, name=EXTENSION).start()

    def _run(self) -> None:
        try:
            self.is_wanted.clear()
            with self.app.app_context():
                outbox.deliver(seconds=MAX_SECONDS)
        except Exception:
            self.app.logger.exception("Mails were not delivered")
        finally:
            self.lock.release()
        if self.is_wanted.is_set():
            self.start()


def init_app(app: Flask) -> None:
    """Deliver mails after the responses to the requests that added them."""
    app.extensions[EXTENSION] = Delivery(app)
    app.after_request(deliver_after_response)


def deliver_after_response(response: Response) -> Response:
    """Start the delivery when the response has left, if the request added mails."""
    if outbox.has_new_mail():
        response.call_on_close(current_app.extensions[EXTENSION].start)
    return response
