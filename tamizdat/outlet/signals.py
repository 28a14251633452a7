from django.dispatch import Signal

# A mail server said that nobody lives at this address: whoever keeps it to write to it forgets it,
# or, where more hangs on it, notes that mail comes back.
# Arguments: address.
mailbox_gone = Signal()
