"""Addresses that belong to the software, so that no page may take them."""

RESERVED_SLUGS = frozenset(
    [
        "assets",
        "checkout",
        "desk",
        "documents",
        "give",
        "hooks",
        "letterbox",
        "manage",
        "media",
        "remind",
        "static",
        "thanks",
    ]
)
