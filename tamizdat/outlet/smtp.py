"""Django's way to a mail server, which also knows whether a mail was being handed over."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangosBackend


class Conversation(smtplib.SMTP):
    """`has_begun` is True from the first letter of a mail until the server has answered to it."""

    has_begun = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.has_begun = True
        answer = super().data(msg)
        self.has_begun = False
        return answer


class EmailBackend(DjangosBackend):
    @property
    def connection_class(self) -> type[Any]:
        return Conversation
