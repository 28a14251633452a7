"""The bank as a process: a file for its state, a thread for its webhooks."""

import time

import httpx
from django.conf import settings
from flask import Flask

from tamizdat.demo.bank.bank import Bank
from tamizdat.demo.bank.courier import Courier
from tamizdat.demo.bank.web import make_app


def app() -> Flask:
    """For a server's worker: reads the newsroom's settings, never its database."""
    bank = Bank(str(settings.HOME / "demo-bank.sqlite3"), clock=time.time)
    client = httpx.Client(timeout=15, trust_env=False)
    secret = settings.DEMO_BANK_SECRET
    Courier(bank, client=client, url=notify_address(), secret=secret, clock=time.time).ride()
    return make_app(bank, secret=secret)


def notify_address() -> str:
    """Where the newsroom hears what happened."""
    return f"{settings.GIVE_ADDRESS or settings.SITE_ADDRESS}/hooks/demo-bank/"
