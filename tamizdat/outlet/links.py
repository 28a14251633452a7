"""Links in our mails that become too old. Nobody else can make them."""

from datetime import date

from django.core import signing


class NotOurLink(Exception):
    """It was cut off, altered, or never ours."""


class Links:
    """Of one kind: the salt keeps them from opening what those of another kind open."""

    def __init__(self, salt: str) -> None:
        self._signer = signing.Signer(salt=salt)

    def sign(self, *words: str, until: date) -> str:
        return self._signer.sign_object([*words, until.isoformat()])

    def read(self, token: str, *, today: date) -> tuple[list[str], bool]:
        """What was signed, and whether it is too old. Raises NotOurLink."""
        words, until = self.opened(token)
        return words, until < today

    def opened(self, token: str) -> tuple[list[str], date]:
        """What was signed, and its last day. Raises NotOurLink."""
        try:
            *words, until = self._signer.unsign_object(token)
            return words, date.fromisoformat(until)
        except (signing.BadSignature, ValueError) as error:
            raise NotOurLink from error
