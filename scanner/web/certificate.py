"""The server's own certificate authority: the pages are encrypted on a network without the internet.

The stations are told once to trust `ca.pem`, after its fingerprint was compared with the one shown
by the server; then no one on the network can pose as it.
"""

import datetime
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from scanner.errors import InputError

_CA_DAYS, _HOST_DAYS = 730, 90


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files for the server, and what people compare."""

    chain: Path  # PEM, certificate of the host
    key: Path  # PEM, readable by its owner alone
    ca: Path  # PEM, for the stations
    fingerprint: str  # sha256 of the authority's certificate, in pairs


def certificate(folder: Path, host: str) -> Certificate:
    """A certificate for the host, signed by the authority in `folder`, which is made if it is not there.

    InputError if the folder cannot be written or holds other files under these names.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / "ca.pem").exists():
            _make_authority(folder)
        authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InputError(f"{folder}/ca.key is not a key of this program; choose another folder.")
        _make_host(folder, host, authority, key)
    except (OSError, ValueError) as error:
        raise InputError(f"No certificate can be kept in {folder}: {error}.") from error
    mark = authority.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(folder / "host.pem", folder / "host.key", folder / "ca.pem", mark)


def _make_authority(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("valgskanner, this count only")
    made = (
        _lasting(name, name, key, _CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(folder / "ca.key", key)
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _make_host(
    folder: Path, host: str, authority: x509.Certificate, signer: ec.EllipticCurvePrivateKey
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = dict.fromkeys((host, "localhost", "127.0.0.1"))
    made = (
        _lasting(_name(host), authority.subject, key, _HOST_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_alternative(one) for one in names]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write_key(folder / "host.key", key)
    (folder / "host.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _lasting(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # a station's clock may lag
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Never readable by others, not even for a moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
