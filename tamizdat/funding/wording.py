"""The sentences of letters and pages about gifts, in the active language."""

from dataclasses import dataclass
from datetime import date

from babel.core import Locale
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tamizdat.funding.halting import HALTED
from tamizdat.funding.models import Letter, Pledge
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.lib.dates import day_in_words
from tamizdat.lib.money import Money
from tamizdat.lib.numerals import in_numerals
from tamizdat.payments.models import Charge


@dataclass(frozen=True)
class Words:
    subject: str
    paragraphs: list[str]
    button: str


def of(letter: Letter, *, language: str) -> Words:
    """No outlet and no sum in a subject: it is what others see over a shoulder."""
    subject, paragraphs = _PARTS[Letter.Kind(letter.kind)](letter, language)
    return Words(subject, paragraphs, _("Open my page"))


def gift(pledge: Pledge, language: str) -> str:
    """`$2 each month`."""
    return rhythm(pledge.money, pledge.interval, language)


def rhythm(money: Money, interval: str, language: str) -> str:
    amount = money.format(language)
    if interval == Pledge.Interval.MONTH:
        return _("%(amount)s each month") % {"amount": amount}
    if interval == Pledge.Interval.YEAR:
        return _("%(amount)s each year") % {"amount": amount}
    return _("%(amount)s, once") % {"amount": amount}


def day(when: date, language: str) -> str:
    return day_in_words(when, language)


def given_back(charge: Charge, language: str) -> str:
    """What of `charge` went back to its reader; nothing if nothing did."""
    if not charge.refunded_minor:
        return ""
    if charge.refunded == charge.money:
        return _("All of it was given back. Your bank shows it within some days.")
    return _("%(amount)s of it was given back. Your bank shows it within some days.") % {
        "amount": charge.refunded.format(language)
    }


def months(count: int) -> str:
    words = ngettext("%(count)s month", "%(count)s months", count)
    return in_numerals(words % {"count": count}, get_language() or "en")


def refusal(reason: str) -> str:
    """Why nothing was taken, and what to do: a sentence for each reason."""
    if reason.startswith(NEVER_FROM):
        return endangered(reason.removeprefix(NEVER_FROM))
    sentences = {
        "insufficient_funds": _("There was not enough money on the card or in the account."),
        "stolen_card": _("The bank no longer accepts this card. Please use another one."),
        "expired_card": _("The card has expired. Please use another one."),
        "authentication_failed": _(
            "The bank asked you to confirm the payment, and it was not confirmed."
        ),
        "authentication_required": _(
            "Your bank wants to hear from you before it pays. Please enter the card once more: "
            "this time it can ask you."
        ),
        "country_unknown": _(
            "We could not see in which country the card was issued, and without that we take "
            "no money: in some countries a gift to us is dangerous."
        ),
        "pledge_ended": _("This gift was stopped, so nothing more is taken for it."),
        HALTED: _(
            "At the moment we take no gifts this way, so that nobody who gives comes to harm. "
            "Nothing was taken. What helps instead: read on, and pass a story to someone you trust."
        ),
        "never_arrived": _("The bank did not receive the payment."),
    }
    return sentences.get(
        reason, _("The bank refused without saying why. Another card may work, or your bank knows.")
    )


def endangered(country: str) -> str:
    return _(
        "Your bank is in a country where a gift to us can be held against you: %(country)s. "
        "Nothing was taken. What helps instead: read on, pass a story to someone you trust, "
        "or ask someone who lives abroad and is safe to give in your place."
    ) % {"country": _country(country)}


def warning(country: str) -> str:
    return _(
        "Your bank is in a country where a gift to us may draw attention: %(country)s. "
        "If that could bring you trouble, stop it from the link in our mail."
    ) % {"country": _country(country)}


