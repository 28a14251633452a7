"""What an operator can set, run or be told is in docs/operating.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCT = ROOT / "tamizdat"
OPERATING = (ROOT / "docs/operating.md").read_text()

SETTINGS = sorted(
    set(re.findall(r'env\.\w+\(\s*"([a-z_.]+)"', (PRODUCT / "config/settings.py").read_text()))
)
COMMANDS = sorted(
    path.stem.replace("_", "-")
    for path in PRODUCT.glob("*/management/commands/*.py")
    if path.stem != "__init__"
)
CHECK_IDS = sorted(
    found
    for path in PRODUCT.rglob("checks.py")
    for found in re.findall(r'id="(\w+\.[EW]\d+)"', path.read_text())
)


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_is_documented(setting):
    assert f"`{setting}`" in OPERATING


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented(command):
    assert f"`tamizdat {command}" in OPERATING


@pytest.mark.parametrize("check_id", CHECK_IDS)
def test_a_check_is_documented(check_id):
    assert f"`{check_id}`" in OPERATING


@pytest.mark.parametrize("path", sorted((PRODUCT).rglob("django.po")), ids=lambda p: str(p.parent))
def test_a_translation_is_complete(path):
    entries = path.read_text().split("\n\n")[1:]
    unfinished = [e for e in entries if "#, fuzzy" in e or re.search(r'msgstr(\[\d\])? ""\s*$', e)]

    assert unfinished == []
