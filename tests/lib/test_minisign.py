import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.lib.minisign import BadKey, SecretKey
from tamizdat.lib.verifying import NotOurs, PublicKey, ed25519_holds

KEY = SecretKey.generate()
needs_minisign = pytest.mark.skipif(
    not shutil.which("minisign"), reason="the stock minisign is not installed"
)
# RFC 8032, 7.1: test 2, and test 3.
RFC = [
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), RFC)
def test_the_verifier_agrees_with_the_standard(key, message, signature):
    key, message, signature = map(bytes.fromhex, (key, message, signature))

    assert ed25519_holds(key, message, signature)
    assert not ed25519_holds(key, message + b"x", signature)
    assert not ed25519_holds(key, message, signature[:63] + bytes([signature[63] ^ 16]))


@given(content=st.binary(max_size=99))
@settings(max_examples=20)
def test_what_was_signed_holds_and_nothing_else_does(content):
    signature = KEY.sign(content, trusted_comment="sequence:7")
    key = PublicKey.read(KEY.public_file())

    assert key.check(content, signature) == "sequence:7"
    with pytest.raises(NotOurs):
        key.check(content + b"x", signature)
    with pytest.raises(NotOurs, match="comment"):
        key.check(content, signature.replace(b"sequence:7", b"sequence:8"))


@needs_minisign
def test_the_stock_tool_believes_our_signature(tmp_path):
    (tmp_path / "m").write_bytes(b"salt")
    (tmp_path / "m.minisig").write_bytes(KEY.sign(b"salt", trusted_comment="sequence:7"))
    done = subprocess.run(
        ["minisign", "-Vm", tmp_path / "m", "-P", KEY.public()],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert "Trusted comment: sequence:7" in done.stdout


@needs_minisign
def test_the_stock_tool_signs_with_our_sealed_key_and_we_believe_it(tmp_path):
    (tmp_path / "root.key").write_text(KEY.as_text(passphrase="fog"))
    (tmp_path / "m").write_bytes(b"salt")
    subprocess.run(
        ["minisign", "-Sm", tmp_path / "m", "-s", tmp_path / "root.key"],
        input="fog\n", check=True, capture_output=True, text=True,
    )  # fmt: skip

    PublicKey.read(KEY.public()).check(b"salt", (tmp_path / "m.minisig").read_bytes())


def test_a_sealed_key_opens_with_its_passphrase_alone():
    sealed = KEY.as_text(passphrase="fog")

    assert SecretKey.from_text(sealed, passphrase="fog") == KEY
    assert SecretKey.from_text(KEY.as_text()) == KEY
    with pytest.raises(BadKey, match="passphrase"):
        SecretKey.from_text(sealed, passphrase="salt")
    with pytest.raises(BadKey, match="no minisign"):
        SecretKey.from_text("no\nkey")