def standing(pledge: Pledge, language: str) -> str:
    """How things stand, in a sentence."""
    words = {
        "gift": gift(pledge, language),
        "day": day(pledge.next_due_on, language) if pledge.next_due_on else "",
    }
    sentences = {
        Pledge.State.INCOMPLETE: _("You promised %(gift)s. The first gift was not paid yet."),
        Pledge.State.ACTIVE: _("You give %(gift)s. The next gift is on %(day)s."),
        Pledge.State.PAUSED: _("You give %(gift)s, and it is paused. It goes on on %(day)s."),
        Pledge.State.PAST_DUE: _(
            "You give %(gift)s. The last time the bank refused; we shall ask it again."
        ),
        Pledge.State.LAPSED: _("You gave %(gift)s. The bank refused, and we stopped asking."),
        Pledge.State.STOPPED: _("You gave %(gift)s, and stopped it. Nothing more is taken."),
        Pledge.State.HALTED: _(
            "You gave %(gift)s. We stopped it ourselves, so that nobody who gives comes to harm. "
            "Nothing more is taken, and it does not begin again by itself."
        ),
    }
    return sentences[Pledge.State(pledge.state)] % words


def _receipt(letter: Letter, language: str) -> tuple[str, list[str]]:
    charge, pledge = letter.charge, letter.pledge
    if charge is None or charge.succeeded_at is None:
        raise ValueError(f"{letter} tells of no payment")
    received = _("%(amount)s arrived on %(day)s. Thank you: this is what we print with.") % {
        "amount": charge.money.format(language),
        "day": day(charge.succeeded_at.date(), language),
    }
    reference = _("Receipt number: %(reference)s") % {"reference": charge.reference}
    if pledge is None:
        last = _("Nothing more will be taken. On your page you can have this address forgotten.")
        return _("Thank you"), [received, last, reference]
    page = _(
        "On your page you can change the amount, pause or stop, without a password, whenever "
        "you like."
    )
    return _("Thank you"), [received, standing(pledge, language), page, reference]


def _failed(letter: Letter, language: str) -> tuple[str, list[str]]:
    return _("The bank refused"), [
        _about(letter, language),
        _("On your page you can use another card, choose a smaller amount, or stop."),
    ]


def _lapsed(letter: Letter, language: str) -> tuple[str, list[str]]:
    return _("We have stopped asking your bank"), [
        _about(letter, language),
        _("If you would like to go on, begin a new gift: the old card is not charged again."),
        _("And if not: thank you for what you gave. We shall not write about it again."),
    ]


def _confirmation(letter: Letter, language: str) -> tuple[str, list[str]]:
    subjects = {
        Letter.Kind.CHANGED: _("The amount is changed"),
        Letter.Kind.PAUSED: _("Paused"),
        Letter.Kind.RESUMED: _("Going on"),
        Letter.Kind.STOPPED: _("Stopped"),
    }
    was_you = _("If it was not you who asked for this, open your page and set it right.")
    return subjects[Letter.Kind(letter.kind)], [_about(letter, language), was_you]


def _link(_letter: Letter, _language: str) -> tuple[str, list[str]]:
    return _("A new link to your page"), [
        _("You asked for it, because the old one had become too old. It works for sixty days."),
        _("If you did not ask, you need do nothing."),
    ]


def _about(letter: Letter, language: str) -> str:
    if letter.pledge is None:
        raise ValueError(f"{letter} tells of no pledge")
    return standing(letter.pledge, language)


_PARTS = {
    Letter.Kind.RECEIPT: _receipt,
    Letter.Kind.FAILED: _failed,
    Letter.Kind.LAPSED: _lapsed,
    Letter.Kind.CHANGED: _confirmation,
    Letter.Kind.PAUSED: _confirmation,
    Letter.Kind.RESUMED: _confirmation,
    Letter.Kind.STOPPED: _confirmation,
    Letter.Kind.LINK: _link,
}


def _country(code: str) -> str:
    names = Locale.parse(get_language() or "en", sep="-").territories
    return str(names.get(code, code))
