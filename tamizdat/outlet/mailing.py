"""Mail to readers: plain text first, HTML that looks like the paper, nothing that reports back."""

from collections.abc import Mapping
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from tamizdat.outlet.models import MailProfile, Masthead
from tamizdat.outlet.returned import name_of_mail

_NO_HEADERS: Mapping[str, str] = {}


class MailNotSent(Exception):
    """The mail server did not take it. Says nothing about whom it was for."""


class NobodyThere(MailNotSent):
    """The server says that there is no such address, for good."""


def from_template(  # noqa: PLR0913 each is a part of a mail
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, object],
    language: str,
    profile: MailProfile = MailProfile.NORMAL,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> EmailMultiAlternatives:
    """`<template>.txt` with `<template>.html` beside it, in `language`; not sent yet.

    A lazy `subject` is translated here. A mail whose `profile` is not normal names us nowhere: not
    its sender, nor the machine that wrote it, and `masthead` is None in the templates.
    """
    with translation.override(language):
        is_normal = profile == MailProfile.NORMAL
        masthead = Masthead.objects.speaking(language) if is_normal else None
        words = {**context, "masthead": masthead, "subject": subject}
        return written(
            to=to,
            subject=str(subject),
            text=plain(f"{template}.txt", words),
            html=render_to_string(f"{template}.html", words),
            sender=_sender(profile),
            headers=headers,
        )


def written(
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    sender: str = "",
    headers: Mapping[str, str] = _NO_HEADERS,
) -> EmailMultiAlternatives:
    """A mail to one reader, from `sender` or from us, that is not sent yet."""
    sender = sender or str(settings.DEFAULT_FROM_EMAIL)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # a line break would be a header of its own
        body=text,
        from_email=sender,
        to=[to],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": name_of_mail(to, domain=domain_of(sender)),
            **headers,
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail


def domain_of(sender: str) -> str:
    """`The Lantern <readers@lantern.example>` → `lantern.example`."""
    return parseaddr(sender)[1].rpartition("@")[2]


def plain(template: str, words: Mapping[str, object]) -> str:
    """A template of a mail as plain text."""
    # Not HTML: an apostrophe must not become &#x27;.
    context = Context(words, autoescape=False)
    return Engine.get_default().get_template(template).render(context).strip() + "\n"


def _sender(profile: MailProfile) -> str:
    if profile == MailProfile.NORMAL or not settings.NEUTRAL_SENDER:
        return str(settings.DEFAULT_FROM_EMAIL)
    return str(settings.NEUTRAL_SENDER)
