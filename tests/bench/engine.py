"""What the measurements need to know of how this release bakes. The only place that knows it."""

FULL = ("bake", "--all")
VERIFY = ("bake", "--verify")


def catch_up() -> None:
    """What the worker does after an edit: bake whatever is not live yet."""
    from django.utils import timezone

    from tamizdat.editions import baking

    baking.catch_up(now=timezone.now())


def pages() -> int:
    """How many pages there are."""
    import django

    django.setup()
    from tamizdat.editions.models import Baked

    return Baked.objects.count()


if __name__ == "__main__":  # in the newsroom that TAMIZDAT_HOME names
    print(pages())
