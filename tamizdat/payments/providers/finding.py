from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at in a provider's account, and how it is."""

    is_good: bool
    text: str
