from django.apps import AppConfig


class OutletConfig(AppConfig):
    name = "tamizdat.outlet"

    def ready(self) -> None:
        from tamizdat.outlet import refusing

        refusing.install()
