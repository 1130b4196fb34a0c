"""``mt4api serve``: the service in this process, until it is told to stop."""

import asyncio
import math
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Final

import click
import uvicorn
from rich_click import RichCommand

from kernel.app import Application
from kernel.cli.faults import Fault
from kernel.cli.listening import BACKLOG, listening
from kernel.cli.options import located
from kernel.cli.ownership import hidden_plugins
from kernel.cli.reading import read_settings, told
from kernel.cli.starting import Starting, driver_of
from kernel.cli.terminal import Terminal
from kernel.config import Settings
from kernel.enabled import enabled_plugins
from kernel.logs import configure
from kernel.service import Service

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows, nor for PyPy
    from asyncio import new_event_loop

_SIGNALS: Final[list[signal.Signals]] = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]


@click.command("serve", cls=RichCommand)
@click.option("--host", metavar="HOST", help="Address to listen on. Default: [server] host, else 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="TCP port to listen on. Default: [server] port, else 8000.")
@located
@click.option(
    "--simulator-accounts",
    type=click.IntRange(min=0),
    help="Accounts that the simulator makes at its first start. Default: [mt4.simulator] accounts, else 1000.",
)
@click.option(
    "--simulator-seed",
    type=click.IntRange(min=0),
    help="Seed of what the simulator makes: the same one makes the same broker. Default: [mt4.simulator] seed, else 1.",
)
@click.pass_context
def serve(
    context: click.Context,
    host: str | None,
    port: int | None,
    simulator_accounts: int | None,
    simulator_seed: int | None,
) -> None:
    """Serve the API until the process is told to stop.

    Without settings this is the embedded simulator on http://127.0.0.1:8000. Ctrl-C or SIGTERM lets
    requests that are being answered finish, for [server] shutdown_seconds at most; a second one stops at
    once with exit code 1. On a fresh data folder the first user, admin, is made: its password is shown on the terminal
    once, or stands in first-admin.txt in the data folder where there is no terminal.
    """
    simulator = {"accounts": simulator_accounts, "seed": simulator_seed}
    options = {"server.host": host, "server.port": port}
    options |= {f"mt4.simulator.{key}": value for key, value in simulator.items()}
    with told():
        if problems := hidden_plugins():
            raise Fault("The plugins cannot be used:", problems)
        settings = read_settings({key: value for key, value in options.items() if value is not None})
        configure(settings.kernel.log_level, settings.kernel.log_format)
        driver = driver_of(settings)
        if settings.mt4.driver != "simulator" and any(value is not None for value in simulator.values()):
            raise Fault(f"The options --simulator-... do not belong to the driver {settings.mt4.driver!r}")
        service = Service(settings, driver, enabled_plugins(settings))
        terminal = Terminal(settings)
        try:
            orderly = _run(driver, Application(service, on_start=terminal.keep), settings, terminal.announce)
        finally:
            terminal.reveal()
    click.echo("Stopped." if orderly else "Stopped at once.", err=True)
    context.exit(0 if orderly else 1)


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to us: uvicorn would end the process by them once it has stopped."""

    def __init__(self, config: uvicorn.Config, on_listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_listening = on_listening
        self.interrupt: Callable[[], object] = _nothing

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if not self.should_exit:
            await super().startup(sockets)
            self._on_listening()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    def stop(self, *_: object) -> None:
        """Handle a signal: the first lets requests finish, the second does not wait for them."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self.interrupt()


def _run(driver: Starting, application: Application, settings: Settings, on_listening: Callable[[], None]) -> bool:
    """Serve in a new event loop; False when a second signal cut the stop short."""
    server = _Server(
        uvicorn.Config(
            application,
            http="auto",  # httptools where it is installed
            ws="none",
            lifespan="off",  # entered below: uvicorn would log a failing start with a traceback
            log_config=None,
            access_log=False,
            server_header=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=math.ceil(settings.server.shutdown_seconds),
        ),
        on_listening,
    )
    with (
        listening(settings.server.host, settings.server.port) as sockets,
        _signals(server),
        asyncio.Runner(loop_factory=new_event_loop) as runner,
    ):
        runner.run(_serve(driver, application, server, sockets))
    return not server.force_exit


async def _serve(driver: Starting, application: Application, server: _Server, sockets: Sequence[socket.socket]) -> None:
    loop = asyncio.get_running_loop()
    starting = loop.create_task(driver.start())
    # Making a large broker takes a while and leaves no trace when it is cancelled; nothing else is begun yet.
    server.interrupt = lambda: loop.call_soon_threadsafe(starting.cancel)
    try:
        await asyncio.wait([starting])
        server.interrupt = _nothing
        if starting.cancelled():
            return
        starting.result()
        async with application.litestar.lifespan():
            await server.serve(sockets=list(sockets))
    except BaseExceptionGroup as group:
        # Litestar enters the lifespan inside a task group, which wraps the one thing that went wrong.
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from group
        raise
    finally:
        await driver.close()


def _nothing() -> None:
    """Interrupt nothing: there is only serving to be stopped."""


@contextmanager
def _signals(server: _Server) -> Generator[None, None, None]:
    """Let the first signal stop the server gently and the second at once, from before the start to after the stop."""
    before = {each: signal.signal(each, server.stop) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
