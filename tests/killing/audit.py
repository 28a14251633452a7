"""Once everything was killed: a last worker, days later, and then the books beside the bank's list.

python -m tests.killing.audit, in the newsroom that TAMIZDAT_HOME names; prints JSON.
"""

import json
import logging
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

DAYS = (0.1, 1, 2, 4, 8)  # one after the last try that a killed worker may have taken with it


def main() -> None:
    django.setup()
    logging.disable(logging.WARNING)
    work()
    json.dump(found(), sys.stdout)


def work() -> None:
    from django.utils import timezone

    from tamizdat.funding import schedule
    from tamizdat.payments import refunding, settling

    for days in DAYS:
        now = timezone.now() + timedelta(days=days)
        settling.resolve_open(now=now)
        refunding.resolve_open(now=now)
        schedule.charge_due(now=now)


def found() -> dict[str, Any]:
    from django.conf import settings

    from tamizdat.demo.bank.bank import Bank
    from tamizdat.funding.models import Due, Pledge
    from tamizdat.ledger import books
    from tamizdat.payments.models import Attempt, Charge

    bank = Bank(str(settings.HOME / "demo-bank.sqlite3"), clock=lambda: 0.0)
    payments = [payment for payment in bank.payments() if payment["state"] == "succeeded"]
    paid = Attempt.objects.filter(state=Attempt.State.SUCCEEDED).select_related("charge")
    ours = {(attempt.remote_id, attempt.charge.amount_minor) for attempt in paid}
    charges = Counter(payment["key"].rpartition("-")[0] for payment in payments)
    periods = Counter(
        Due.objects.filter(charge__state="succeeded").values_list("pledge_id", "period_on")
    )
    return {
        "payments": len(payments),
        "gifts": paid.exclude(return_url="").count(),
        "dues": Due.objects.filter(charge__state="succeeded").count(),
        "paid_twice": sum(count > 1 for count in (*charges.values(), *periods.values())),
        "only_theirs": len({(p["id"], p["amount"]) for p in payments} - ours),
        "only_ours": len(ours - {(p["id"], p["amount"]) for p in payments}),
        "open": Attempt.objects.open().count(),
        "not_paid": Counter(
            charge.latest_attempt.reason if charge.latest_attempt else "no attempt"
            for charge in Charge.objects.exclude(state="succeeded")
        ),
        "pledges_due": Pledge.objects.due(
            on=Pledge.objects.latest("created_at").created_at.date()
        ).count(),
        "balanced": books.do_balance(),
        "cash": books.balance("cash-demo-bank", "USD").minor,
        "owed": bank.owed("USD"),
    }


if __name__ == "__main__":
    main()
