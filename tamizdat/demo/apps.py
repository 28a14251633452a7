from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "tamizdat.demo"
