from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "tamizdat.theme"

    def ready(self) -> None:
        from tamizdat.editions.targets import register
        from tamizdat.theme.targets import targets

        register(targets)
