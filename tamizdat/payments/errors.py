class PaymentError(Exception):
    """Base of everything that asking for money can raise. Nothing else may leave a provider."""


class Unreachable(PaymentError):
    """No usable answer in time. What was asked may or may not have happened: ask again."""


class NotSetUp(Unreachable):
    """The provider is not among those that this newsroom has set up: nothing can be asked."""


class NotOurs(Unreachable):
    """The provider knows nothing of this id: of another account, perhaps, or no longer there."""


class Declined(PaymentError):
    """A no. `reason` is a code, such as `insufficient_funds`; when `is_hard`, never try again."""

    def __init__(self, reason: str, *, is_hard: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_hard = is_hard


class Vetoed(Declined):
    """We ourselves refuse to take this money: raised by a receiver of `before_charge`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, is_hard=True)


class Forged(PaymentError):
    """The notice is not signed by the provider, or was signed too long ago. Drop it."""


class Unexplained(PaymentError):
    """The provider tells of other money than we asked for. Book nothing; a person must look."""


class WrongState(Exception):
    """The row has moved on, and cannot become what was asked."""
