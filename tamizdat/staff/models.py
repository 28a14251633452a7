from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's, untyped
    """Someone who works here. Readers and supporters are never users."""


class Errand(models.Model):
    """A task of Wagtail's that the worker will do."""

    task = models.CharField(max_length=200)  # where its function is
    arguments = models.TextField()  # JSON

    class Meta:
        constraints = [models.UniqueConstraint("task", "arguments", name="errand_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.arguments}"
