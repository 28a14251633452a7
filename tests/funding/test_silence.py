"""Whoever gives is written down nowhere but sealed, and in the mail itself."""

import base64
import io
import logging
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tamizdat.appeals import reminding
from tamizdat.appeals.models import Reminder
from tamizdat.funding import letters, schedule
from tamizdat.payments import settling
from tests.demo_bank.nowhere import EMPTY, WORKS
from tests.funding.working import solved

LOCAL_PART = "verena.of.the.harbour"
ADDRESS = f"{LOCAL_PART}@example.org"


@pytest.fixture
def everything_logged(caplog):
    """What an operator would find, were every logger told to say all it knows."""
    out = io.StringIO()
    caplog.set_level(logging.DEBUG)
    handlers = [*logging.getLogger().handlers, *logging.getLogger("django").handlers]
    consoles = {h for h in handlers if type(h) is logging.StreamHandler}
    assert consoles, "the settings put no console there"
    usual = {console: console.setStream(out) for console in consoles}
    names = ["django", "django.request", "django.db.backends", "httpx", "httpcore"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield lambda: out.getvalue() + caplog.text
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
    for console, stream in usual.items():
        console.setStream(stream)


def give(client, nowhere, card):
    page = client.get("/checkout/?amount=5&currency=USD&interval=month").content.decode()
    words = dict(re.findall(r'name="(\w+)" value="([^"]*)"(?: checked)?', page))
    words |= {"proof": solved(page), "amount": "5", "own": "", "method": "card"}
    words |= {"mail": "normal", "address": ADDRESS}
    back = nowhere.pay(client.post("/checkout/", words).url, card)
    client.get(re.sub(r"^https?://[^/]+", "", back))
    nowhere.courier.deliver()


def visit(client):
    """The link of the newest mail: looked at, misused, and used. Returns its token."""
    link = re.search(r"/manage/\S+/", mail.outbox[-1].body)[0]
    for fields in ({"action": "dance"}, {"action": "amount", "amount": "7"}):
        client.post(link, fields)
    client.get(link)
    client.get(link[:-3] + "/")
    return link.split("/")[2]


def be_reminded(client):
    page = client.get("/remind/").content.decode()
    month = re.search(r'value="(\d{4}-\d\d)"', page)[1]
    client.post("/remind/", {"address": ADDRESS, "month": month})
    Reminder.objects.update(month=timezone.now().date().replace(day=1))
    reminding.send_due(now=timezone.now())


def a_year_in_the_life_of_a_supporter(client, nowhere):
    give(client, nowhere, EMPTY)
    give(client, nowhere, WORKS)
    letters.send_waiting(now=timezone.now())
    token = visit(client)
    be_reminded(client)
    nowhere.bank.dial.turn(decline=1, break_after=1)
    later = timezone.now() + timedelta(days=32)
    schedule.charge_due(now=later)
    settling.resolve_open(now=later + timedelta(hours=1))
    return token


def rows():
    """Every cell of every table, as it reads and as bytes."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (bytes(c) if isinstance(c, memoryview) else c for c in row)


def files(settings):
    return [p for p in settings.HOME.rglob("*") if p.is_file() and "sqlite3" not in p.name]


def as_it_could_be_written(secret):
    plain = secret.encode()
    return {plain, plain.upper(), base64.b64encode(plain)[:-4], plain.hex().encode()}


@pytest.mark.usefixtures("newsroom")
def test_neither_the_address_nor_the_link_is_anywhere_but_in_the_mail(
    client, nowhere, settings, everything_logged
):
    token = a_year_in_the_life_of_a_supporter(client, nowhere)

    dump = io.StringIO()
    call_command("dumpdata", stdout=dump)
    cells = b"\n".join(c if isinstance(c, bytes) else str(c).encode() for c in rows())
    told = str(nowhere.bank.payments()).encode()
    places = {
        "log": everything_logged().encode(),
        "database": cells,
        "dump": dump.getvalue().encode(),
        "bank": told,
        **{str(path): path.read_bytes() for path in files(settings)},
    }
    found = [
        (place, form)
        for place, content in places.items()
        for secret in (LOCAL_PART, token)
        for form in as_it_could_be_written(secret)
        if form in content
    ]
    assert found == []


@pytest.mark.usefixtures("newsroom")
def test_the_search_would_find_it(client, nowhere, everything_logged):
    """Nothing is proved by looking where nothing happened."""
    token = a_year_in_the_life_of_a_supporter(client, nowhere)
    mails = "\n".join(message.body for message in mail.outbox)

    assert token in mails
    assert {ADDRESS} == {to for message in mail.outbox for to in message.to}
    assert len(mail.outbox) >= 3
    assert "funding:manage" in everything_logged()
    assert any(cell == "past_due" or cell == "active" for cell in rows())
