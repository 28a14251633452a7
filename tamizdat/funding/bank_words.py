"""Why a line of a bank statement waits, and what to do with it, in words for the desk."""

from dataclasses import dataclass

from tamizdat.funding import crediting


@dataclass(frozen=True)
class Advice:
    why: str
    do: str


_MATCH = "If you know whose it is, write the receipt number or the reference. Else keep it without."
ADVICE = {
    crediting.ENDANGERED: Advice(
        "It comes from a country where a gift to us can be held against its giver, or it came "
        "after a halt. It could not be refused before it arrived.",
        "Send it back at the bank today: whole, to the account it came from, with no word about "
        "us. Then press Sent back. It is not in the books.",
    ),
    crediting.NO_REFERENCE: Advice(
        "There is no reference of ours in it, or a sign of it was lost.", _MATCH
    ),
    crediting.UNKNOWN: Advice("Its reference is whole, and we never gave it out.", _MATCH),
    crediting.CALLED_OFF: Advice(
        "The gift was called off, or had waited for more than 60 days.",
        "Book it as one more gift of the same giver, or send it back.",
    ),
    crediting.OTHER_SUM: Advice(
        "Another sum was promised.",
        "What arrived counts: book it. Of a monthly or yearly gift this is the sum from now on.",
    ),
    crediting.AGAIN: Advice(
        "This gift was paid before, and was to be made once.",
        "Book it as one more gift of the same giver; send it back if they write that it was a "
        "mistake.",
    ),
    crediting.SAME_PERIOD: Advice(
        "The gift of this period is here already.",
        "Book it as one more gift of the same giver; send it back if they write that it was a "
        "mistake.",
    ),
    crediting.ENDED: Advice(
        "Its giver stopped here, and has not stopped at the bank; or is paying another way.",
        "Send it back, or book it as one more gift if they are known to want it.",
    ),
    crediting.WENT_BACK: Advice(
        "The bank took it from our account as something that went back.",
        "If it is a gift that is in the books, book that it went back. If it never was, set it "
        "aside.",
    ),
}
