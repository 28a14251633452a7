"""Settings from `tamizdat.toml` and the environment. A value that cannot be read stops us.

The environment wins: `site.address` in the file is TAMIZDAT_SITE_ADDRESS there. A secret is
better given as a file: `keys.vault_file`, TAMIZDAT_KEYS_VAULT_FILE.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import available_timezones


class BadSetting(Exception):
    """A setting is missing or cannot be read; the message names it and says what to do."""


class Env:
    """What the operator set. A read declares its name, so that a misspelt one can be refused."""

    def __init__(self, *, file: Mapping[str, Any], environ: Mapping[str, str], home: Path) -> None:
        self.home = home
        self._file = _flat(file)
        self._environ = environ
        self._known: set[str] = set()

    @classmethod
    def load(cls, home: Path, environ: Mapping[str, str] = os.environ) -> "Env":
        """Read `home`/tamizdat.toml. Raises BadSetting when it is missing or is not TOML."""
        path = home / "tamizdat.toml"
        try:
            return cls(file=tomllib.loads(path.read_text()), environ=environ, home=home)
        except FileNotFoundError as error:
            raise BadSetting(
                f"There is no {path}. `tamizdat init DIR` makes a newsroom; run this inside it."
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadSetting(f"{path} is not TOML: {error}.") from error

    def text(self, name: str, *, default: str | None = None) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise BadSetting(f"{name} must be text in quotes, not {value!r}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._value(name, default)
        if value in (True, "on"):
            return True
        if value in (False, "off"):
            return False
        raise BadSetting(f"{name} must be on or off, not {value!r}.")

    def integer(self, name: str, *, default: int) -> int:
        """A whole number from 1 up."""
        value = str(self._value(name, default))
        if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
            raise BadSetting(f"{name} must be a whole number from 1 up, not {value!r}.")
        return int(value)

    def timezone(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in available_timezones():
            raise BadSetting(f"{name} must be a time zone such as Europe/Riga, not {value!r}.")
        return value

    def choice(self, name: str, *, of: tuple[str, ...], default: str) -> str:
        value = self.text(name, default=default)
        if value not in of:
            raise BadSetting(f"{name} must be one of {', '.join(of)}, not {value!r}.")
        return value

    def words(self, name: str, *, default: list[str]) -> list[str]:
        """A list of texts, not empty unless `default` is; in the environment, spaces between."""
        value = self._value(name, default)
        words = value.split() if isinstance(value, str) else value
        is_missing = default and not words
        if is_missing or not all(isinstance(word, str) for word in words):
            raise BadSetting(f"{name} must be a list of texts, not {value!r}.")
        return list(words)

    def table(self, name: str) -> dict[str, str]:
        """The texts of the table [name], by their keys in upper case; empty if there is none.

        Raises BadSetting if something else stands there: nobody would read it.
        """
        self._known.add(name)
        if name in self._file or _variable(name) in self._environ:
            raise BadSetting(f"{name} must be a table: a line [{name}], and its values below it.")
        start = _variable(name) + "_"
        keys = {key for key in self._file if key.startswith(f"{name}.")}
        set_outside = (key for key in self._environ if key.startswith(start))
        keys |= {f"{name}.{key.removeprefix(start)}" for key in set_outside}
        return {key.rpartition(".")[2].upper(): self.text(key) for key in sorted(keys)}

    def address(self, name: str, *, default: str) -> str:
        """An http(s) address without a path or a trailing slash, or empty."""
        value = self.text(name, default=default)
        return _address(name, value) if value else ""

    def addresses(self, name: str) -> list[str]:
        """A list of such addresses, empty unless it is set."""
        is_set = self._value(name, "") != ""
        return [_address(name, word) for word in self.words(name, default=[])] if is_set else []

    def path(self, name: str, *, default: str) -> Path:
        """A path; a relative one starts at the newsroom's folder."""
        return self.home / Path(self.text(name, default=default)).expanduser()

    def secret(self, name: str, *, default_file: str | None = None) -> str:
        """The value of `name`, or the contents of the file that `name`_file points to."""
        if value := self._environ.get(_variable(name)):
            return value
        path = self.path(f"{name}_file", default=default_file or "")
        if path == self.home:
            raise BadSetting(f"Set {name}_file, or the variable {_variable(name)}.")
        try:
            return path.read_text().strip()
        except OSError as error:
            raise BadSetting(f"{name}_file: cannot read {path} ({error.strerror}).") from error

    def database(self, name: str, *, sqlite: Path) -> dict[str, Any]:
        """Django's DATABASES entry: SQLite when `name` is empty, else postgresql://user@host/db."""
        url = _split(name, self.text(name, default=""))
        if not url.scheme:
            engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite, "OPTIONS": _SQLITE}
            return engine | _KEPT
        if url.scheme not in ("postgres", "postgresql"):
            raise BadSetting(f"{name} must be empty (SQLite) or start with postgresql://.")
        options = {key: values[-1] for key, values in parse_qs(url.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": options.pop("host", url.hostname or ""),
            "PORT": url.port or "",
            "OPTIONS": options,
            **_KEPT,
        }

    def refuse_unknown(self) -> None:
        """Raise BadSetting if the file sets a name that was never read."""
        for name in sorted(self._file.keys() - self._known):
            close = difflib.get_close_matches(name, self._known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise BadSetting(f"tamizdat.toml sets {name}, which is no setting.{hint}")

    def _value(self, name: str, default: object) -> Any:
        self._known.add(name)
        value = self._environ.get(_variable(name), self._file.get(name, default))
        if value is None:
            raise BadSetting(f"Set {name} in tamizdat.toml, or {_variable(name)}.")
        return value


# IMMEDIATE: a writer waits its turn at BEGIN instead of failing half-way. FULL: what is committed
# survives a power cut, or a bank might have been asked for money that nobody remembers. A full
# bake writes millions of rows: each page of the file is copied into place once then, not ten times
# (40 MB of log, not 4), and of an index 16 MB stay in memory, not 2.
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=10000; PRAGMA cache_size=-16384;",
}
# A thread keeps its connection from one request to the next, and sees whether it is still there:
# most of what a short request costs would be making one.
_KEPT = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def _address(name: str, value: str) -> str:
    value = value.rstrip("/")
    parts = _split(name, value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
        raise BadSetting(f"{name} must look like https://example.org, not {value!r}.")
    return value


def _split(name: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 is read only now
    except ValueError as error:  # said without the address: there may be a password in it
        raise BadSetting(f"{name} has a host or a port that cannot be.") from error
    return parts


def _variable(name: str) -> str:
    return "TAMIZDAT_" + name.upper().replace(".", "_")


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        nested = isinstance(value, dict)
        flat.update(_flat(value, f"{prefix}{key}.") if nested else {f"{prefix}{key}": value})
    return flat
