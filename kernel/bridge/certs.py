"""A private authority and the certificates of both ends, as six PEM files in one folder."""

import ipaddress
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kernel.bridge.credentials import Unusable

BRIDGE: Final = "mt4api-bridge"
CLIENT: Final = "mt4api-client"
AUTHORITY_DAYS: Final = 3650
_FILES: Final = ("ca.pem", "ca-key.pem", "bridge.pem", "bridge-key.pem", "client.pem", "client-key.pem")
_BEFORE: Final = timedelta(hours=1)
"""Clocks of two machines differ: a certificate is valid from a little earlier."""


def make(folder: Path, *, days: int, hosts: Sequence[str] = (), client: str = "", renew: bool = False) -> list[Path]:
    """Write the files and name them; with ``renew`` authority and names stay and both ends get new ones.

    ``hosts`` are further names and addresses of the bridge. Raises ``Unusable``, and then nothing changed.
    """
    present = [name for name in _FILES if (folder / name).exists()]
    if renew:
        authority, authority_key = _known(folder)
        hosts = hosts or [name for name in _names(folder / "bridge.pem") if name != BRIDGE]
        client = client or next(iter(_names(folder / "client.pem")), CLIENT)
        files: dict[str, bytes] = {}
    else:
        if present:
            raise Unusable(f"{folder} already has {', '.join(present)}; with --renew the authority in it is kept")
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(authority_key)
        files = {"ca.pem": _pem(authority), "ca-key.pem": _key_pem(authority_key)}
    ends = (
        ("bridge", BRIDGE, (BRIDGE, *hosts), ExtendedKeyUsageOID.SERVER_AUTH),
        ("client", client or CLIENT, (client or CLIENT,), ExtendedKeyUsageOID.CLIENT_AUTH),
    )
    for name, subject, names, usage in ends:
        key = ec.generate_private_key(ec.SECP256R1())
        signed = _signed(subject, names, key, usage, authority, authority_key, days)
        files |= {f"{name}.pem": _pem(signed), f"{name}-key.pem": _key_pem(key)}
    return _written(folder, files)


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mt4api private authority")])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        _builder(name, name, key, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signed(
    subject: str,
    names: Sequence[str],
    key: ec.EllipticCurvePrivateKey,
    usage: x509.ObjectIdentifier,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    days: int,
) -> x509.Certificate:
    now = datetime.now(UTC)
    ends = min(now + timedelta(days=days), authority.not_valid_after_utc)
    try:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        alternatives = x509.SubjectAlternativeName([_general(each) for each in names])
    except ValueError as error:
        raise Unusable(f"a certificate cannot hold the name: {error}") from error
    return (
        _builder(authority.subject, name, key, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - _BEFORE)
        .not_valid_after(ends)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _known(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        certificate = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "ca-key.pem").read_bytes(), None)
    except OSError as error:
        raise Unusable(f"{error.filename} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise Unusable(f"{folder} holds no authority that can be used: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise Unusable(f"{folder}: ca-key.pem is not the key of ca.pem")
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise Unusable(f"{folder}: the authority has expired; make a new one in another folder")
    return certificate, key


def _names(path: Path) -> list[str]:
    """Give the names in a certificate of ours; none where there is none to be read."""
    try:
        extensions = x509.load_pem_x509_certificate(path.read_bytes()).extensions
        names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write all beside their places first, and put them there only when every one is on disk."""
    waiting: list[tuple[Path, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            made = folder / f".{name}.new"
            waiting.append((made, folder / name))
            made.unlink(missing_ok=True)
            mode = 0o600 if name.endswith("-key.pem") else 0o644
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for made, place in waiting:
            made.replace(place)
    except OSError as error:
        raise Unusable(f"{error.filename or folder} cannot be written: {error.strerror}") from error
    finally:
        for made, _ in waiting:
            made.unlink(missing_ok=True)
    return [place for _, place in waiting]
