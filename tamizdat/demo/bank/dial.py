from dataclasses import dataclass, fields


@dataclass
class Dial:
    """What shall go wrong next. A number counts down as it happens; a flag stays."""

    break_before: int = 0  # answer 500 and do nothing
    break_after: int = 0  # do it, but answer 504: to the asker that is a time-out after success
    slow: int = 0  # do it, and answer later than anybody waits
    decline: int = 0
    pend: int = 0  # say "pending", until `Bank.settle`
    lose: int = 0  # webhooks that are never sent
    duplicate: int = 0  # webhooks that are sent twice
    late_fee: int = 0  # payments whose fee is told later: `Bank.tell_fees`
    hold: bool = False  # webhooks wait
    forget: bool = False  # the keys of refunds, at once
    forget_daily: bool = False  # every key after 24 hours, as others do
    reverse: bool = False  # webhooks go out newest first
    risk: str = ""  # of every card, when that of the card is not enough: elevated, highest

    def turn(self, **settings: int | str) -> None:
        """Raises ValueError for something that is not on the dial."""
        if unknown := settings.keys() - {field.name for field in fields(self)}:
            raise ValueError(f"not on the dial: {', '.join(sorted(unknown))}")
        for name, value in settings.items():
            setattr(self, name, value)

    def strikes(self, name: str) -> bool:
        """Whether it is the turn of this fault; counts it down."""
        left = int(getattr(self, name))
        setattr(self, name, max(0, left - 1))
        return left > 0
