"""What each zone can name, and what it answers."""

import os
import subprocess
import sys

import pytest

from tests.settings import _home

NAMES = """
import django; django.setup()
from django.urls import reverse
reverse("funding:checkout"), reverse("appeals:remind"), reverse("wagtail_serve", args=["harbour/"])
"""
ANSWERS = """
import sys, tamizdat.config.wsgi as wsgi
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": sys.argv[1], "SERVER_NAME": "localhost",
           "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": None}
wsgi.application(environ, lambda status, headers, *_: print(status))
"""


def python(code: str, *arguments: str, zone: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"TAMIZDAT_HOME": str(_home), "TAMIZDAT_ZONE": zone}
    environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.config.settings"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environ, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("zone", ["all", "site", "give", "desk"])
def test_whoever_bakes_can_name_every_address(zone):
    named = python(NAMES, zone=zone)

    assert named.returncode == 0, named.stderr


@pytest.mark.parametrize(
    ("zone", "path"),
    [("give", "/desk/"), ("give", "/ru/desk/login/"), ("desk", "/checkout/"), ("site", "/desk/")],
)
def test_a_zone_does_not_answer_for_another(zone, path):
    answered = python(ANSWERS, path, zone=zone)

    assert answered.stdout.startswith("404"), answered.stderr
