"""The gRPC channel to a bridge: messages out, answers in, and every failure as one of a driver's three faults."""

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Final

import grpc
from grpc import aio

from kernel.drivers import DriverFault, Indeterminate, NotSent
from kernel.drivers.remote.settings import Settings
from kernel.drivers.wire import path
from kernel.drivers.wire.encoding import UNREADABLE, decoded
from kernel.drivers.wire.messages import Answer

_ANSWER: Final = decoded(Answer)
_ANSWER_BYTES: Final = 16_777_216
_NEVER_HANDLED: Final = frozenset({grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.PERMISSION_DENIED})
"""The bridge gives these before it looks at the message."""
_OPTIONS: Final = (
    ("grpc.enable_retries", 0),
    ("grpc.service_config", '{"methodConfig": [{"name": [{}]}]}'),
    ("grpc.service_config_disable_resolution", 1),
    ("grpc.max_receive_message_length", _ANSWER_BYTES),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.enable_http_proxy", 0),
)


class Channel:
    """One channel for all sessions; made in the event loop that uses it."""

    def __init__(self, settings: Settings) -> None:
        """Connect in the background. Raises ``ValueError`` and ``OSError`` for certificates that cannot be used."""
        self._settings = settings
        options = [*_OPTIONS, ("grpc.max_send_message_length", settings.message_bytes)]
        if settings.certificate:
            options.append(("grpc.ssl_target_name_override", settings.name))
            self._channel = aio.secure_channel(settings.address, _credentials(settings), options=options)
        else:
            if not _is_loopback(settings.address):
                raise ValueError(f"address: {settings.address} is not this machine, so it needs certificate, key, ca")
            self._channel = aio.insecure_channel(settings.address, options=options)
        self._methods: dict[str, Callable[..., Any]] = {}

    async def once(self, method: str, message: bytes, seconds: float) -> Answer:
        """Send a message and wait for its one answer. Raises ``NotSent`` and ``Indeterminate``."""
        await self._ready(message)
        call = self._method(method, many=False)(message, timeout=seconds)
        try:
            return _read(await call)
        except aio.AioRpcError as error:
            raise _fault(error) from error

    async def many(self, method: str, message: bytes, seconds: float | None) -> AsyncGenerator[Answer]:
        """Send a message and give its answers, the last of which is not ``rows``. Raises as ``once``."""
        await self._ready(message)
        call = self._method(method, many=True)(message, timeout=seconds)
        try:
            async for content in call:
                answer = _read(content)
                yield answer
                if answer.kind != "rows":
                    return
        except aio.AioRpcError as error:
            raise _fault(error) from error
        finally:
            call.cancel()
        raise Indeterminate("the answer was cut off")

    async def close(self) -> None:
        """End the channel and what is under way on it."""
        await self._channel.close()

    def _method(self, name: str, *, many: bool) -> Callable[..., Any]:
        if name not in self._methods:
            make = self._channel.unary_stream if many else self._channel.unary_unary
            self._methods[name] = make(path(name))
        return self._methods[name]

    async def _ready(self, message: bytes) -> None:
        """Return when a message can leave; before this point nothing has been sent."""
        if len(message) > self._settings.message_bytes:
            raise NotSent(f"a message of {len(message)} bytes is too large for the bridge")
        try:
            async with asyncio.timeout(self._settings.ready_seconds):
                while (state := self._channel.get_state(try_to_connect=True)) != grpc.ChannelConnectivity.READY:
                    await self._channel.wait_for_state_change(state)
        except (TimeoutError, aio.UsageError) as error:
            raise NotSent(f"the bridge at {self._settings.address} does not answer") from error


def _fault(error: aio.AioRpcError) -> DriverFault:
    code = error.code()
    words = f"the bridge: {code.name.lower()}, {error.details() or 'no details'}"
    return NotSent(words) if code in _NEVER_HANDLED else Indeterminate(words)


def _read(content: bytes) -> Answer:
    try:
        return _ANSWER.decode(content)
    except UNREADABLE as error:
        raise Indeterminate("the bridge's answer could not be read") from error


def _credentials(settings: Settings) -> grpc.ChannelCredentials:
    ca, key, certificate = (Path(name).read_bytes() for name in (settings.ca, settings.key, settings.certificate))
    return grpc.ssl_channel_credentials(root_certificates=ca, private_key=key, certificate_chain=certificate)


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
