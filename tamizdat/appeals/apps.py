from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "tamizdat.appeals"

    def ready(self) -> None:
        from tamizdat.appeals import receivers  # noqa: F401
