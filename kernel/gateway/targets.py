"""Which trade servers the manual connect may be pointed at, for its caller chooses whom the service talks to."""

from kernel.config import Mt4
from kernel.errors import BadInput, Forbidden
from kernel.records.masks import matcher

_DEFAULT_PORT = "443"


def refuse_other_targets(server: str, settings: Mt4) -> None:
    """Raise ``Forbidden`` for a server that ``connect_targets`` does not name, ``BadInput`` for no address.

    The list decides alone: a server on the local network is normal. Without one only the configured
    server is let through. The simulator reaches nothing, so over it every address will do.
    """
    if settings.driver == "simulator":
        return
    host, port = _split(server)
    if not host or not port.isascii() or not port.isdigit():
        raise BadInput.at("body", "server", message="must be HOST or HOST:PORT")
    for pattern in settings.connect_targets or (settings.server,):
        wanted_host, wanted_port = _split(pattern)
        if matcher(wanted_host.lower())(host.lower()) and wanted_port in {"*", port}:
            return
    raise Forbidden("This server is not among the settings' connect_targets")


def _split(address: str) -> tuple[str, str]:
    host, colon, port = address.rpartition(":")
    return (host, port) if colon and not address.endswith("]") else (address, _DEFAULT_PORT)
