from typing import NamedTuple

from django.dispatch import Signal

from tamizdat.payments.models import Attempt, Charge, Instrument


class Success(NamedTuple):
    charge: Charge
    attempt: Attempt
    instrument: Instrument | None


# The last chance to refuse, called before any authorisation, outside a transaction. A receiver
# raises errors.Vetoed(reason) and no money moves. The country is that of the instrument's issuer.
# Arguments: charge, attempt, issuer_country (ISO 3166-1, upper case), card (what tells it from
# others, or empty), risk (`elevated`, `highest` or empty), now (datetime).
before_charge = Signal()

# Before `before_charge` is sent for each of many, inside `reading_once`: a receiver may read for
# all of them what it will look at. Arguments: charges.
before_charges = Signal()

# Sent inside the transaction that wrote the ledger: a receiver that raises undoes the booking,
# and whoever told us is asked to tell us again.
# Arguments: charge, attempt, instrument (None unless one was kept or used), remote (the payment as
# its provider sees it), at (datetime); and is_among_many, when `charges_succeeded` comes after it,
# in the same transaction.
charge_succeeded = Signal()

# For who would rather hear of many at once. Arguments: successes (a list of Success), at.
charges_succeeded = Signal()

# Sent inside the transaction that closed the attempt: declined, vetoed, or left by the reader.
# attempt.reason is a code. Arguments: charge, attempt, is_hard (bool), at (datetime).
charge_failed = Signal()

# Sent inside the transaction that wrote the ledger: a giver's bank took the money back, because
# its giver says that they did not want this. Arguments: charge, at (datetime).
dispute_opened = Signal()

# The last chance to refuse an instrument that a reader names without paying. A receiver raises
# errors.Vetoed(reason), and the provider is told to forget it.
# Arguments: setup, issuer_country (ISO 3166-1, upper case), now (datetime).
before_keeping = Signal()

# Sent inside the transaction that wrote the instrument down. Arguments: setup, instrument, at.
instrument_kept = Signal()

# Sent inside the transaction that booked it: money went back to whoever gave it.
# Arguments: charge, at (datetime).
charge_refunded = Signal()

# Sent inside the transaction that booked it: what had gone back came back to us, for it did not
# reach whoever gave it. Arguments: charge, at (datetime).
refund_failed = Signal()
