"""Time passes for one supporter of the running demo: what is theirs is moved into the past.

Its own worker then finds the next gift due, and asks its own bank. And an operator may halt.
"""

import contextlib
import os
import re
import sqlite3
import subprocess
import sys

from tamizdat.config.demonstration import NOBODYS_IBAN
from tamizdat.config.management.commands.halt import NOT_ALL_REACHED

TAKES_TRANSFERS = {
    "TAMIZDAT_TRANSFER_HOLDER": "The Lantern",
    "TAMIZDAT_TRANSFER_IBAN_EUR": NOBODYS_IBAN,
}
FIND = """
import sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from tamizdat.funding.models import Due, Pledge
from tamizdat.funding.models.supporter import address_index
from tamizdat.lib.months import due_on
now = timezone.now()
today = now.date()
pledge = Pledge.objects.get(supporter__address_index=address_index(sys.argv[1]))
"""
MOVE = """
before = due_on(today, -1)
Due.objects.filter(pledge=pledge).update(period_on=before)
Pledge.objects.filter(pk=pledge.pk).update(anchor_on=before, next_due_on=today)
"""
END_SOON = """
from tests.patience import until
def look():
    pledge.instrument.refresh_from_db()
    return pledge.instrument.looked_at
until(look, what="the worker's own look at the card")
pledge.instrument.note_expiry(today + timedelta(days=14), now=now)
"""
REMINDED = """
import sys, django
django.setup()
from django.utils import timezone
from tamizdat.appeals.models import Reminder
[wished] = [each for each in Reminder.objects.all() if each.address == sys.argv[1]]
Reminder.objects.filter(pk=wished.pk).update(month=timezone.localdate().replace(day=1))
"""


def a_month_passes(lantern, address):
    at_home(lantern, FIND + MOVE, address)


def the_month_of_a_reminder_comes(lantern, address):
    at_home(lantern, REMINDED, address)


def the_card_ends_soon(lantern, address):
    """As our books have it: the bank is asked once a week."""
    at_home(lantern, FIND + END_SOON, address)


@contextlib.contextmanager
def halted(lantern, country):
    """Nothing is taken from there until the end of this."""
    said = _tamizdat(lantern, "halt", "--country", country, "--reason", "a new law")
    [order] = re.findall(r"Halt (\d+) is in force", said)
    try:
        yield
    finally:
        _tamizdat(lantern, "halt", "--lift", order, "--reason", "the law was repealed")


def _tamizdat(lantern, *words):
    """What the command said. What other readers left at a bank of theirs it may not reach."""
    command = [sys.executable, "-m", "tamizdat.config.command", *words]
    done = subprocess.run(
        command, env=_environ(lantern), check=False, stdout=subprocess.PIPE, text=True
    )
    assert done.returncode in (0, NOT_ALL_REACHED)
    return done.stdout


def at_home(lantern, script, *words):
    """Run it with the newsroom's own settings and database; `words` are its `sys.argv[1:]`."""
    subprocess.run([sys.executable, "-c", script, *words], env=_environ(lantern), check=True)


def _environ(lantern):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    host, _, port = lantern.address.rpartition(":")
    return (
        environ
        | lantern.settings
        | TAKES_TRANSFERS
        | {
            "TAMIZDAT_HOME": str(lantern.home),
            "TAMIZDAT_SITE_ADDRESS": lantern.address,
            "TAMIZDAT_DEMO_BANK_ADDRESS": f"{host}:{int(port) + 1}",
            "DJANGO_SETTINGS_MODULE": "tamizdat.config.settings",
        }
    )


def cards_end(lantern, number):
    """At the bank, every card of this number."""
    bank = sqlite3.connect(lantern.home / "demo-bank.sqlite3", timeout=20)
    sql = "SELECT token FROM tokens WHERE number = ?"
    with bank:
        bank.execute(
            f"UPDATE expiries SET last_month = '2020-01' WHERE token IN ({sql})", (number,)
        )
    bank.close()
