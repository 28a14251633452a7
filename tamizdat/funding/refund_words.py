"""What of a gift went back to its reader, or did not reach them, in the active language."""

from django.utils.translation import gettext as _

from tamizdat.funding import giving_back
from tamizdat.funding.models import Supporter
from tamizdat.lib.money import Money
from tamizdat.payments import refunding
from tamizdat.payments.models import Charge, Refund


def of(charge: Charge, language: str) -> list[str]:
    """A paragraph for each thing that became of it; none if nothing did."""
    failed = came_back(charge, language)
    parts = [failed, what_to_do() if failed else "", given_back(charge, language)]
    return [part for part in parts if part]


def given_back(charge: Charge, language: str) -> str:
    """What of `charge` went back to its reader; nothing if nothing did."""
    if not charge.refunded_minor:
        return ""
    if refunding.is_claimed(charge):
        return _(
            "We give %(amount)s back to you. Coins do not find their way by themselves: say on the "
            "next page to which address."
        ) % {"amount": charge.refunded.format(language)}
    if charge.refunded == charge.money:
        return _("All of it was given back. Your bank shows it within some days.")
    return _("%(amount)s of it was given back. Your bank shows it within some days.") % {
        "amount": charge.refunded.format(language)
    }


def came_back(charge: Charge, language: str) -> str:
    """What should have gone back and did not arrive; nothing once more was given back since."""
    failed = charge.refunds.not_tried_again().values_list("amount_minor", flat=True)
    if not (minor := sum(failed)):
        return ""
    return _(
        "%(amount)s did not reach you: your bank sent it back to us. Perhaps the card was "
        "replaced, or the account was closed."
    ) % {"amount": Money(minor, charge.currency).format(language)}


def all_that_came_back(supporter: Supporter, language: str) -> list[tuple[str, str]]:
    """Of each gift of theirs of which something did not arrive: that, and its receipt number."""
    theirs = giving_back.of_supporters(Supporter.objects.filter(pk=supporter.pk))
    failed = theirs.filter(pk__in=Refund.objects.not_tried_again().values("charge"))
    return [(came_back(charge, language), charge.receipt_number) for charge in failed]


def what_to_do() -> str:
    return _(
        "We want you to have it. Write to us with the receipt number, and we will find another "
        "way. Please send us no number of a card or an account by mail."
    )
