"""PayPal inside the test's process, with the verbs of the demo bank's `Nowhere`."""

import base64
import time
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tamizdat.payments.providers.paypal import PayPal
from tamizdat.payments.providers.paypal_line import SANDBOX, App
from tests.demo_bank.nowhere import WORKS
from tests.payments.paypal_openapi import descriptions
from tests.payments.paypal_server import PayPalServer
from tests.payments.paypal_web import Counter, make_app
from tests.payments.telling import TellsUs

CLIENT_ID, SECRET, WEBHOOK_ID = "AeA1QIZXiflr1", "the secret of an app", "1JE4291016473214C"
SIGNER = "messageverificationcerts.sandbox.paypal.com"
CERTIFICATE = "/v1/notifications/certs/CERT-360caa42-fca2a594"


@cache
def signing_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(*, name=SIGNER, since=datetime(2026, 1, 1, tzinfo=UTC), days=3650):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, signing_key().public_key())
    builder = builder.serial_number(1).not_valid_before(since)
    signed = builder.not_valid_after(since + timedelta(days=days)).sign(signing_key(), SHA256())
    return signed.public_bytes(Encoding.PEM)


def an_app(address=SANDBOX):
    return App(CLIENT_ID, SECRET, WEBHOOK_ID, address=address)


class PayPalNowhere(TellsUs):
    """PayPal, the newsroom's way to it, and the way back."""

    hook = "/hooks/paypal/"
    after_a_no = "action_required"  # its page offers another try
    dispute_fee = 0  # there it is a line of the account

    def __init__(self):
        self.bank = PayPalServer()
        self.counter = Counter(self.bank)
        self.counter.check = descriptions()
        self.app = make_app(
            self.counter, client_id=CLIENT_ID, secret=SECRET, certificate=certificate()
        )
        self.provider = PayPal(an_app(), transport=httpx.WSGITransport(app=self.app))
        self.certificates = "https://api.sandbox.paypal.com"
        self.answers = []  # what the newsroom said to each webhook
        self.courier = self

    def serve_from(self, address):
        """Over a socket: pages and certificates are there too."""
        self.bank.pages = self.certificates = address
        self.provider = PayPal(an_app(address))

    def set_clock(self, now):
        """For what PayPal writes down; webhooks are signed by the wall's."""
        self.bank.clock = now.timestamp

    def reader(self):
        """A browser at PayPal."""
        return self.app.test_client()

    def pay(self, url, number=WORKS):
        """The payer approves; returns where PayPal sends them, without what it adds to it."""
        if not url.startswith(self.bank.pages):
            return None  # the page is over: they were sent back at once
        asked = url.removeprefix(self.bank.pages)
        onward = self.reader().post(asked, data={"number": number}).location
        return onward and onward.partition("?")[0]

    def agree(self, remote, number=WORKS):
        self.bank.approve(remote.id.partition("/")[2], number)

    def hide_countries(self):
        self.bank.tells_country = False

    def still_possible(self):
        return self.bank.still_possible()

    def money_taken(self):
        return [p for p in self.bank.payments() if p["state"] == "succeeded"]

    def signed(self, body, *, at=None, url=None, webhook_id=WEBHOOK_ID):
        sent = datetime.fromtimestamp(time.time() if at is None else at, UTC)
        said, told = sent.strftime("%Y-%m-%dT%H:%M:%SZ"), "69cd13f0-d67a-11e5-baa3-778b53f4ae55"
        message = f"{told}|{said}|{webhook_id}|{zlib.crc32(body)}".encode()
        signature = signing_key().sign(message, PKCS1v15(), SHA256())
        return {
            "PayPal-Transmission-Id": told,
            "PayPal-Transmission-Time": said,
            "PayPal-Transmission-Sig": base64.b64encode(signature).decode(),
            "PayPal-Cert-Url": self.certificates + CERTIFICATE if url is None else url,
            "PayPal-Auth-Algo": "SHA256withRSA",
        }
