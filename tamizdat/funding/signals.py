from django.dispatch import Signal

# A reader asks to be forgotten: whatever else is kept to write to this address goes too. Sent
# inside the transaction that destroys it. Arguments: address.
address_forgotten = Signal()

# A link to the checkout says which message led there. Whoever writes messages answers which of the
# names `appeal` and `arm` are theirs; what nobody knows is not kept.
# Arguments: appeal (the key of a message), arm (`test.arm`); either may be empty.
origin_told = Signal()
