"""Certificates: made whole, renewed with their names, checked when they are read."""

from pathlib import Path

import pytest
from cryptography import x509

from kernel.bridge import certs
from kernel.bridge.credentials import Papers, Unusable, checked_address, role_of

FILES = {"ca.pem", "ca-key.pem", "bridge.pem", "bridge-key.pem", "client.pem", "client-key.pem"}


def names(path: Path) -> list[str]:
    extension = x509.load_pem_x509_certificate(path.read_bytes()).extensions
    found = extension.get_extension_for_class(x509.SubjectAlternativeName).value
    return [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]


def papers(folder: Path, end: str = "bridge", key: str = "") -> Papers:
    return Papers(ca=folder / "ca.pem", certificate=folder / f"{end}.pem", key=folder / f"{key or end}-key.pem")


def test_both_ends_are_signed_by_the_authority_and_keys_are_private(tmp_path: Path) -> None:
    made = certs.make(tmp_path / "pki", days=30, hosts=["10.0.0.5", "mt4.example.com"])

    assert {path.name for path in made} == {path.name for path in (tmp_path / "pki").iterdir()} == FILES
    authority = x509.load_pem_x509_certificate((tmp_path / "pki" / "ca.pem").read_bytes())
    for end in ("bridge", "client"):
        certificate = x509.load_pem_x509_certificate((tmp_path / "pki" / f"{end}.pem").read_bytes())
        certificate.verify_directly_issued_by(authority)
        papers(tmp_path / "pki", end).read()
    assert names(tmp_path / "pki" / "bridge.pem") == ["mt4api-bridge", "mt4.example.com", "10.0.0.5"]
    assert {oct(path.stat().st_mode & 0o777) for path in made if "key" in path.name} == {"0o600"}


def test_existing_files_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "client.pem").write_text("precious")

    with pytest.raises(Unusable, match=r"client\.pem"):
        certs.make(tmp_path, days=30)

    assert [path.name for path in tmp_path.iterdir()] == ["client.pem"]


def test_renewing_keeps_authority_and_names(tmp_path: Path) -> None:
    certs.make(tmp_path, days=30, hosts=["10.0.0.5"], client="crm-1")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    certs.make(tmp_path, days=60, renew=True)

    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name for name in FILES if before[name] == after[name]} == {"ca.pem", "ca-key.pem"}
    assert names(tmp_path / "bridge.pem") == ["mt4api-bridge", "10.0.0.5"]
    assert names(tmp_path / "client.pem") == ["crm-1"]


def test_renewing_without_an_authority_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"ca\.pem cannot be read"):
        certs.make(tmp_path, days=30, renew=True)


def test_a_key_of_another_certificate_is_found_out(tmp_path: Path) -> None:
    certs.make(tmp_path, days=30)

    with pytest.raises(Unusable, match="is not the key of"):
        papers(tmp_path, "bridge", "client").read()


@pytest.mark.parametrize("name", ["ca.pem", "bridge.pem", "bridge-key.pem"])
def test_what_is_no_certificate_or_missing_is_told_by_its_file(tmp_path: Path, name: str) -> None:
    certs.make(tmp_path, days=30)
    (tmp_path / name).write_text("garbage")
    with pytest.raises(Unusable, match=name.replace(".", r"\.")):
        papers(tmp_path).read()

    (tmp_path / name).unlink()
    with pytest.raises(Unusable, match="cannot be read"):
        papers(tmp_path).read()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.8.8.8:65535", "[::1]:50051", "localhost:0"])
def test_loopback_needs_no_certificates(address: str) -> None:
    assert checked_address(address, tls=False) == address


@pytest.mark.parametrize("address", ["0.0.0.0:1", "[::]:1", "10.0.0.5:1", "example.com:1", "localhost.example.com:1"])
def test_everything_else_does(address: str) -> None:
    with pytest.raises(Unusable):
        checked_address(address, tls=False)
    assert checked_address(address, tls=True) == address


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1", ":50051", "127.0.0.1:65536", "unix:/tmp/x", "127.0.0.1:1\n", "a b:1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Unusable, match="expected HOST:PORT"):
        checked_address(address, tls=True)


def test_roles_go_by_the_names_in_the_certificate() -> None:
    clients = {"crm": "money", "reports": "read"}
    presented = {"x509_common_name": [b"reports"], "x509_subject_alternative_name": [b"other", b"crm"]}

    assert role_of(presented, clients) == "money"
    assert role_of({"x509_common_name": [b"reports"]}, clients) == "read"
    assert role_of({"x509_common_name": [b"CRM", b"\xff"]}, clients) is None
    assert role_of({}, clients) is None
