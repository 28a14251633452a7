"""Mail to readers: plain text first, HTML that looks like the paper, nothing that reports back."""

from collections.abc import Mapping
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from tamizdat.outlet.models import Masthead

_NO_HEADERS: Mapping[str, str] = {}


class MailNotSent(Exception):
    """The mail server did not take it. Says nothing about whom it was for."""


def send(
    *,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, object],
    language: str,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> None:
    """Send `<template>.txt` with `<template>.html` beside it, in `language`.

    A lazy `subject` is translated here. Call it after the commit: it waits for the mail server.

    Raises MailNotSent.
    """
    with translation.override(language):
        words = {**context, "masthead": Masthead.objects.speaking(language), "subject": subject}
        mail = EmailMultiAlternatives(
            subject=" ".join(str(subject).split()),  # a line break would be a header of its own
            body=_plain(f"{template}.txt", words),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[to],
            headers={"Auto-Submitted": "auto-generated", **headers},
        )
        mail.attach_alternative(render_to_string(f"{template}.html", words), "text/html")
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        # The server's own words may quote the address, and errors are logged.
        raise MailNotSent(type(error).__name__) from None


def _plain(template: str, words: Mapping[str, object]) -> str:
    # Not HTML: an apostrophe must not become &#x27;.
    context = Context(words, autoescape=False)
    return Engine.get_default().get_template(template).render(context).strip() + "\n"
