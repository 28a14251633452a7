from django.dispatch import Signal

# A supporter asks to be forgotten: whatever else is kept of this address goes too. Sent inside
# the transaction that destroys it. Arguments: address.
address_forgotten = Signal()
