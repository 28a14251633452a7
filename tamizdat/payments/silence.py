from tamizdat.payments.errors import NotOurs, Unreachable


class Silent(set[str]):
    """Providers that did not answer in this round: none is asked again in it, and none waited for.

    A call that is never answered takes seconds, and others wait for the same worker.
    """

    def note(self, provider: str, error: BaseException) -> None:
        """Whatever was raised. That it knows nothing of a thing is an answer."""
        if isinstance(error, Unreachable) and not isinstance(error, NotOurs):
            self.add(provider)
