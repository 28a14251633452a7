"""The architecture rules that no linter knows."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
SOURCES = [p for p in (ROOT / "tamizdat").rglob("*.py") if "migrations" not in p.parts]
# Readers are handed this one file: it can import nothing of ours.
LONGER = {"tamizdat/lib/verifying.py": 600}
VAGUE = {"utils", "helpers", "common", "misc", "services", "managers", "core", "base_models"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_short_and_named_for_what_it_holds(path):
    assert path.stem not in VAGUE
    assert len(path.read_text().splitlines()) <= LONGER.get(str(path.relative_to(ROOT)), 400)


@pytest.mark.django_db
def test_what_models_say_is_in_their_migrations():
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("tamizdat.")]

    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)


def test_foreign_keys_point_downwards():
    """import-linter cannot see `ForeignKey("app.Model")`, so look at the models themselves."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    height = {app: -i for i, layer in enumerate(layers) for app in re.findall(r"\w+", layer)}

    upward = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one
        and model._meta.app_label in height
        and field.related_model._meta.app_label in height
        and field.related_model is not model
        and model._meta.app_label != field.related_model._meta.app_label
        and height[field.related_model._meta.app_label] >= height[model._meta.app_label]
    ]
    assert upward == []
