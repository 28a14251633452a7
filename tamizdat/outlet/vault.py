from functools import lru_cache

from django.conf import settings

from tamizdat.lib import vault as sealing
from tamizdat.lib.vault import Vault


def vault() -> Vault:
    """The newsroom's own, from the key file outside the database: one key a line, newest first."""
    return _vault(settings.VAULT_KEY)


def blind_index(text: str) -> str:
    """Finds what is sealed. Its key is never rotated: an index cannot be made again from itself."""
    return sealing.blind_index(text, key=settings.INDEX_KEY)


@lru_cache(maxsize=1)
def _vault(keys: str) -> Vault:
    return Vault(keys.split())
