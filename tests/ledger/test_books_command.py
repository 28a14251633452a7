"""`tamizdat books`: a file for an accountant, and whether the sums are right."""

import stat
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tamizdat.ledger import sums
from tamizdat.ledger.models import DaySum
from tests.conftest import NOON
from tests.ledger.writing import book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gift():
    book("gift", date(2026, 11, 1), 500, memo="payment x")


@pytest.mark.parametrize(
    ("format", "start"), [("csv", "at,entry,line"), ("beancount", "; The books")]
)
def test_a_file_is_written_that_only_we_can_read(tmp_path, format, start):
    out = tmp_path / "books"
    call_command("books", "export", str(out), "--from", "2026-11-01", "--format", format)

    assert out.read_text().startswith(start)
    assert "payment x" in out.read_text()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["books"]


def test_a_file_that_is_there_stays(tmp_path):
    (tmp_path / "books").write_text("mine")

    with pytest.raises(CommandError, match="there already"):
        call_command("books", "export", str(tmp_path / "books"))
    assert (tmp_path / "books").read_text() == "mine"


@pytest.mark.parametrize(
    "days", [("--from", "2026-12-02", "--to", "2026-12-01"), ("--to", "yesterday")]
)
def test_days_that_cannot_be_are_refused(tmp_path, days):
    with pytest.raises(CommandError, match=r"no .*day"):
        call_command("books", "export", str(tmp_path / "books"), *days)
    assert not list(tmp_path.iterdir())


def test_the_sums_are_checked(capsys):
    sums.add_up(now=NOON)
    call_command("books", "check")
    assert "reports say what the lines say" in capsys.readouterr().out

    DaySum.objects.update(credit_minor=1)
    with pytest.raises(CommandError, match="altered"):
        call_command("books", "check")
