"""A real mail server on this machine, that keeps what it took and refuses what it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import free_port

OK, HANG_UP = "250 OK", ""
NONE_COMES_SECONDS = 120


class MailServer:
    """Answers to RCPT as `greet` says, and to a mail as `take` says; both see what came so far."""

    def __init__(self) -> None:
        self.recipients: list[str] = []  # of the mails that it took, in their order
        self.contents: list[bytes] = []
        self.senders: list[str] = []
        self.keeps_contents = True
        self.greet: Callable[[str], str] = lambda address: OK
        self.take: Callable[[str], str] = lambda address: OK
        self.port = free_port()
        self.has_taken = threading.Condition()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        answer = self.greet(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [address] = envelope.rcpt_tos
        answer = self.take(address)
        if answer == HANG_UP:
            server.transport.abort()
            return OK
        if answer.startswith("250"):
            self._keep(address, envelope)
        return answer

    def _keep(self, address: str, envelope: Any) -> None:
        with self.has_taken:
            self.recipients.append(address)
            if self.keeps_contents:
                self.contents.append(envelope.content)
                self.senders.append(envelope.mail_from)
            self.has_taken.notify_all()

    @staticmethod
    def hang_up_when(is_time: Callable[[], bool]) -> Callable[[str], str]:
        """For `take`: break the line instead of saying whether it has the mail."""
        return lambda _address: HANG_UP if is_time() else OK

    def wait_for(self, count: int) -> None:
        """Until so many came; fails when none comes any more."""
        with self.has_taken:
            while (before := len(self.recipients)) < count:
                came = self.has_taken.wait_for(
                    lambda: len(self.recipients) > before,
                    timeout=NONE_COMES_SECONDS,
                )
                assert came, f"{before} of {count} mails came"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.contents]  # type: ignore[misc]

    @property
    def environ(self) -> dict[str, str]:
        """What a newsroom is told, so that it sends through this one."""
        return {
            "TAMIZDAT_MAIL_HOST": "127.0.0.1",
            "TAMIZDAT_MAIL_PORT": str(self.port),
            "TAMIZDAT_MAIL_TLS": "off",
            "TAMIZDAT_MAIL_SENDER": "The Lantern <readers@lantern.example>",
        }


@contextmanager
def running() -> Iterator[MailServer]:
    server = MailServer()
    # A name of its own, or it looks up this machine's for each connection.
    where = {"hostname": "127.0.0.1", "port": server.port, "server_hostname": "mx.example"}
    controller = Controller(server, **where)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
