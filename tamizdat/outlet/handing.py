"""Many mails over one connection, and what is certain of each afterwards."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.mail import EmailMessage, get_connection

from tamizdat.outlet.mailing import MailNotSent, NobodyThere
from tamizdat.outlet.returned import is_nobody, status_in


class Refused(MailNotSent):
    """The server does not take this mail to this address. The next one may go."""


class Later(MailNotSent):
    """The server does not take this mail to this address now, and may later."""


class NotNow(MailNotSent):
    """The server certainly has not got it, and takes nothing now: try later."""


class InDoubt(MailNotSent):
    """The line broke while the server was taking it: it may have it, or not."""


@contextmanager
def connected() -> Iterator[Any]:
    """A connection to the mail server, for `hand_over`. Raises NotNow."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise NotNow(type(error).__name__) from None
    try:
        yield connection
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def hand_over(mail: EmailMessage, connection: Any) -> None:
    """Give one mail, to one address, to the server. Raises the one of MailNotSent that is so."""
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values()))) from None
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, b"") from None
    except (smtplib.SMTPException, OSError) as error:
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
