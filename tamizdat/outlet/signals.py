from django.dispatch import Signal

# A mail server said that nobody lives at this address: whoever keeps it to write to it forgets it.
# Arguments: address.
mailbox_gone = Signal()
