from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "tamizdat.appeals"
