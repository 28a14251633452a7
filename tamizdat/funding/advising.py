"""What a person can do about a difference between the books and a provider's account."""

from tamizdat.payments.models import Difference
from tamizdat.payments.providers.account import Movement

_THEIRS = {
    Movement.PAYMENT: (
        "The provider took this, and told us that it would not, or it is no gift of ours. Look it "
        "up there. A gift that was called off is given back there, by hand: its giver was told "
        "that nothing was taken."
    ),
    Movement.REFUND: (
        "This went back, and we cannot tell of which gift. Look it up there; find the gift by its "
        "receipt number, and say so in the note."
    ),
    Movement.REFUND_RETURN: (
        "This came back, because it could not be given back, and we cannot tell of which gift. "
        "Look it up there, find the gift by its receipt number, and write to its giver if you can."
    ),
    Movement.DISPUTE: (
        "A giver's bank took this back, and we cannot tell of which gift, or less of it is left. "
        "Look it up there, and stop the pledge it belongs to."
    ),
    Movement.DISPUTE_RETURN: (
        "A dispute was decided for us, and we cannot tell which, or it was lost before. Look it up "
        "there."
    ),
    Movement.PAYOUT: (
        "A payout came back: the account it was sent to refused it. Put the account right there."
    ),
    Movement.OTHER: "No gift, refund, dispute, payout or fee. The provider can say what it is.",
}
_OURS = (
    "The books have this for two days and the provider's account does not. Look there whether the "
    "payment is known, and ask the provider. Tell whoever runs this server."
)
_OTHER_SUMS = (
    "The provider names another sum than was booked, and not only another fee. Compare both, and "
    "ask the provider."
)
_LATE = (
    "It was paid out more than ten days ago and is in no statement, or the books do not await it. "
    "Look whether a statement is missing, or whether a line of another sum is this payout. If not, "
    "ask the provider to which account it went, and the bank."
)


def on(difference: Difference) -> str:
    """In a sentence or three."""
    if difference.is_at_our_bank:
        return _LATE
    if difference.kind == Difference.Kind.ONLY_OURS:
        return _OURS
    if difference.kind == Difference.Kind.DIFFERENT:
        return _OTHER_SUMS
    return _THEIRS.get(Movement(difference.movement or "other"), _THEIRS[Movement.OTHER])
