"""The server's own authority: made once, kept secret, and it signs this host only."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from scanner.errors import InputError
from scanner.web.certificate import certificate


def test_the_authority_is_made_once_and_its_keys_are_the_owners(tmp_path: Path) -> None:
    one = certificate(tmp_path / "tls", "192.0.2.7")
    two = certificate(tmp_path / "tls", "count.example")
    assert one.fingerprint == two.fingerprint
    for key in ("ca.key", "host.key"):
        assert stat.S_IMODE((tmp_path / "tls" / key).stat().st_mode) == 0o600


def test_the_fingerprint_is_that_of_what_stations_are_given(tmp_path: Path) -> None:
    shown = certificate(tmp_path / "tls", "192.0.2.7")
    given = x509.load_pem_x509_certificate(shown.ca.read_bytes())
    assert shown.fingerprint.replace(":", "").lower() == given.fingerprint(hashes.SHA256()).hex()
    host = x509.load_pem_x509_certificate(shown.chain.read_bytes())
    host.verify_directly_issued_by(given)
    names = host.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "192.0.2.7" in [str(one) for one in names.get_values_for_type(x509.IPAddress)]


@pytest.mark.parametrize("name", ["ca.pem", "ca.key"])
def test_other_files_under_these_names_are_an_error_not_a_loss(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "tls"
    certificate(folder, "localhost")
    (folder / name).write_text("somebody's letter")
    with pytest.raises(InputError, match="No certificate can be kept"):
        certificate(folder, "localhost")
    assert (folder / name).read_text() == "somebody's letter"
