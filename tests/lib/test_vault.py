import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.vault import BadKey, CannotOpen, Vault, blind_index, new_key

OLD, NEW = new_key(), new_key()


@given(text=st.text())
def test_what_is_sealed_opens_again(text):
    assert Vault([OLD]).open(Vault([OLD]).seal(text)) == text


@given(text=st.text(min_size=5))
def test_a_blob_does_not_hold_the_text_and_is_never_the_same_twice(text):
    vault = Vault([OLD])

    assert text.encode() not in vault.seal(text)
    assert vault.seal(text) != vault.seal(text)


def test_a_new_key_in_front_seals_and_the_old_one_still_opens():
    before, after = Vault([OLD]), Vault([NEW, OLD])

    assert after.open(before.seal("ana")) == "ana"
    assert Vault([NEW]).open(after.seal("ana")) == "ana"


def test_a_blind_index_differs_by_text_and_by_key():
    assert blind_index("ana", key=OLD) == blind_index("ana", key=OLD)
    assert blind_index("ana", key=OLD) != blind_index("Ana", key=OLD)
    assert blind_index("ana", key=OLD) != blind_index("ana", key=NEW)


def test_a_vault_knows_what_an_older_key_sealed():
    assert Vault([NEW, OLD]).is_newest(Vault([NEW]).seal("ana"))
    assert not Vault([NEW, OLD]).is_newest(Vault([OLD]).seal("ana"))


@given(at=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_a_blob_with_any_byte_altered_does_not_open(at, flip):
    blob = bytearray(Vault([OLD]).seal("ana@example.org"))
    blob[at % len(blob)] ^= flip

    with pytest.raises(CannotOpen):
        Vault([OLD]).open(bytes(blob))


@given(junk=st.binary(max_size=64))
def test_what_is_no_blob_does_not_open(junk):
    with pytest.raises(CannotOpen):
        Vault([OLD]).open(junk)


def test_another_key_opens_nothing():
    with pytest.raises(CannotOpen):
        Vault([NEW]).open(Vault([OLD]).seal("ana"))


@pytest.mark.parametrize("keys", [[], [""], ["c2hvcnQ="], ["not base64!"], ["ключ"]])
def test_a_bad_key_is_refused(keys):
    with pytest.raises(BadKey):
        Vault(keys)
