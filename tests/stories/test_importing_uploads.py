"""Pictures out of a ZIP archive of the uploads, and archives that are refused."""

import zipfile

import pytest

from tamizdat.stories.importing.export import ImportRefused
from tamizdat.stories.importing.uploads import LARGEST_BYTES, opened
from tamizdat.stories.models import Picture
from tests.stories.importing_inputs import bring_in, item, png, wxr_text


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("above", ["", "uploads/", "site/wp-content/uploads/"])
def test_a_file_is_found_wherever_the_archive_begins(tmp_path, above):
    archive = opened(zipped(tmp_path / "up.zip", {f"{above}2020/05/pier.png": png()}))
    assert archive.read("2020/05/pier.png") == png()
    assert archive.read("2020/05/gone.png") is None


def test_accents_are_found_however_the_other_system_wrote_them(tmp_path):
    archive = opened(zipped(tmp_path / "up.zip", {"2020/й.png": png()}))
    assert archive.read("2020/й.png") == png()
    (tmp_path / "й.png").write_bytes(b"x")
    assert opened(tmp_path).read("й.png") == b"x"


BAD = {
    "one that leads out": ({"../../etc/cron.d/x": b"x"}, "leads out of it"),
    "one at the root": ({"/etc/passwd": b"x"}, "leads out of it"),
    "one with backslashes": ({"..\\..\\x.png": b"x"}, "leads out of it"),
    "a bomb": ({"a.png": bytes(1 << 24)}, "swells"),
}


@pytest.mark.parametrize(("files", "why"), BAD.values(), ids=BAD)
def test_an_archive_that_means_harm_is_refused(tmp_path, files, why):
    with pytest.raises(ImportRefused, match=why):
        opened(zipped(tmp_path / "up.zip", files))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all"])
def test_what_is_no_archive_is_refused_in_plain_words(tmp_path, content):
    (tmp_path / "up.zip").write_bytes(content)
    with pytest.raises(ImportRefused, match="no ZIP archive, or it is damaged"):
        opened(tmp_path / "up.zip")


def test_an_archive_behind_a_password_is_refused(tmp_path):
    content = bytearray(zipped(tmp_path / "up.zip", {"a.png": b"x"}).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "up.zip").write_bytes(content)
    with pytest.raises(ImportRefused, match="password"):
        opened(tmp_path / "up.zip")


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(ImportRefused, match="no folder or ZIP archive"):
        opened(tmp_path / "gone.zip")


def test_a_file_larger_than_any_picture_is_not_read(tmp_path):
    with (tmp_path / "film.mov").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(OSError, match="too large"):
        opened(tmp_path).read("film.mov")


@pytest.mark.django_db
def test_a_picture_comes_out_of_the_archive_and_a_torn_one_is_listed(newsroom, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    zipped(tmp_path / "up.zip", {"2020/pier.png": png(), "2020/t.png": b"no picture"})
    html = "".join(f'<img src="/wp-content/uploads/2020/{name}.png">' for name in ("pier", "t"))
    (tmp_path / "old.xml").write_text(wxr_text(item(1, html=html)))
    report = bring_in(tmp_path / "old.xml", uploads=tmp_path / "up.zip")
    assert Picture.objects.count() == 1
    assert report.all_notes()["picture files that cannot be read"] == 1
    assert not bring_in(tmp_path / "old.xml", uploads=tmp_path / "up.zip").changed_anything
