"""The sockets that the service listens on, taken before anything else is begun."""

import errno
import os
import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Final

from kernel.cli.faults import Fault

BACKLOG: Final = 2048
_NOT_OURS: Final = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})


@contextmanager
def listening(host: str, port: int) -> Generator[list[socket.socket]]:
    """Listen on every address of the host; raises ``Fault`` when the port cannot be had.

    The sockets take connections at once, so that no other process can get the port any more, and
    callers wait until the service has started.
    """
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        missing: OSError | None = None
        for family, address in _addresses(host, port):
            try:
                sockets.append(opened.enter_context(_listener(family, address)))
            except OSError as error:
                # A name such as localhost may stand for an address of a family that is switched off here.
                if error.errno not in _NOT_OURS:
                    raise Fault(_reason(error, host, port)) from error
                missing = error
        if missing is not None and not sockets:
            raise Fault(_reason(missing, host, port)) from missing
        yield sockets


def url(host: str, port: int) -> str:
    """Write the address to call from this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host.strip("[]"), host)  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown and not shown.startswith("[") else f"http://{shown}:{port}"


def _addresses(host: str, port: int) -> list[tuple[int, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise Fault(f"There is no address for the host {host!r}: give one of this machine with --host") from error
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _listener(family: int, address: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle's delay on
    try:
        if os.name == "posix":  # Windows would let two processes share the port with it
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
        made.listen(BACKLOG)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _reason(error: OSError, host: str, port: int) -> str:
    where = f"port {port} on {host}"
    if error.errno == errno.EADDRINUSE:
        return f"The {where} is in use. Stop the program that has it, or choose another port with --port"
    if error.errno == errno.EACCES:
        return f"This user may not listen on {where}: choose a port above 1023 with --port"
    if error.errno in _NOT_OURS:
        return f"{host} is no address of this machine: give another one with --host"
    return f"Cannot listen on {where}: {error.strerror or error}"
