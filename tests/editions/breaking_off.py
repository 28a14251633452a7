"""How a bake is broken off or begun from nothing, for the law of the editions."""

import contextlib
from unittest.mock import patch

from django.db import transaction

from tamizdat.editions import baking, crew, keeping, live, taking_in
from tamizdat.editions import models as engine

OF_THE_ENGINE = [
    engine.Baked,
    engine.Begotten,
    engine.Change,
    engine.Claim,
    engine.Edition,
    engine.KnownFact,
    engine.Outdated,
    engine.Read,
    engine.Software,
    engine.StalePath,
    engine.TakingIn,
    engine.Watch,
]
STEPS = [
    (taking_in, "take_in"),
    (crew, "bake_here"),
    (keeping, "keep"),
    (baking, "_keep"),  # what it kept is not live yet
    (live, "go_live"),
    (live, "store"),
]


class PowerCut(BaseException):
    pass


@contextlib.contextmanager
def failing_at(step):
    """The power is cut just after this step."""
    module, name = step
    real = getattr(module, name)

    def fail(*args, **kwargs):
        real(*args, **kwargs)
        raise PowerCut

    with contextlib.suppress(PowerCut), patch.object(module, name, fail):
        yield


@contextlib.contextmanager
def interrupted_by(edit):
    """Once pages are made, and before they are kept, somebody changes something."""
    real, once = crew.bake_here, [edit]

    def bake_here(*args, **kwargs):
        batch = real(*args, **kwargs)
        if once:
            once.pop()()
        return batch

    with patch.object(crew, "bake_here", bake_here):
        yield


def bake_from_nothing(*, now):
    """Bake into an empty folder, knowing nothing; then the database knows what it knew."""
    with transaction.atomic():
        for model in OF_THE_ENGINE:
            model.objects.all()._raw_delete("default")
        baking.bake(now=now, workers=1)
        transaction.set_rollback(True)
