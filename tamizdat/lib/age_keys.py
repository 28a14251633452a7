"""Keys of age (age-encryption.org): who alone can open what leaves the newsroom."""

import pyrage

HOW_TO_MAKE_ONE = (
    "On your own computer, not on this server: install age (age-encryption.org), run "
    "`age-keygen -o leaving.key`, keep that file safe, and give here the line of it that begins "
    "with age1."
)


class NotAnAgeKey(ValueError):
    """Says what is wrong, and never repeats the key: it may be the secret half."""


def recipient_of(key: str) -> pyrage.x25519.Recipient:
    """Raises NotAnAgeKey."""
    if key.strip().upper().startswith("AGE-SECRET-KEY"):
        raise NotAnAgeKey(
            "That is the secret half of the key. Give the other one, which begins with age1, and "
            "make a new key: this one may now be in the history of this server."
        )
    try:
        return pyrage.x25519.Recipient.from_str(key.strip())
    except pyrage.RecipientError:
        raise NotAnAgeKey(f"The key is no age key. {HOW_TO_MAKE_ONE}") from None
