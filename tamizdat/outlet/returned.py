"""Mails that came back: whoever keeps an address at which nobody is hears of it, and forgets it."""

import secrets
from collections import Counter
from collections.abc import Iterable
from email.message import Message

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tamizdat.lib import delivery_reports
from tamizdat.lib.delivery_reports import Failure, Report
from tamizdat.outlet.signals import mailbox_gone
from tamizdat.outlet.vault import blind_index

GONE, KEPT, NOT_OURS = "nobody is there", "may yet arrive", "not ours"
FORGOTTEN, NO_ADDRESS = "forgotten, where they were kept", "lines without an address alone"
_OURS = ("5.1.7", "5.1.8")  # the sender's address


def name_of_mail(address: str, *, domain: str) -> str:
    """A Message-ID for a mail to this address. Nobody else can make one, and it tells nothing."""
    once = secrets.token_hex(8)
    return f"<{once}.{_proof(once, address)}@{domain}>"


def take_in(mails: Iterable[Message]) -> Counter[str]:
    """How many reports led to what. The same report twice does nothing.

    A report is believed when it brings back the name of a mail that we sent to its address: whoever
    makes one up can take nobody off a list.
    """
    return Counter(_take_in(mail) for mail in mails)


def forget(lines: Iterable[str]) -> Counter[str]:
    """Have the addresses on these lines forgotten, such as those that a provider keeps apart.

    How many lines there are of which kind.
    """
    return Counter(_forget(line) for line in map(str.strip, lines) if line)


def _forget(line: str) -> str:
    try:
        validate_email(line)
    except ValidationError:
        return NO_ADDRESS
    mailbox_gone.send(sender=None, address=line)
    return FORGOTTEN


def is_nobody(status: str) -> bool:
    """Of an enhanced status code (RFC 3463): whether the address itself is wrong, for good.

    Others that begin with 5 say that we are refused, that the mail is too large, and so on.
    """
    return (status.startswith("5.1.") and status not in _OURS) or status == "5.2.1"


def status_in(answer: bytes | str) -> str:
    """The enhanced status code with which a server's answer begins, if it has one."""
    words = answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer
    return words.lstrip().partition(" ")[0]


def _take_in(mail: Message) -> str:
    report = delivery_reports.read(mail)
    address = _address_of(report) if report else ""
    if not report or not address:
        return NOT_OURS
    if not any(_is_gone(address, failure) for failure in report.failed):
        return KEPT
    mailbox_gone.send(sender=None, address=address)
    return GONE


def _is_gone(address: str, failure: Failure) -> bool:
    """False where nobody is at another one, to which a reader has their mails forwarded."""
    failed_at = {each.casefold() for each in failure.addresses}
    return is_nobody(failure.status) and address.casefold() in failed_at


def _address_of(report: Report) -> str:
    """The one that the mail was written to; empty if we wrote none such."""
    local_part = report.message_id.strip().removeprefix("<").partition("@")[0]
    once, _, proof = local_part.partition(".")
    given = proof.encode()
    proven = (
        each
        for each in report.addresses
        if secrets.compare_digest(_proof(once, each).encode(), given)
    )
    return next(proven, "")


def _proof(once: str, address: str) -> str:
    return blind_index(f"mail {once} {address.strip().casefold()}")[:32]
