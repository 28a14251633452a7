"""What a provider writes down of our money: its own account with us, line by line."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tamizdat.lib.money import Money


class DisputeState(Enum):
    OPEN = "open"  # the giver's bank took the money back for now
    WON = "won"  # and returned it
    LOST = "lost"


@dataclass(frozen=True)
class RemoteDispute:
    """A giver's bank says that a payment was not wanted."""

    id: str
    state: DisputeState
    money: Money  # what is disputed, in the currency of the payment
    fee: Money  # what the provider keeps for it, so far
    reason: str  # a code


class Movement(Enum):
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_RETURN = "refund_return"  # it did not reach its giver
    DISPUTE = "dispute"
    DISPUTE_RETURN = "dispute_return"
    PAYOUT = "payout"
    FEE = "fee"  # of no payment in particular
    OTHER = "other"


@dataclass(frozen=True)
class AccountLine:
    """One change of what the provider holds for us. `net` is `gross` less `fee`.

    All three are in the currency of the balance, which may be another than the giver's.
    """

    id: str  # the provider's, unique and for ever
    movement: Movement
    at: datetime
    gross: Money  # positive: towards us
    fee: Money
    payment_id: str = ""  # the payment that it is about, as `Remote.id`
    object_id: str = ""  # the refund, dispute or payout itself

    @property
    def net(self) -> Money:
        return self.gross - self.fee

    @property
    def about(self) -> str:
        """The provider's id of that; of a line about nothing else, its own."""
        if self.movement in (Movement.FEE, Movement.OTHER):
            return self.id
        is_payment = self.movement is Movement.PAYMENT
        return (self.payment_id if is_payment else self.object_id) or self.id
