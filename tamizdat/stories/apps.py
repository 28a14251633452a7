from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "tamizdat.stories"

    def ready(self) -> None:
        from tamizdat.stories import receivers  # noqa: F401
