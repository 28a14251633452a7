from functools import lru_cache

from django.conf import settings

from tamizdat.lib.vault import Vault


def vault() -> Vault:
    """The newsroom's own, from the key file outside the database: one key a line, newest first."""
    return _vault(settings.VAULT_KEY)


@lru_cache(maxsize=1)
def _vault(keys: str) -> Vault:
    return Vault(keys.split())
