"""Whether a webhook is PayPal's, by the certificate that signed it.

Not by PayPal's `verify-webhook-signature`: whoever posts rubbish to us would have us call it each
time, with our login and within the limit of calls that readers' payments need.
"""

import base64
import binascii
import re
import threading
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from tamizdat.payments.errors import Forged, Unreachable

TOLERANCE_SECONDS = 300  # how old a signature may be
FILE = re.compile(r"/v1/notifications/certs/CERT-[0-9A-Za-z-]{1,80}")
SIGNERS = (
    "messageverificationcerts.paypal.com",
    "messageverificationcerts.sandbox.paypal.com",
)
MOST_KEPT = 8  # certificates; PayPal has one at a time
MOST_BYTES = 64_000
# Anybody may name a certificate that there is not, and have us look for it.
MOST_FETCHES = 5  # a minute, in each process
MISSED_FOR = timedelta(minutes=10)
_A_MINUTE = timedelta(minutes=1)


class Seal:
    """Verifies what one webhook endpoint is sent. `origin` is the only place of certificates."""

    def __init__(
        self, webhook_id: str, *, origin: str, open_file: Callable[[str], bytes | None]
    ) -> None:
        self._webhook_id, self._origin, self._open_file = webhook_id, origin, open_file
        self._known: dict[str, x509.Certificate] = {}
        self._lock = threading.Lock()
        self._fetched_at: deque[datetime] = deque(maxlen=MOST_FETCHES)
        self._missed_at: dict[str, datetime] = {}

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
        """Raises Forged before it looks at the body, Unreachable without the certificate.

        Unreachable too when too many were fetched lately: PayPal tells us again.
        """
        signature = _signature(headers)
        sent, said = _sent_at(headers)
        if abs((now - sent).total_seconds()) > TOLERANCE_SECONDS:
            raise Forged("signed too long ago")
        key = self._key(headers.get("PayPal-Cert-Url", ""), now=now)
        told = headers.get("PayPal-Transmission-Id", "")
        message = f"{told}|{said}|{self._webhook_id}|{zlib.crc32(body)}"
        try:
            key.verify(signature, message.encode(), PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise Forged("not signed by PayPal") from error

    def _key(self, url: str, *, now: datetime) -> RSAPublicKey:
        path = url.removeprefix(self._origin)
        if path == url or not FILE.fullmatch(path):
            raise Forged("its certificate is not PayPal's")
        certificate = self._known.get(url) or self._opened(url, now=now)
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise Forged("its certificate is out of date")
        key = certificate.public_key()
        if _name_of(certificate) not in SIGNERS or not isinstance(key, RSAPublicKey):
            raise Forged("its certificate is of somebody else")
        return key

    def _opened(self, url: str, *, now: datetime) -> x509.Certificate:
        self._count(url, now=now)
        content = self._open_file(url)
        try:
            certificate = x509.load_pem_x509_certificates((content or b"")[:MOST_BYTES])[0]
        except ValueError as error:
            with self._lock:
                self._missed_at[url] = now
            raise Forged("it has no certificate") from error
        with self._lock:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[url] = certificate
        return certificate

    def _count(self, url: str, *, now: datetime) -> None:
        """Note that `url` is asked for now. Raises Forged if it was not there a while ago."""
        with self._lock:
            missed = self._missed_at.items()
            self._missed_at = {one: at for one, at in missed if at > now - MISSED_FOR}
            if url in self._missed_at:
                raise Forged("it has no certificate")
            lately = [at for at in self._fetched_at if at > now - _A_MINUTE]
            if len(lately) >= MOST_FETCHES:
                raise Unreachable("too many certificates were asked for")
            self._fetched_at.append(now)


def _signature(headers: Mapping[str, str]) -> bytes:
    if headers.get("PayPal-Auth-Algo") != "SHA256withRSA":
        raise Forged("no signature")
    try:
        return base64.b64decode(headers.get("PayPal-Transmission-Sig", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Forged("no signature") from error


def _sent_at(headers: Mapping[str, str]) -> tuple[datetime, str]:
    said = headers.get("PayPal-Transmission-Time", "")
    try:
        sent = datetime.fromisoformat(said)
    except ValueError as error:
        raise Forged("no time") from error
    if sent.tzinfo is None:
        raise Forged("no time zone")
    return sent, said


def _name_of(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""
