"""What the bridge and its client say to each other: calls, messages and their encoding (msgpack over gRPC).

Version 1.0. Another major version is refused; a higher minor one only adds what the other end may ignore.
"""

from typing import Final

MAJOR: Final = 1
MINOR: Final = 0
SERVICE: Final = "mt4api.Bridge"
"""The gRPC service; its methods are ``messages.METHODS`` and the names of ``operations.OPERATIONS``."""


def path(method: str) -> str:
    """Give the gRPC path of a method."""
    return f"/{SERVICE}/{method}"
