"""Mail through a provider's interface, which refuses whomever it is told to."""

from anymail.backends.test import EmailBackend
from anymail.exceptions import AnymailAPIError
from anymail.message import AnymailRecipientStatus
from django.core import mail

REFUSED = {"recipient_status": {"": AnymailRecipientStatus(message_id=None, status="rejected")}}
BROKEN = AnymailAPIError("500 for ana@example.org")


class Provider(EmailBackend):
    """django-anymail's own for tests, with an answer of its own to some addresses."""

    answers: dict[str, object] = {}

    def post_to_esp(self, payload, message):
        if answer := self.answers.get(message.to[0]):
            message.anymail_test_response = answer
        try:
            return super().post_to_esp(payload, message)
        finally:
            if answer:
                mail.outbox.remove(message)


def answer(settings, monkeypatch, answers):
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    settings.ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True}
    monkeypatch.setattr(Provider, "answers", answers)
