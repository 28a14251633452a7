"""The folder of a newsroom, as it is made."""

import contextlib
import sqlite3

import pytest

from tamizdat.config import newsroom
from tamizdat.lib.env import BadSetting


def test_keys_and_mails_are_for_the_owner_alone(tmp_path):
    newsroom.write_folder(tmp_path / "paper", languages=["en"])

    private = {path.name: path for path in (tmp_path / "paper").iterdir() if path.is_dir()}
    assert private.keys() == {"secrets", "mail"}
    assert {path.stat().st_mode & 0o777 for path in private.values()} == {0o700}
    assert {key.stat().st_mode & 0o777 for key in private["secrets"].iterdir()} == {0o600}


def test_the_database_and_what_stands_beside_it_are_for_the_owner_alone(tmp_path):
    newsroom.write_folder(tmp_path / "paper", languages=["en"])
    with contextlib.closing(sqlite3.connect(tmp_path / "paper/db.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE readers (name)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("paper/db*")}

    assert modes == dict.fromkeys(["db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"], 0o600)


def test_a_key_that_is_there_is_never_written_again(tmp_path):
    newsroom.write_folder(tmp_path / "paper", languages=["en"])
    vault = (tmp_path / "paper/secrets/vault.key").read_text()
    newsroom.write_folder(tmp_path / "paper", languages=["en", "ru"])

    assert (tmp_path / "paper/secrets/vault.key").read_text() == vault


def test_a_mistyped_language_leaves_no_newsroom_behind(tmp_path):
    with pytest.raises(BadSetting, match="'xx' is no language code"):
        newsroom.write_folder(tmp_path / "paper", languages=["en", "xx"])

    assert not (tmp_path / "paper").exists()


def test_a_newsroom_is_not_founded_again_in_other_languages(tmp_path):
    newsroom.write_folder(tmp_path / "paper", languages=["en"])

    with pytest.raises(BadSetting, match=r"newsroom already.*under \[outlet\]"):
        newsroom.init([str(tmp_path / "paper"), "--languages", "en", "ru"])
