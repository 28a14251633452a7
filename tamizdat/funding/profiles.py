"""Which mail a reader may choose, and which is theirs."""

from django.conf import settings

from tamizdat.funding.models import MailRule, Supporter
from tamizdat.funding.models.supporter import address_index
from tamizdat.outlet.models import MailProfile, Masthead


def offered() -> list[MailProfile]:
    """Neutral mail needs a sender that does not name us."""
    ways = [MailProfile.NORMAL, MailProfile.NEUTRAL, MailProfile.NONE]
    return [way for way in ways if way != MailProfile.NEUTRAL or settings.NEUTRAL_SENDER]


def proposed(language: str) -> MailProfile:
    """What the outlet chose for readers of this language, if it can be kept."""
    wished = MailProfile(Masthead.objects.speaking(language).mail_profile)
    return wished if wished in offered() else MailProfile.NORMAL


def of_giver(address: str) -> MailProfile | None:
    """What whoever gives by this address chose; None if nobody does."""
    known = Supporter.objects.filter(address_index=address_index(address)).first()
    return MailProfile(known.mail_profile) if known else None


def heed_country(supporter: Supporter, country: str, *, is_new: bool) -> None:
    """Write no less carefully to whoever gives from there than the outlet decided.

    Where that is no mail, the address of somebody new is forgotten. Somebody known is written to
    without our name instead: a stranger who types their address must not silence them.
    """
    rule = MailRule.objects.filter(country=country).first()
    if rule is None:
        return
    if rule.profile == MailProfile.NONE and is_new:
        supporter.choose_mail(MailProfile.NONE)
        supporter.erase()
    elif supporter.mail_profile == MailProfile.NORMAL and MailProfile.NEUTRAL in offered():
        supporter.choose_mail(MailProfile.NEUTRAL)


def is_silent(country: str) -> bool:
    """Whether no mail goes to who begins to give from there."""
    return MailRule.objects.filter(country=country, profile=MailProfile.NONE).exists()


def more_careful(one: MailProfile, other: MailProfile) -> MailProfile:
    return max(one, other, key=list(MailProfile).index)
