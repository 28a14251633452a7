"""A webhook is PayPal's when the certificate that PayPal serves says so, and no other."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.utils import timezone

from tamizdat.payments.errors import Forged, Unreachable
from tamizdat.payments.providers.paypal import PayPal
from tamizdat.payments.providers.paypal_seal import MISSED_FOR, MOST_FETCHES
from tests.conftest import NOON
from tests.payments.banks import only
from tests.payments.paypal_nowhere import CERTIFICATE, PayPalNowhere, an_app, certificate
from tests.payments.paypal_web import make_app

AT = NOON.timestamp()
BODY = b'{"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "5O1"}}'


@pytest.fixture
def nowhere():
    return PayPalNowhere()


@pytest.fixture
def fetched(nowhere):
    """The certificates that PayPal was asked for."""
    urls, usual = [], nowhere.provider.line.open_file
    nowhere.provider._seal._open_file = lambda url: (urls.append(url), usual(url))[1]
    return urls


def read(nowhere, headers, body=BODY, *, now=NOON):
    return nowhere.provider.read_notice(body=body, headers=headers, now=now)


def serving(nowhere, pem):
    """Whose certificates are these."""
    app = make_app(nowhere.counter, client_id="", secret="", certificate=pem)
    nowhere.provider = PayPal(an_app(), transport=httpx.WSGITransport(app=app))
    return nowhere


def test_what_paypal_signed_is_read(nowhere):
    notice = read(nowhere, nowhere.signed(BODY, at=AT))

    assert (notice.event_id, notice.object_id) == ("WH-1", "page/5O1")


@pytest.mark.parametrize(
    "url",
    [
        "https://api.paypal.com" + CERTIFICATE,  # that is not where this sandbox's are
        "https://api.sandbox.paypal.com.evil.example" + CERTIFICATE,
        "https://api.sandbox.paypal.com@evil.example" + CERTIFICATE,
        "http://api.sandbox.paypal.com" + CERTIFICATE,
        "https://api.sandbox.paypal.com/v1/notifications/certs/../../evil/CERT-1",
        "https://api.sandbox.paypal.com" + CERTIFICATE + "?to=evil.example",
        "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-unknown",
        CERTIFICATE,
        "",
    ],
)
def test_only_paypal_serves_its_certificates(nowhere, url):
    with pytest.raises(Forged):
        read(nowhere, nowhere.signed(BODY, at=AT, url=url))


@pytest.mark.parametrize(
    "pem",
    [
        certificate(name="evil.example"),
        certificate(since=datetime(2020, 1, 1, tzinfo=UTC), days=30),
        certificate(since=datetime(2027, 1, 1, tzinfo=UTC)),
        b"no certificate",
        b"",
    ],
)
def test_a_certificate_of_somebody_else_or_of_another_time_is_refused(nowhere, pem):
    with pytest.raises(Forged):
        read(serving(nowhere, pem), nowhere.signed(BODY, at=AT))


@pytest.mark.parametrize(
    "name", ["Transmission-Id", "Transmission-Time", "Transmission-Sig", "Cert-Url", "Auth-Algo"]
)
def test_nothing_may_be_missing_or_changed(nowhere, name):
    good = nowhere.signed(BODY, at=AT)
    for wrong in ("", "x", "2026-11-22T12:00:01Z", "2026-11-22T12:00:00"):
        with pytest.raises(Forged):
            read(nowhere, good | {f"PayPal-{name}": wrong})


def test_what_was_signed_for_another_endpoint_is_forged(nowhere):
    with pytest.raises(Forged):
        read(nowhere, nowhere.signed(BODY, at=AT, webhook_id="ANOTHER"))


def test_a_certificate_is_fetched_once_and_without_our_token(nowhere, fetched):
    for _ in range(3):
        read(nowhere, nowhere.signed(BODY, at=AT))

    assert fetched == [nowhere.certificates + CERTIFICATE]
    assert not nowhere.app.extensions["tokens"]


def rubbish(nowhere, n, *, now=NOON):
    url = f"{nowhere.certificates}/v1/notifications/certs/CERT-rubbish-{n}"
    with pytest.raises((Forged, Unreachable)) as error:
        read(nowhere, nowhere.signed(BODY, at=now.timestamp(), url=url), now=now)
    return error.type


def test_a_certificate_that_is_not_there_is_asked_for_once_in_a_while(nowhere, fetched):
    later = NOON + MISSED_FOR

    assert [rubbish(nowhere, 1) for _ in range(3)] == [Forged] * 3
    assert len(fetched) == 1
    rubbish(nowhere, 1, now=later)
    assert len(fetched) == 2


def test_whoever_posts_rubbish_has_us_call_paypal_a_few_times_a_minute(nowhere, fetched):
    for n in range(99):
        rubbish(nowhere, n)
    assert len(fetched) == MOST_FETCHES

    with pytest.raises(Unreachable):  # so that PayPal, if it was PayPal, tells us again
        read(nowhere, nowhere.signed(BODY, at=AT))
    later = NOON + timedelta(minutes=1)
    assert read(nowhere, nowhere.signed(BODY, at=later.timestamp()), now=later)


def test_a_flood_of_rubbish_silences_no_certificate_that_we_know(nowhere, fetched):
    read(nowhere, nowhere.signed(BODY, at=AT))
    for n in range(99):
        rubbish(nowhere, n)

    assert read(nowhere, nowhere.signed(BODY, at=AT))
    assert len(fetched) == MOST_FETCHES


def test_without_its_certificate_paypal_shall_tell_us_again(nowhere):
    down = httpx.MockTransport(lambda request: httpx.Response(503))
    nowhere.provider = PayPal(an_app(), transport=down)

    with pytest.raises(Unreachable):
        read(nowhere, nowhere.signed(BODY, at=AT))


def test_our_hook_says_so(client, nowhere):
    down = httpx.MockTransport(lambda request: httpx.Response(503))
    nowhere.provider = PayPal(an_app(), transport=down)
    signed = nowhere.signed(BODY, at=timezone.now().timestamp())

    with only(nowhere):
        answer = client.post(nowhere.hook, BODY, content_type="application/json", headers=signed)

    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("kind", "resource", "about"),
    [
        ("CHECKOUT.ORDER.APPROVED", {"id": "5O1"}, "page/5O1"),
        ("PAYMENT.CAPTURE.COMPLETED", {"id": "3C6"}, "capture/3C6"),
        (
            "PAYMENT.CAPTURE.REFUNDED",
            {"id": "1JU", "links": [{"rel": "up", "href": "https://x/v2/payments/captures/3C6"}]},
            "capture/3C6",
        ),
        (
            "CUSTOMER.DISPUTE.CREATED",
            {"dispute_id": "PP-1", "disputed_transactions": [{"seller_transaction_id": "3C6"}]},
            "capture/3C6",
        ),
        ("VAULT.PAYMENT-TOKEN.DELETED", {"id": "8kk"}, "other/8kk"),
        ("CUSTOMER.DISPUTE.CREATED", {"dispute_id": "PP-1"}, "other/"),
        ("SOMETHING.NEW", {}, "other/"),
    ],
)
def test_a_notice_about_a_part_is_about_its_payment(nowhere, kind, resource, about):
    body = json.dumps({"id": "WH-1", "event_type": kind, "resource": resource}).encode()

    assert read(nowhere, nowhere.signed(body, at=AT), body).object_id == about
