"""Time passes for one supporter of the running demo: what is theirs is moved into the past.

Its own worker then finds the next gift due, and asks its own bank.
"""

import os
import sqlite3
import subprocess
import sys

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
    _at_home(lantern, FIND + MOVE, address)


def the_month_of_a_reminder_comes(lantern, address):
    _at_home(lantern, REMINDED, address)


def the_card_ends_soon(lantern, address):
    """As our books have it: the bank is asked once a week."""
    _at_home(lantern, FIND + END_SOON, address)


def _at_home(lantern, script, address):
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("TAMIZDAT_", "DJANGO_"))}
    environ |= {
        "TAMIZDAT_HOME": str(lantern.home),
        "TAMIZDAT_SITE_ADDRESS": lantern.address,
        "DJANGO_SETTINGS_MODULE": "tamizdat.config.settings",
    }
    subprocess.run([sys.executable, "-c", script, address], env=environ, check=True)


def cards_end(lantern, number):
    """At the bank, every card of this number."""
    bank = sqlite3.connect(lantern.home / "demo-bank.sqlite3", timeout=20)
    sql = "SELECT token FROM tokens WHERE number = ?"
    with bank:
        bank.execute(
            f"UPDATE expiries SET last_month = '2020-01' WHERE token IN ({sql})", (number,)
        )
    bank.close()
