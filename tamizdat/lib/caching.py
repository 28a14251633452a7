"""How long a browser or a cache may keep a file of the site, wherever it is served from."""

FOREVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60, must-revalidate"
IMMUTABLE = (
    "/assets/",
    "/media/images/",
    "/media/q/",
    "/media/k/",
)  # their names change with their contents


# What a page of another site of ours reads: public files, that hold nothing of any reader.
OPEN_TO_ALL_ORIGINS = ("/appeals/", "/elsewhere.")


def cache_control(address: str) -> str:
    return FOREVER if address.startswith(IMMUTABLE) else A_MINUTE
