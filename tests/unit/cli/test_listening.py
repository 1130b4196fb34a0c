"""The sockets of ``serve``."""

import socket

import pytest

from kernel.cli.faults import Fault
from kernel.cli.listening import listening, url


def test_a_port_once_taken_cannot_be_taken_again(port: int) -> None:
    with listening("127.0.0.1", port) as sockets:
        assert [each.getsockname() for each in sockets] == [("127.0.0.1", port)]
        with pytest.raises(Fault, match=f"port {port} on 127.0.0.1 is in use"), listening("127.0.0.1", port):
            pass


def test_the_port_is_free_again_afterwards(port: int) -> None:
    with listening("127.0.0.1", port):
        pass
    with listening("127.0.0.1", port) as sockets:
        assert len(sockets) == 1


def test_a_name_is_listened_on_at_each_of_its_addresses(port: int) -> None:
    with listening("localhost", port) as sockets, socket.create_connection(("localhost", port)):
        assert sockets


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - nothing listens
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("mt4.example", "http://mt4.example:8000"),
    ],
)
def test_the_address_to_call_can_be_called(host: str, address: str) -> None:
    assert url(host, 8000) == address
