from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "tamizdat.newsletters"

    def ready(self) -> None:
        from tamizdat.newsletters import receivers  # noqa: F401
