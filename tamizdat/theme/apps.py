from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "tamizdat.theme"

    def ready(self) -> None:
        from tamizdat.editions import enclosures
        from tamizdat.editions.targets import register
        from tamizdat.stories import developing
        from tamizdat.theme import cards
        from tamizdat.theme.targets import targets

        register(targets)
        enclosures.makers |= {developing.STORE: developing.develop, cards.STORE: cards.draw}
