"""What mail servers write when a mail could not be delivered (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from email.utils import getaddresses
from typing import NamedTuple

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_HEADERS = ("text/rfc822-headers", "message/rfc822-headers")
_RECIPIENTS = ("Original-Recipient", "Final-Recipient")
_UNCLEAR = ("", "5.0.0")


class Failure(NamedTuple):
    status: str  # an enhanced status code (RFC 3463), or nothing
    addresses: tuple[str, ...]  # where it failed: forwarding changes them


@dataclass(frozen=True, slots=True)
class Report:
    """Of one mail: how it failed, and what it was."""

    failed: tuple[Failure, ...]  # empty: it is late, or has arrived
    addresses: tuple[str, ...]  # to which it may have been written
    message_id: str  # empty where the report does not quote the mail


def read(mail: Message) -> Report | None:
    """None if it is no report of a delivery."""
    parts = list(mail.walk())
    told = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not told:
        return None
    blocks = [block for part in told for block in _blocks(part)]
    quoted = next(filter(None, map(_quoted, parts[1:])), None)
    addresses = [address for block in blocks for address in _recipients(block)]
    if quoted:
        addresses += [address for _name, address in getaddresses([_field(quoted, "To")])]
    return Report(
        failed=tuple(map(_failure, filter(_has_failed, blocks))),
        addresses=tuple(dict.fromkeys(filter(None, addresses))),
        message_id=_field(quoted, "Message-ID") if quoted else "",
    )


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else []:
        if isinstance(block, Message):
            yield block


def _has_failed(block: Message) -> bool:
    return _field(block, "Action").lower() == "failed"


def _failure(block: Message) -> Failure:
    return Failure(_status(block), tuple(filter(None, _recipients(block))))


def _status(block: Message) -> str:
    """The field's; where it says nothing, the one in what the other server said."""
    status = _first_status(_field(block, "Status"))
    said = _first_status(_field(block, "Diagnostic-Code"))
    return said or status if status in _UNCLEAR else status


def _first_status(text: str) -> str:
    found = _STATUS.search(text)
    return found[0] if found else ""


def _recipients(block: Message) -> Iterator[str]:
    """`rfc822; ana@example.org` → `ana@example.org`."""
    for name in _RECIPIENTS:
        yield _field(block, name).rpartition(";")[2].strip(" <>")


def _quoted(part: Message) -> Message | None:
    """The headers of the mail that came back."""
    if part.get_content_type() in _HEADERS:
        payload = part.get_payload(decode=True)
        text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
        return message_from_string(text)
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            return payload[0]
    return None


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
