"""The sentences of letters and pages about gifts, in the active language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.core import Locale
from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tamizdat.funding import methods, refund_words
from tamizdat.funding.giving import interval_of
from tamizdat.funding.guarding import CROWDED, Step
from tamizdat.funding.halting import HALTED
from tamizdat.funding.models import Letter, Pledge
from tamizdat.funding.policy import NEVER_FROM
from tamizdat.lib.dates import day_in_words
from tamizdat.lib.money import Money
from tamizdat.lib.numerals import in_numerals
from tamizdat.outlet.models import MailProfile
from tamizdat.payments.breaking import TOO_OFTEN


@dataclass(frozen=True)
class Words:
    subject: str
    paragraphs: list[str]
    button: str


def of(letter: Letter, *, language: str) -> Words:
    """No outlet and no sum in a subject: it is what others see over a shoulder."""
    subject, paragraphs = _PARTS[Letter.Kind(letter.kind)](letter, language)
    return Words(subject, paragraphs, _button(letter.kind))


def _button(kind: str) -> str:
    if kind == Letter.Kind.CONFIRM:
        return _("Confirm it with my bank")
    return _("Go on with my gift") if kind == Letter.Kind.BEGIN else _("Open my page")


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


def listed(ways: list[str]) -> str:
    """`Card, Wallet`."""
    return ", ".join(str(methods.NAMES.get(way, way)) for way in ways)


def day(when: date, language: str) -> str:
    return day_in_words(when, language)


def mail_profiles() -> dict[MailProfile, str]:
    return {
        MailProfile.NORMAL: _("With our name"),
        MailProfile.NEUTRAL: _("Without our name"),
        MailProfile.NONE: _("Not at all"),
    }


def number(n: int) -> str:
    return in_numerals(str(n), get_language() or "en")


def months(count: int) -> str:
    words = ngettext("%(count)s month", "%(count)s months", count)
    return in_numerals(words % {"count": count}, get_language() or "en")


def no_answer() -> str:
    """When a bank was asked to open its page, and did not."""
    return _("The bank does not answer. Nothing was taken: please try again.")


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
        "keeps_nothing": _("This bank takes no card in advance. Nothing was changed."),
        "pledge_ended": _("This gift was stopped, so nothing more is taken for it."),
        HALTED: _(
            "At the moment we take no gifts this way, so that nobody who gives comes to harm. "
            "Nothing was taken. What helps instead: read on, and pass a story to someone you trust."
        ),
        "never_arrived": _("The bank did not receive the payment."),
        CROWDED: _(
            "At this moment somebody is trying stolen cards here, so we did not ask your bank. "
            "Nothing was taken. Try again: we send you a link by mail first."
        ),
        TOO_OFTEN: _(
            "This card was tried here too often today, so we did not ask its bank again. "
            "Nothing was taken. Please use another one, or come back tomorrow."
        ),
    }
    return sentences.get(
        reason, _("The bank refused without saying why. Another card may work, or your bank knows.")
    )


def next_step(step: Step) -> str:
    """What the giver has to do before a bank is asked."""
    sentences = {
        Step.WORK: _(
            "Your browser has to do its little sum once more. Please press the button again."
        ),
        Step.ADDRESS: _(
            "Please leave an address and let us write to you: we send you a link, and with it you "
            "go on to the bank. With JavaScript, and when nobody is trying stolen cards here, it "
            "goes without."
        ),
        Step.LATER: _(
            "Too much is being tried here at this moment. Nothing was taken, and no bank was "
            "asked. Please come back in half an hour, or choose another way to pay."
        ),
    }
    return sentences[step]


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


def attestation(countries: Sequence[str]) -> str:
    """What a reader says who pays where nobody tells us the country."""
    language = (get_language() or "en").replace("-", "_")
    names = format_list([_country(code) for code in countries], style="or", locale=language)
    return _("I am not in, and do not pay from: %(countries)s.") % {"countries": names}


def standing(pledge: Pledge, language: str) -> str:
    """How things stand, in a sentence."""
    words = {
        "gift": gift(pledge, language),
        "day": day(pledge.next_due_on, language) if pledge.next_due_on else "",
    }
    sentences = {
        Pledge.State.INCOMPLETE: _("You promised %(gift)s. The first gift was not paid yet."),
        Pledge.State.ACTIVE: _("You give %(gift)s. The next gift is on %(day)s."),
        Pledge.State.STANDING: _(
            "You give %(gift)s by an order at your bank. We never ask your bank: to change or "
            "stop it, change or stop the order there."
        ),
        Pledge.State.PAUSED: _("You give %(gift)s, and it is paused. It goes on on %(day)s."),
        Pledge.State.PAST_DUE: _(
            "You give %(gift)s. The last time the bank refused; we shall ask it again."
        ),
        Pledge.State.UNCONFIRMED: _(
            "You give %(gift)s. This time your bank wants to hear from you before it pays."
        ),
        Pledge.State.LAPSED: _("You gave %(gift)s. The bank refused, and we stopped asking."),
        Pledge.State.STOPPED: _("You gave %(gift)s, and stopped it. Nothing more is taken."),
        Pledge.State.HALTED: _(
            "You gave %(gift)s. We stopped it ourselves, so that nobody who gives comes to harm. "
            "Nothing more is taken, and it does not begin again by itself."
        ),
    }
    if pledge.state == Pledge.State.PAST_DUE and pledge.instrument and pledge.instrument.is_expired:
        return _("You give %(gift)s. The card has expired, and the bank does not pay.") % words
    return sentences[Pledge.State(pledge.state)] % words


def advice(pledge: Pledge) -> str:
    """What was not taken, and what to do; nothing where nothing needs doing."""
    is_expired = pledge.instrument is not None and pledge.instrument.is_expired
    sentences = {
        Pledge.State.INCOMPLETE: _(
            "Nothing was taken, and nothing is until you pay at the bank. Not paid in seven days, "
            "it is called off by itself."
        ),
        Pledge.State.PAST_DUE: _(
            "Nothing was taken for this time. Pay with another card, choose a smaller amount, or "
            "do nothing: we ask four times in two weeks, and then stop by ourselves."
        ),
        Pledge.State.UNCONFIRMED: _(
            "Nothing was taken for this time. Confirm it with your bank: it asks for the card "
            "once more, and then for you. If you do nothing we ask it again after five days, and "
            "stop by ourselves after some weeks."
        ),
        Pledge.State.LAPSED: _("Nothing was taken after that, and the card is not charged again."),
    }
    if pledge.state == Pledge.State.PAST_DUE and is_expired:
        return _(
            "Nothing was taken for this time. If your bank sent you a new card, use it here: we "
            "do not learn of it by ourselves from every bank."
        )
    if pledge.state == Pledge.State.HALTED:
        return _what_helps_instead_of(pledge)
    return str(sentences.get(Pledge.State(pledge.state), ""))


def _what_helps_instead_of(halted: Pledge) -> str:
    is_sent_by_their_bank = halted.instrument is None and halted.anchor_on is not None
    to_do = (
        _(
            "Please stop the order at your bank, too: only you can. What still comes from it we "
            "send back."
        )
        if is_sent_by_their_bank
        else _("You need do nothing: no card of yours is charged again.")
    )
    instead = _("What helps instead: read on, and pass a story to someone you trust.")
    return f"{to_do} {instead}"


def _receipt(letter: Letter, language: str) -> tuple[str, list[str]]:
    charge, pledge = letter.charge, letter.pledge
    if charge is None or charge.succeeded_at is None:
        raise ValueError(f"{letter} tells of no payment")
    is_normal = letter.supporter.mail_profile == MailProfile.NORMAL
    received = (
        _("%(amount)s arrived on %(day)s. Thank you: this is what we print with.")
        if is_normal
        else _("%(amount)s arrived on %(day)s. Thank you.")
    ) % {
        "amount": charge.money.format(language),
        "day": day(charge.succeeded_at.date(), language),
    }
    reference = _("Receipt number: %(reference)s") % {"reference": charge.receipt_number}
    if pledge is None:
        last = _("Nothing more will be taken. On your page you can have this address forgotten.")
        return _("Thank you"), [received, last, reference]
    if pledge.state == Pledge.State.STANDING:
        return _("Thank you"), [received, standing(pledge, language), reference]
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


def _confirm(letter: Letter, language: str) -> tuple[str, list[str]]:
    return _("Your bank wants to hear from you"), [
        _about(letter, language),
        _(
            "Nothing was taken. Behind this link the bank asks for the card once more, and then "
            "for you: by a code or in its app."
        ),
        _("If you do nothing we ask it again after five days. You can stop on the same page."),
    ]


def _expiring(letter: Letter, language: str) -> tuple[str, list[str]]:
    pledge = letter.pledge
    if pledge is None or pledge.instrument is None or pledge.instrument.expires_on is None:
        raise ValueError(f"{letter} tells of no card that expires")
    last_day = day(pledge.instrument.expires_on, language)
    return _("Your card will expire soon"), [
        _about(letter, language),
        _("The card by which you give is good until %(day)s.") % {"day": last_day},
        _(
            "When you have a new one, you can name it on your page; nothing is taken by that. "
            "Some banks tell us of the new card by themselves: then you need do nothing."
        ),
    ]


def _refunded(letter: Letter, language: str) -> tuple[str, list[str]]:
    charge = letter.charge
    if charge is None or charge.succeeded_at is None:
        raise ValueError(f"{letter} tells of no payment")
    gave = _("You gave %(amount)s on %(day)s.") % {
        "amount": charge.money.format(language),
        "day": day(charge.succeeded_at.date(), language),
    }
    reference = _("Receipt number: %(reference)s") % {"reference": charge.receipt_number}
    parts = [gave, *refund_words.of(charge, language)]
    if letter.pledge and letter.pledge.is_chargeable:
        parts.append(_about(letter, language))
    if letter.kind == Letter.Kind.RETURNED:
        return _("Money did not reach you"), [*parts, reference]
    return _("Money is on its way back to you"), [*parts, reference]


def _lapsed(letter: Letter, language: str) -> tuple[str, list[str]]:
    return _("We have stopped asking your bank"), [
        _about(letter, language),
        _("If you would like to go on, begin a new gift: the old card is not charged again."),
        _("And if not: thank you for what you gave. We shall not write about it again."),
    ]


def _confirmation(letter: Letter, language: str) -> tuple[str, list[str]]:
    subjects = {
        Letter.Kind.CHANGED: _("The amount is changed"),
        Letter.Kind.MOVED: _("Changed, as you asked"),
        Letter.Kind.CARD: _("Another card is kept"),
        Letter.Kind.PAUSED: _("Paused"),
        Letter.Kind.RESUMED: _("Going on"),
        Letter.Kind.STOPPED: _("Stopped"),
    }
    was_you = _("If it was not you who asked for this, open your page and set it right.")
    return subjects[Letter.Kind(letter.kind)], [_about(letter, language), was_you]


def _link(_letter: Letter, _language: str) -> tuple[str, list[str]]:
    return _("A new link to your page"), [
        _("You asked for it, on the page or in a letter to us. It works for sixty days."),
        _("If you did not ask, you need do nothing."),
    ]


def _begin(letter: Letter, language: str) -> tuple[str, list[str]]:
    charge = letter.charge
    if charge is None:
        raise ValueError(f"{letter} tells of no gift")
    wanted = rhythm(charge.money, interval_of(charge), language)
    return _("One more step"), [
        _("Somebody, and we hope it was you, wants to give %(gift)s and left this address.")
        % {"gift": wanted},
        _("Nothing was taken, and no bank was asked. The link works once, for a day."),
        _("If it was not you, do nothing: within days this address is forgotten."),
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
    Letter.Kind.MOVED: _confirmation,
    Letter.Kind.CARD: _confirmation,
    Letter.Kind.CONFIRM: _confirm,
    Letter.Kind.EXPIRING: _expiring,
    Letter.Kind.REFUNDED: _refunded,
    Letter.Kind.RETURNED: _refunded,
    Letter.Kind.BEGIN: _begin,
}


def _country(code: str) -> str:
    names = Locale.parse(get_language() or "en", sep="-").territories
    return str(names.get(code, code))
