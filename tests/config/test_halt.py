"""`tamizdat halt`: the operator's side, and the signed report."""

import json
import shutil
import subprocess

import pytest
from django.core.management import CommandError, call_command

from tamizdat.editions import signing
from tamizdat.funding.models import HaltOrder, Pledge
from tamizdat.lib.verifying import PublicKey
from tests.funding.givers import ADDRESS, at, pledge_of
from tests.payments.banks import nowhere  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.RELEASE_KEY_FILE = tmp_path / "secrets/release.key"
    return tmp_path


@pytest.fixture
def pledge(home, request, nowhere):  # noqa: F811
    request.getfixturevalue("outlet_with_amounts")
    return pledge_of(nowhere, now=at(2026, 1, 31))


@pytest.fixture
def outlet_with_amounts(db):
    from wagtail.models import Locale

    from tamizdat.funding import founding
    from tamizdat.outlet.models import Masthead

    locale, _ = Locale.objects.get_or_create(language_code="en")
    Masthead.objects.create(locale=locale, name="The Lantern")
    founding.found()


def halt(*arguments):
    call_command("halt", *arguments)


def reports(home):
    return sorted((home / "halts").glob("*.json"))


@pytest.mark.parametrize("scope", [["--country", "us"], ["--provider", "demo-bank"], ["--all"]])
def test_it_halts_and_leaves_a_report_that_says_how_many_and_not_who(home, pledge, scope, capsys):
    halt(*scope, "--reason", "a new law")

    [file] = reports(home)
    report = json.loads(file.read_bytes())
    assert Pledge.objects.get().state == "halted"
    assert (report["pledges_halted"], report["attempts_not_reached"]) == (1, {})
    assert ADDRESS not in file.read_text()
    assert pledge.public_id not in file.read_text()
    assert file.parent.stat().st_mode & 0o077 == 0
    assert f'"pledges_halted": {report["pledges_halted"]}' in capsys.readouterr().out


def test_the_report_is_signed_with_the_key_that_signs_editions(home, pledge):
    halt("--all")

    [file] = reports(home)
    signature = file.with_name(f"{file.name}.minisig").read_bytes()
    PublicKey.read(signing.release_key().public()).check(file.read_bytes(), signature)
    if minisign := shutil.which("minisign"):
        public = signing.release_key().public()
        subprocess.run([minisign, "-Vm", file, "-P", public], check=True, capture_output=True)


def test_a_rehearsal_prints_the_same_and_leaves_nothing(home, pledge, capsys):
    halt("--country", "US", "--dry-run")

    said = capsys.readouterr().out
    assert '"pledges_halted": 1' in said
    assert "Nothing was changed" in said
    assert Pledge.objects.get().state == "active"
    assert not HaltOrder.objects.exists()
    assert not list(home.rglob("*"))


def test_what_no_bank_answered_is_told_first_and_fails_loudly(home, pledge, nowhere, capsys):  # noqa: F811
    from tamizdat.funding import schedule

    nowhere.bank.dial.turn(break_before=9)
    schedule.charge_due(now=at(2026, 2, 28))

    with pytest.raises(SystemExit) as ended:
        halt("--all")

    assert ended.value.code == 2
    assert "1 attempt could not be called off" in capsys.readouterr().out
    assert json.loads(reports(home)[0].read_bytes())["attempts_not_reached"] == {"demo-bank": 1}


def test_it_is_lifted_by_its_number_and_for_a_reason(home, pledge, capsys):
    halt("--all")
    number = HaltOrder.objects.get().pk
    with pytest.raises(CommandError, match="Say why"):
        halt("--lift", str(number))

    halt("--lift", str(number), "--reason", "the bank is back")

    assert "stay halted" in capsys.readouterr().out
    assert not HaltOrder.objects.in_force().exists()
    with pytest.raises(CommandError, match="no halt"):
        halt("--lift", str(number), "--reason", "again")


def test_it_is_not_lifted_while_a_bank_could_not_be_told_and_says_what_to_do(
    home,
    pledge,
    nowhere,  # noqa: F811
):
    from tamizdat.funding import schedule

    nowhere.bank.dial.turn(break_before=9)
    schedule.charge_due(now=at(2026, 2, 28))
    with pytest.raises(SystemExit):
        halt("--all")

    with pytest.raises(CommandError, match=r"1 attempt .* \(demo-bank does not answer\).* again"):
        halt("--lift", str(HaltOrder.objects.get().pk), "--reason", "the bank is back")

    assert HaltOrder.objects.in_force().exists()


def test_alone_it_says_what_is_in_force(home, pledge, capsys):
    halt()
    assert "Nothing is halted" in capsys.readouterr().out
    halt("--provider", "demo-bank", "--reason", "they asked for names")

    halt()

    assert "provider demo-bank" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("wrong", [["--country", "UK"], ["--country", "Iran"], ["--provider", "x"]])
def test_what_is_no_country_and_no_provider_is_refused(home, pledge, wrong):
    with pytest.raises(CommandError, match=wrong[1]):
        halt(*wrong)
    assert not HaltOrder.objects.exists()
