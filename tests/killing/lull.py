"""A quiet hour, for what counts how much is begun at once: a crowd is no attack.

python -m tests.killing.lull, in the newsroom that TAMIZDAT_HOME names; prints JSON.
"""

import json
import sys
from datetime import timedelta

import django


def main() -> None:
    django.setup()
    from django.utils import timezone

    from tamizdat.payments import limiting

    json.dump(limiting.forget(now=timezone.now() + timedelta(hours=1)), sys.stdout)


if __name__ == "__main__":
    main()
