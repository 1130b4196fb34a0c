"""The remote driver's settings: where the bridge is, how it is known, how long a call may take."""

from typing import Annotated

from msgspec import Meta, Struct

from kernel.drivers.wire.operations import Pace

_HOUR = 3600


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[mt4.remote]`` may say. Paths are relative to the working directory."""

    address: Annotated[str, Meta(min_length=1, max_length=255, description="The bridge as HOST:PORT.")] = (
        "127.0.0.1:50051"
    )
    certificate: Annotated[str, Meta(description="PEM file of our certificate; none means loopback without TLS.")] = ""
    key: Annotated[str, Meta(description="PEM file of its private key.")] = ""
    ca: Annotated[str, Meta(description="PEM file of the authority that signed both ends.")] = ""
    name: Annotated[
        str, Meta(min_length=1, max_length=253, description="Name that must stand in the bridge's certificate.")
    ] = "mt4api-bridge"
    ready_seconds: Annotated[
        float, Meta(gt=0, le=_HOUR, description="How long a call waits for the channel before it is not sent.")
    ] = 2
    connect_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a login.")] = 25
    read_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a read.")] = 30
    trade_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a money or trade call.")] = 5
    change_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for a change of a record.")] = 15
    history_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for reading history.")] = 30
    message_bytes: Annotated[
        int, Meta(ge=65_536, le=2**30, description="Largest message to the bridge, which must allow as much.")
    ] = 4_194_304

    def __post_init__(self) -> None:
        """Refuse half a set of certificates."""
        if len({bool(self.certificate), bool(self.key), bool(self.ca)}) > 1:
            raise ValueError("`$.certificate` must be set together with key and ca")

    def seconds(self, pace: Pace) -> float:
        """Give the time limit of a call."""
        return {
            "trade": self.trade_seconds,
            "change": self.change_seconds,
            "read": self.read_seconds,
            "history": self.history_seconds,
        }[pace]
