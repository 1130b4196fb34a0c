"""The gRPC side: one generic method for each call of a session, the health service, and who may call."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, Final, cast

import grpc
from grpc import aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from kernel.bridge.credentials import Papers, Unusable, checked_address, role_of, server_credentials
from kernel.bridge.door import Door
from kernel.drivers import DriverFault
from kernel.drivers.wire import SERVICE
from kernel.drivers.wire.encoding import answer_of, encode
from kernel.drivers.wire.messages import Role
from kernel.drivers.wire.operations import OPERATIONS

LONGEST_CALL_SECONDS: Final = 3600.0
"""For callers who set no deadline of their own."""
ANSWER_BYTES: Final = 16_777_216
"""More than a piece of a list has, even when its rows are the largest."""
_STREAMS: Final = 4096


class Server:
    """Listens at one address. Without papers every caller on this machine has the role money."""

    def __init__(self, door: Door, *, papers: Papers | None, clients: Mapping[str, Role], message_bytes: int) -> None:
        """Prepare to serve; ``start`` listens."""
        self._door, self._papers, self._clients = door, papers, clients
        self._server = aio.server(
            options=[
                ("grpc.max_receive_message_length", message_bytes),
                ("grpc.max_send_message_length", ANSWER_BYTES),
                ("grpc.so_reuseport", 0),
                ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
                ("grpc.http2.max_ping_strikes", 0),
                ("grpc.keepalive_time_ms", 20_000),
                ("grpc.keepalive_timeout_ms", 10_000),
                ("grpc.keepalive_permit_without_calls", 1),
            ],
            maximum_concurrent_rpcs=_STREAMS,
        )
        self._health: Any = cast("Any", health).aio.HealthServicer()

    async def start(self, address: str) -> int:
        """Listen; gives the port. Raises ``Unusable``."""
        checked_address(address, tls=self._papers is not None)
        self._server.add_generic_rpc_handlers((self._handlers(),))
        cast("Any", health_pb2_grpc).add_HealthServicer_to_server(self._health, self._server)
        try:
            if self._papers is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, server_credentials(self._papers))
        except RuntimeError as error:
            raise Unusable(f"cannot listen on {address}: the port is in use, or not of this machine") from error
        await self._server.start()
        return port

    async def show(self, *, serving: bool) -> None:
        """Tell the health service whether a driver is there to be called."""
        states = health_pb2.HealthCheckResponse.ServingStatus
        for name in ("", SERVICE):
            await self._health.set(name, states.SERVING if serving else states.NOT_SERVING)

    async def stop(self, seconds: float) -> None:
        """Let calls finish for so long, then end."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(seconds)

    def _handlers(self) -> Any:
        door = self._door
        once = {
            "Hello": door.hello,
            "Open": door.open,
            "Close": door.close,
            "Fence": door.fence,
        }
        handlers: dict[str, Any] = {
            name: grpc.unary_unary_rpc_method_handler(self._once(work)) for name, work in once.items()
        }
        handlers["Watch"] = grpc.unary_stream_rpc_method_handler(self._many(door.watch))
        for name, operation in OPERATIONS.items():
            if operation.rows:
                handlers[name] = grpc.unary_stream_rpc_method_handler(self._many(partial(door.rows, operation)))
            else:
                handlers[name] = grpc.unary_unary_rpc_method_handler(self._once(partial(door.call, operation)))
        return grpc.method_handlers_generic_handler(SERVICE, handlers)

    def _once(self, work: Callable[[Role, bytes, float], Any]) -> Callable[[bytes, Any], Any]:
        async def answer(message: bytes, context: Any) -> bytes:
            role = await self._role(context)
            try:
                return await work(role, message, _seconds(context))
            except DriverFault as fault:
                return encode(answer_of(fault))

        return answer

    def _many(
        self, work: Callable[[Role, bytes, float], AsyncGenerator[bytes]]
    ) -> Callable[[bytes, Any], AsyncGenerator[bytes]]:
        async def answers(message: bytes, context: Any) -> AsyncGenerator[bytes]:
            role = await self._role(context)
            try:
                async with aclosing(work(role, message, _seconds(context))) as found:
                    async for content in found:
                        yield content
            except DriverFault as fault:
                yield encode(answer_of(fault))

        return answers

    async def _role(self, context: Any) -> Role:
        if self._papers is None:
            return "money"
        role = role_of(context.auth_context(), self._clients)
        if role is None:
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, "this client is not listed")
        return cast("Role", role)


def _seconds(context: Any) -> float:
    remaining = context.time_remaining()
    return LONGEST_CALL_SECONDS if remaining is None else max(0.0, min(remaining, LONGEST_CALL_SECONDS))
