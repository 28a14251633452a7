"""Where an http address leads: to this machine, or along a way that others can read."""

from urllib.parse import urlsplit

AT_HOME = ("localhost", "127.0.0.1", "::1")


def is_at_home(address: str) -> bool:
    """Whether it leads to this machine."""
    return urlsplit(address).hostname in AT_HOME


def is_private(address: str) -> bool:
    """Whether nobody on the way can read or change what passes."""
    parts = urlsplit(address)
    is_sealed = parts.scheme == "https" or (parts.hostname or "").endswith(".onion")
    return is_sealed or is_at_home(address)
