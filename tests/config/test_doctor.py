from datetime import timedelta

import pytest
from django.core.management import call_command

from tamizdat.config import checks, examining, heartbeat
from tamizdat.editions.checks import the_live_tree_can_be_written
from tamizdat.editions.models import Edition, Outdated
from tests.conftest import NOON


@pytest.fixture
def home(settings, tmp_path, db):
    """A newsroom in which all is well but for what a test breaks."""
    settings.HOME, settings.SITE_ROOT = tmp_path, tmp_path / "site"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    (tmp_path / "secrets").mkdir()
    heartbeat.beat(now=NOON)
    add_edition(failed_count=0)
    return tmp_path


def add_edition(failed_count):
    sizes = {"baked_count": 1, "file_count": 1, "changed_count": 1, "size_bytes": 1}
    Edition.objects.all().delete()
    Edition.objects.create(number=1, baked_at=NOON, failed_count=failed_count, **sizes)


def examine(now=NOON):
    return [(f.must_be_fixed, f.says) for f in examining.examine(now=now)]


def test_there_is_nothing_to_fix_where_all_is_well(home):
    assert not [says for must, says in examine() if must]


def test_a_newsroom_that_never_baked_must_bake(home):
    Edition.objects.all().delete()
    assert (True, "No edition is baked yet: readers see nothing.") in examine()


def test_pages_that_failed_must_be_looked_at(home):
    add_edition(failed_count=3)
    assert (True, "3 pages of edition 1 could not be baked.") in examine()


def test_changes_that_wait_too_long_are_told(home):
    long_ago = NOON - timedelta(minutes=11)
    Outdated.objects.create(id=1, key="x()", why="x", priority=0, not_before=long_ago)
    assert (True, "1 pages wait to be baked for more than ten minutes.") in examine()


def test_a_desk_that_nobody_can_enter_is_told(home, django_user_model):
    assert (False, "Nobody can sign in to the desk.") in examine()

    django_user_model.objects.create_user("ana", password="not-a-secret")
    assert (False, "Nobody can sign in to the desk.") not in examine()


def test_a_language_that_we_do_not_speak_is_told(home, settings):
    settings.LANGUAGES = [("be-tarask", "Беларуская"), ("fa", "فارسی"), ("en", "English")]

    told = [says for _, says in examine() if "our own sentences" in says]
    assert told == [
        "Readers in Беларуская find our own sentences (buttons, forms, mails) in English."
    ]


def test_a_worker_that_went_silent_is_told(home):
    told = [says for _, says in examine(now=NOON + timedelta(hours=1))]
    assert any("since 2026-11-22 12:00 UTC" in says for says in told)


@pytest.mark.parametrize("name", ["secrets/vault.key", "db.sqlite3", "db.sqlite3-wal"])
def test_a_key_or_a_database_that_others_can_read_must_be_fixed(home, name):
    (home / name).touch(0o644)
    assert (True, f"Others on this machine can read {home / name}.") in examine()


def test_mail_that_goes_to_files_is_told(home, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert any("Mail reaches nobody" in says for _, says in examine())


def test_pretend_money_on_a_public_site_is_told(home, settings):
    settings.SITE_ADDRESS = "https://paper.example"
    assert any("takes no real money" in says for _, says in examine())


def test_the_command_says_what_to_do_and_fails_when_something_must_be_fixed(home, capsys):
    Edition.objects.all().delete()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor")

    assert ended.value.code == 1
    assert "Fix: No edition is baked yet: readers see nothing.\n     Run `tamizdat bake`." in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("address", "count"),
    [("http://paper.example", 1), ("https://paper.example", 0), ("http://localhost:8000", 0),
     ("http://abcdef.onion", 0)],
)  # fmt: skip
def test_a_public_address_without_encryption_is_warned_of(settings, address, count):
    settings.SITE_ADDRESS = settings.DESK_ADDRESS = address
    assert len(checks.public_addresses_are_encrypted()) == 2 * count


def test_a_live_tree_that_is_a_file_is_an_error(settings, tmp_path):
    settings.SITE_ROOT = tmp_path / "site"
    assert the_live_tree_can_be_written() == []
    settings.SITE_ROOT.touch()
    assert [message.id for message in the_live_tree_can_be_written()] == ["editions.E001"]
