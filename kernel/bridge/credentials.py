"""Who may listen and who may call: loopback without TLS, or mutual TLS with names pinned on both sides."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import grpc
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from msgspec import Struct

from kernel.drivers.wire.messages import Role

_ADDRESS: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):(?P<port>[0-9]{1,5})\Z")
_LARGEST_PORT: Final = 65_535
_WARNING_DAYS: Final = 30
_log = structlog.stdlib.get_logger("mt4api.bridge")


class Unusable(Exception):
    """An address or a certificate that the bridge cannot work with; the text is for the operator."""


class Papers(Struct, frozen=True, kw_only=True):
    """The three PEM files of one end."""

    ca: Path
    certificate: Path
    key: Path

    def read(self) -> tuple[bytes, bytes, bytes]:
        """Give the three, checked to be what they should. Raises ``Unusable``."""
        found: list[bytes] = []
        for path in (self.ca, self.certificate, self.key):
            try:
                found.append(path.read_bytes())
            except OSError as error:
                raise Unusable(f"{path} cannot be read: {error.strerror or type(error).__name__}") from error
        ca, certificate, key = found
        _look_at(self.ca, ca)
        public = _look_at(self.certificate, certificate)
        try:
            fits = serialization.load_pem_private_key(key, None).public_key() == public
        except (ValueError, TypeError) as error:
            raise Unusable(f"{self.key} holds no private key that can be used: {error}") from error
        if not fits:
            raise Unusable(f"{self.key} is not the key of {self.certificate}")
        return ca, certificate, key


def checked_address(address: str, *, tls: bool) -> str:
    """Give the address back. Raises ``Unusable`` for one that is none, or that needs TLS and has none."""
    found = _ADDRESS.match(address)
    if found is None or int(found["port"]) > _LARGEST_PORT:
        raise Unusable(f"listen: expected HOST:PORT, got {address!r}")
    if not tls and not _is_loopback(found["host"].strip("[]")):
        raise Unusable(
            f"listen: {address} can be reached from elsewhere, so it needs certificate, key and ca; "
            "make them with: mt4api bridge certs DIR"
        )
    return address


def server_credentials(papers: Papers) -> grpc.ServerCredentials:
    """Give credentials that ask for a client certificate of our own authority, read anew when the files change.

    Raises ``Unusable`` when they cannot be read now; a later change that cannot be read keeps the old.
    """
    known = papers.read()

    def fresh() -> Any:
        nonlocal known
        try:
            now = papers.read()
        except Unusable as error:
            _log.error("the certificates cannot be read, the old ones stay", reason=str(error))
            return None
        if now == known:
            return None
        known = now
        _log.info("certificates read anew")
        return _configuration(now)

    return grpc.dynamic_ssl_server_credentials(_configuration(known), fresh, require_client_authentication=True)


def role_of(names: Mapping[str, Any], clients: Mapping[str, Role]) -> Role | None:
    """Give the role of a peer by the names in its certificate; None for one that is not listed."""
    presented = [*names.get("x509_subject_alternative_name", ()), *names.get("x509_common_name", ())]
    roles = {clients.get(bytes(name).decode("utf-8", "replace")) for name in presented}
    return "money" if "money" in roles else "read" if "read" in roles else None


def _configuration(papers: tuple[bytes, bytes, bytes]) -> Any:
    ca, certificate, key = papers
    return grpc.ssl_server_certificate_configuration([(key, certificate)], root_certificates=ca)


def _look_at(path: Path, content: bytes) -> object:
    """Give the public key."""
    try:
        certificate = x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise Unusable(f"{path} holds no certificate") from error
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    if left.total_seconds() <= 0:
        raise Unusable(f"{path} has expired; renew it with: mt4api bridge certs DIR --renew")
    if left.days < _WARNING_DAYS:
        _log.warning("a certificate expires soon", file=str(path), days=left.days)
    return certificate.public_key()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
