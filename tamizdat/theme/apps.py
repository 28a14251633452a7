from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "tamizdat.theme"

    def ready(self) -> None:
        from tamizdat.editions import searching, software, watching  # noqa: F401
        from tamizdat.funding import methods
        from tamizdat.theme import (  # noqa: F401 they register what they bake and show
            corrections,
            feeds,
            maps,
            moves,
            pages,
            previewing,
            targets,
        )
        from tamizdat.theme.watched import watched

        watching.register(watched())
        software.watch(methods.as_shown)
