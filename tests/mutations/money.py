"""Ways to break what guards the money. Each text stands once in its file."""

from tests.mutations.breaking import Mutant, Suite

ATTEMPT, CHARGING = "payments/models/attempt.py", "payments/charging.py"
SETTLING, REFUNDING = "payments/settling.py", "payments/refunding.py"
RETURNING = "payments/returning.py"
PLEDGE, SCHEDULE = "funding/models/pledge.py", "funding/schedule.py"
RECEIVERS, TOGETHER = "funding/receivers.py", "payments/together.py"

MUTANTS = [
    Mutant(
        "payments/migrations/0001_initial.py",
        'fields=("charge",),\n                name="charge_has_one_live',
        'fields=("charge", "id"),\n                name="charge_has_one_live',
        "The unique key is dropped: a charge may have two live attempts.",
    ),
    Mutant(
        "funding/migrations/0001_initial.py",
        'fields=("pledge", "period_on"), name="due_once_a_period"',
        'fields=("pledge", "period_on", "id"), name="due_once_a_period"',
        "A period of a pledge may have two dues.",
    ),
    Mutant(
        ATTEMPT,
        "        State.DECLINED: OPEN,\n        State.ABANDONED: OPEN,\n",
        "        State.DECLINED: (*OPEN, State.SUCCEEDED),\n"
        "        State.ABANDONED: (*OPEN, State.SUCCEEDED),\n",
        "The rank of states is ignored: what succeeded may fail later.",
    ),
    Mutant(
        ATTEMPT,
        "if not rows.filter(remote_id=self.remote_id).update(state=state, **fields):",
        "if not rows.update(state=state, **fields):",
        "An attempt is closed for another payment than the one looked at.",
    ),
    Mutant(
        SETTLING,
        "        lambda: provider.charge_saved(attempt.order, token=instrument.token),\n",
        "        lambda: provider.charge_saved(\n"
        '            type(attempt.order)(f"{attempt.idempotency_key}-{now:%M}",'
        " attempt.charge.money),\n"
        "            token=instrument.token,\n        ),\n",
        "What got no answer is sent again under a new key.",
    ),
    Mutant(
        SETTLING,
        "        let_veto(attempt, issuer_country=issuer_country, asked=asked, now=now)\n",
        "        pass\n",
        "Nobody is asked for a veto before the money is asked for.",
    ),
    Mutant(
        SETTLING,
        "    if attempt.instrument and not attempt.instrument.is_active:\n",
        "    if False:\n",
        "A revoked instrument is charged.",
    ),
    Mutant(
        SETTLING,
        "    if not issuer_country:\n",
        "    if False:\n",
        "Money is taken without knowing the country.",
    ),
    Mutant(
        RECEIVERS,
        "    halting.refuse(provider=attempt.provider, country=issuer_country)\n",
        "    pass\n",
        "The halt is not looked for again before the bank is asked.",
    ),
    Mutant(
        RECEIVERS,
        "    if pledge and pledge.is_ended:\n",
        "    if False:\n",
        "A pledge that its reader stopped is not looked at again before the bank is asked.",
    ),
    Mutant(
        "funding/policy.py",
        "filter(country=country, starts_on__lte=on)",
        "filter(country=country, starts_on__gt=on)",
        "A safety rule that has begun does not count.",
    ),
    Mutant(
        SETTLING,
        "    except Declined as no:  # but an earlier question may still be on its way\n"
        "        return abandon(attempt, reason=no.reason, is_hard=no.is_hard, now=now)\n",
        "    except Declined as no:\n"
        "        return abandon(attempt, reason=no.reason, is_hard=no.is_hard, now=now)\n"
        "    except PaymentError:\n"
        '        return close_unpaid(attempt, reason="silent", is_hard=False, now=now)\n',
        "A time-out is taken for a no.",
    ),
    Mutant(
        SETTLING,
        "    remote = provider.cancel(key=attempt.idempotency_key, remote_id=attempt.remote_id)\n",
        "    remote = None\n",
        "An attempt is abandoned and its provider never told.",
    ),
    Mutant(
        SETTLING,
        "    if (remote.key, remote.money) != (attempt.idempotency_key, attempt.charge.money):\n",
        "    if False:\n",
        "What a provider says is booked, whatever money it is about.",
    ),
    Mutant(
        SETTLING,
        "        if (attempt.sent_at or attempt.created_at) > now - KEY_LIFETIME:\n",
        "        if True:\n",
        "A question is repeated after its provider has forgotten the key.",
    ),
    Mutant(
        SETTLING,
        "        key=booking.key_of(attempt.provider, remote.id),\n",
        '        key=booking.key_of(attempt.provider, f"{remote.id}:{id(remote)}"),\n',
        "The books are written without the payment's key.",
    ),
    Mutant(
        "ledger/books.py",
        "    if Entry.objects.filter(seal_id=key).exists():\n        return None\n",
        '    key = f"{key} {Entry.objects.count()}"\n',
        "The books write one key twice.",
    ),
    Mutant(
        "ledger/triggers.py",
        "GROUP BY l.currency HAVING SUM(l.amount_minor) <> 0)",
        "GROUP BY l.currency HAVING COUNT(*) = 0)",
        "The database seals what does not balance.",
    ),
    Mutant(
        REFUNDING,
        'rows.update(refunded_minor=F("refunded_minor") + money.minor)',
        "rows.update(refunded_minor=money.minor)",
        "A refund reserves its own sum and forgets those before it.",
    ),
    Mutant(
        REFUNDING,
        "        remote = provider.find_refund(key=refund.idempotency_key,"
        " remote_id=paid.remote_id)\n",
        "        remote = None\n",
        "A refund that nobody answered is asked for again and not looked for.",
    ),
    Mutant(
        REFUNDING,
        "return _ask(refund, now=now) if refund.claim(now=now) else refund\n",
        "return _ask(refund, now=now)\n",
        "Of two workers that find no refund each asks for it.",
    ),
    Mutant(
        RETURNING,
        "rows = Refund.objects.filter(pk=refund.pk, state=Refund.State.SUCCEEDED)",
        "rows = Refund.objects.filter(pk=refund.pk)",
        "What came back is taken off what was given back each time that somebody sees it.",
    ),
    Mutant(
        RETURNING,
        "        Charge.objects.filter(pk=refund.charge_id).update(refunded_minor=less)\n",
        "        assert less\n",
        "What came back still counts as given back.",
    ),
    Mutant(
        RETURNING,
        "if refund is None and KeptLine.objects.filter(provider=attempt.provider,"
        " key=key).exists():",
        "if refund is None:",
        "A refund that never moved any money is booked out and in.",
    ),
    Mutant(
        PLEDGE,
        "        anchor = self._anchor()\n        n = max(-1, ",
        "        anchor = day\n        n = max(-1, ",
        "The anchor is forgotten: the next day is counted from the last.",
    ),
    Mutant(
        SCHEDULE,
        "    pledge.hold()\n",
        "    pass\n",
        "The pledge is charged as its list had it: amount, state and day.",
    ),
    Mutant(
        SCHEDULE,
        "        return due if due.take_try(today=today) else None\n",
        "        due.take_try(today=today)\n        return due\n",
        "A worker goes on though another one took the try.",
    ),
    Mutant(
        SCHEDULE,
        "    return all(charging.try_to_cancel(due.charge, silent, now=now) for due in unpaid)\n",
        "    return [charging.try_to_cancel(due.charge, silent, now=now) for due in unpaid] != 0\n",
        "A period is asked for while the one before may still be paid.",
    ),
    Mutant(
        "funding/forms.py",
        "        if money.minor > self.ladder.most_minor:\n",
        "        if False:\n",
        "The amount is taken as the request has it, whatever the ladder says.",
    ),
    Mutant(
        "payments/noticing.py",
        "        settling.resolve(attempt, now=now)\n",
        "        settling.close_unpaid(\n"
        '            attempt, reason="told", is_hard=False, now=now\n'
        '        ) if "declined" in event.kind else settling.resolve(attempt, now=now)\n',
        "A webhook is believed, and nobody goes to look.",
    ),
    Mutant(
        "payments/noticing.py",
        "ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)",
        "_look(event, now=now)",
        "A webhook is answered without being kept.",
    ),
    Mutant(
        TOGETHER,
        "                settling.let_veto(attempt, issuer_country=_country(attempt), now=now)\n",
        "                pass\n",
        "Nobody is asked for a veto before the money of many is asked for.",
    ),
    Mutant(
        TOGETHER,
        "    found = [attempt for attempt in attempts if attempt.pk in sent]\n",
        "    found = list(attempts)\n",
        "Of many, those that were closed meanwhile are asked for all the same.",
    ),
    Mutant(
        TOGETHER,
        "    if closed != len(taken):\n",
        "    if False:\n",
        "Of many that succeeded, one that somebody else has closed is booked again.",
    ),
    Mutant(
        "funding/following.py",
        "    return pledge.state == Pledge.State.ACTIVE and is_same"
        " and not halting.forbids(instrument)\n",
        "    return True\n",
        "Of many that succeeded, one whose pledge has ended goes on.",
    ),
    Mutant(
        "funding/mornings.py",
        "    active = Q(state=Pledge.State.ACTIVE, instrument__state=Instrument.State.ACTIVE)\n",
        "    active = Q(instrument__state=Instrument.State.ACTIVE)\n",
        "Of many that are due, the paused and the refused are charged as if they were plain.",
    ),
    Mutant(
        "payments/arriving.py",
        "    return None if _rivals(line, possible[0]).exists() else possible[0]\n",
        "    return possible[0]\n",
        "Of two lines that could be a payout, the first is taken for it.",
    ),
    Mutant(
        "payments/arriving.py",
        "    if [payout.provider for payout in possible] != [line.provider]:\n",
        "    if not possible:\n",
        "A line is a payout of a provider that it does not name.",
    ),
]

SUITE = Suite(
    law=(
        "tests/funding/test_law.py",
        "tests/payments/test_law.py",
        "tests/funding/test_law_at_large.py",
    ),
    others="tests/ledger/test_*.py tests/payments/test_*.py tests/funding/test_*.py",
    # PostgreSQL, where two can be between the same lines at one moment.
    environ={"TAMIZDAT_TEST_DATABASE": "postgres", "LAW_STEPS": "600", "LAW_TIMES": "3"},
    mutants=MUTANTS,
)
