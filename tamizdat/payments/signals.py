from django.dispatch import Signal

# The last chance to refuse, called before any authorisation, outside a transaction. A receiver
# raises errors.Vetoed(reason) and no money moves. The country is that of the instrument's issuer.
# Arguments: charge, attempt, issuer_country (ISO 3166-1, upper case), now (datetime).
before_charge = Signal()

# Sent inside the transaction that wrote the ledger: a receiver that raises undoes the booking,
# and whoever told us is asked to tell us again.
# Arguments: charge, attempt, instrument (None unless one was kept or used), at (datetime).
charge_succeeded = Signal()

# Sent inside the transaction that closed the attempt: declined, vetoed, or left by the reader.
# attempt.reason is a code. Arguments: charge, attempt, is_hard (bool), at (datetime).
charge_failed = Signal()
