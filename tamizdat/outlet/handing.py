"""Many mails over one connection, and what is certain of each afterwards."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection

from tamizdat.outlet.mailing import MailNotSent, NobodyThere
from tamizdat.outlet.returned import is_nobody, status_in
from tamizdat.outlet.signals import mailbox_gone

_Errors = tuple[type[Exception], ...]
try:
    from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
except ImportError:  # an extra: whoever sends in SMTP has no need of it
    _PROVIDERS_REFUSALS: _Errors = ()
    _PROVIDERS_ERRORS: _Errors = ()
else:
    _PROVIDERS_REFUSALS = (AnymailRecipientsRefused, AnymailInvalidAddress)
    _PROVIDERS_ERRORS = (AnymailError,)
# What goes wrong with a line, whoever is at its other end.
_BREAKS: _Errors = (smtplib.SMTPException, OSError, *_PROVIDERS_ERRORS)

MOST_IN_A_ROW = 10  # that are not taken: then it is not about those addresses


class Refused(MailNotSent):
    """The server does not take this mail to this address. The next one may go."""


class Later(MailNotSent):
    """The server does not take this mail to this address now, and may later."""


class NotNow(MailNotSent):
    """The server certainly has not got it, and takes nothing now: try later."""


class InDoubt(MailNotSent):
    """The line broke while the server was taking it: it may have it, or not."""


class Line:
    """To the mail server, for one round of mails.

    That nobody is at an address is believed of a server that takes another mail in the same round,
    and does not say so of too many in a row.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._has_taken = False
        self._said_since: list[str] = []  # at which nobody is, since it took one
        self._believed: list[str] = []

    @property
    def knows_nobody(self) -> bool:
        return len(self._said_since) >= MOST_IN_A_ROW

    def hear_of_nobody(self, address: str) -> None:
        self._said_since.append(address)

    def hear_of_taken(self) -> None:
        self._has_taken = True
        self._believed += self._said_since
        self._said_since.clear()

    def end(self) -> None:
        """Have those forgotten at whose addresses nobody is."""
        if self._has_taken and not self.knows_nobody:
            self._believed += self._said_since
        for address in self._believed:
            mailbox_gone.send(sender=None, address=address)


@contextmanager
def connected() -> Iterator[Line]:
    """A line to the mail server, for `hand_over`. Raises NotNow."""
    connection = get_connection()
    try:
        connection.open()
    except _BREAKS as error:
        raise NotNow(type(error).__name__) from None
    line = Line(connection)
    try:
        yield line
    finally:
        with suppress(*_BREAKS):
            connection.close()
        line.end()


def send(mail: EmailMessage) -> None:
    """Hand over one mail alone. Raises the one of MailNotSent that is so."""
    with connected() as line:
        hand_over(mail, line)


def hand_over(mail: EmailMessage, line: Line) -> None:
    """Give one mail, to one address, to the server. Raises the one of MailNotSent that is so.

    Call it after the commit: it waits for the server.
    """
    if line.knows_nobody:
        raise NotNow("it knows nobody")
    try:
        _hand_over(mail, line.connection)
    except NobodyThere:
        line.hear_of_nobody(mail.to[0])
        raise
    line.hear_of_taken()


def _hand_over(mail: EmailMessage, connection: Any) -> None:
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, b"") from None
    except _PROVIDERS_REFUSALS as error:
        raise Refused(type(error).__name__) from None
    except _BREAKS as error:
        # Its words may quote the address, and errors are logged.
        conversation = getattr(connection, "connection", None)
        # Where we cannot tell, as with providers that are asked in http, it is in doubt.
        is_in_doubt = getattr(conversation, "has_begun", True)
        raise (InDoubt if is_in_doubt else NotNow)(type(error).__name__) from None


_CLOSING = 421


def _refused(code: int, words: bytes | str) -> MailNotSent:
    if code == _CLOSING:
        return NotNow(str(code))
    if code < 500:
        return Later(str(code))
    status = status_in(words)
    return NobodyThere(status) if is_nobody(status) else Refused(str(code))
