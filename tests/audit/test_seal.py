import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.audit.seal import check, new_key, sign
from scanner.errors import AuditError, InputError

CONTENT = b'{"head":"ab"}\n'


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    secret, public = tmp_path / "count.key", tmp_path / "count.pub"
    new_key(secret, public, "mange små stemmer")
    return secret, public


@pytest.mark.parametrize("words", ["event 7", "kasse Sæterbukta-Å1", "C:\\new\\xe6", "čáŋđ 🗳"])
def test_what_was_signed_holds_and_says_its_words(keys, words):
    seal = sign(CONTENT, keys[0], "mange små stemmer", words)
    assert check(CONTENT, seal.text, keys[1]) == words
    assert seal.text.isascii()


@pytest.mark.skipif(shutil.which("minisign") is None, reason="needs Debian's package minisign")
def test_debians_minisign_accepts_it_and_refuses_another_file(keys, tmp_path):
    file = tmp_path / "head.json"
    file.write_bytes(CONTENT)
    (tmp_path / "head.json.minisig").write_bytes(sign(CONTENT, keys[0], "mange små stemmer", "event 7").text)
    command = ["minisign", "-V", "-p", str(keys[1]), "-m", str(file)]
    assert "event 7" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
    file.write_bytes(CONTENT + b" ")
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


@pytest.mark.parametrize("change", ["content", "words", "signature"])
def test_one_changed_byte_is_refused(keys, change):
    seal = sign(CONTENT, keys[0], "mange små stemmer", "event 7").text
    content = CONTENT
    match change:
        case "content":
            content = b"x" + CONTENT[1:]
        case "words":
            seal = seal.replace(b"event 7", b"event 8")
        case "signature":
            at = seal.index(b"\n") + 40
            seal = seal[:at] + (b"A" if seal[at : at + 1] != b"A" else b"B") + seal[at + 1 :]
    with pytest.raises(AuditError, match="does not hold"):
        check(content, seal, keys[1])


def test_another_key_is_refused(keys, tmp_path):
    new_key(tmp_path / "b.key", tmp_path / "b.pub", "")
    seal = sign(CONTENT, tmp_path / "b.key", "", "event 7")
    with pytest.raises(AuditError):
        check(CONTENT, seal.text, keys[1])


def test_a_wrong_password_is_one_sentence(keys):
    with pytest.raises(InputError, match="cannot be used"):
        sign(CONTENT, keys[0], "galt", "event 7")


def test_a_key_is_never_written_over(keys):
    before = keys[0].read_bytes()
    with pytest.raises(InputError, match="cannot be written"):
        new_key(*keys, "")
    assert keys[0].read_bytes() == before


def test_the_secret_is_readable_by_its_owner_alone(keys):
    assert keys[0].stat().st_mode & 0o077 == 0
