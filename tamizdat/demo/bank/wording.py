import tomllib
from functools import cache
from pathlib import Path


def speak(language: str) -> dict[str, str]:
    """What the bank's pages say in `language`, or in English."""
    words = _words()
    return words.get(language[:2], words["en"])


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
