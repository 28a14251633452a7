from django.contrib.auth.models import AbstractUser


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's, untyped
    """Someone who works here. Readers and supporters are never users."""
