"""``mt4api bridge``: the internal service in this process, until it is told to stop, and its certificates."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Final

import click
from rich_click import RichCommand, RichGroup

from kernel.cli.faults import Fault
from kernel.cli.options import CONFIG, DATA, located
from kernel.cli.reading import told

try:
    from kernel.bridge import certs as papers
    from kernel.bridge.credentials import Unusable
    from kernel.bridge.process import WorkerFailed
    from kernel.bridge.running import Bridge
    from kernel.bridge.settings import Plan, read
except ImportError as error:
    if error.name is None or error.name.partition(".")[0] not in {"grpc", "grpc_health", "cryptography", "psutil"}:
        raise
    raise Fault(f"The bridge needs {error.name}: install mt4-manager-api[bridge]") from error

_SIGNALS: Final[list[signal.Signals]] = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]
_LOOK_SECONDS: Final = 0.2


@click.group("bridge", cls=RichGroup, invoke_without_command=True)
@located
@click.option("--driver", metavar="NAME", help="Driver to host. Default: [bridge] driver, else simulator.")
@click.option("--listen", metavar="HOST:PORT", help="Address. Default: [bridge] listen, else 127.0.0.1:50051.")
@click.pass_context
def bridge(context: click.Context, driver: str | None, listen: str | None) -> None:
    """Serve one driver to mt4api services elsewhere until the process is told to stop.

    The driver runs in a process of its own, which is started again when it crashes or hangs. An address
    that other machines can reach needs the certificates that mt4api bridge certs makes. Ctrl-C, Ctrl-Break
    or SIGTERM lets writes that are under way finish, for [bridge] shutdown_seconds at most; a second one
    stops at once with exit code 1.
    """
    if context.invoked_subcommand is not None:
        return
    options = {"bridge.driver": driver, "bridge.listen": listen, "kernel.data": context.meta.get(DATA)}
    named = context.meta.get(CONFIG)
    with told():
        plan = read(Path(named) if named else None, os.environ, options)
    _configure_logs(plan)
    try:
        asyncio.run(_serve(plan))
    except WorkerFailed as error:
        raise Fault(f"The driver {plan.job.driver} cannot start: {error}") from error
    except Unusable as error:
        raise Fault(error) from error
    click.echo("Stopped.", err=True)


@bridge.command("certs", cls=RichCommand)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@located
@click.option("--days", type=click.IntRange(1, papers.AUTHORITY_DAYS), default=397, show_default=True, help="Validity.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="A further name or address of the bridge.")
@click.option("--client", default="", metavar="NAME", help=f"Name of the client. Default: {papers.CLIENT}.")
@click.option("--renew", is_flag=True, help="Keep the authority in DIR and make new certificates for both ends.")
def certs(folder: Path, days: int, hosts: tuple[str, ...], client: str, renew: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Make a private authority, and certificates for the bridge and its client, in DIR.

    ca.pem goes to both machines, bridge.pem and bridge-key.pem to the bridge, client.pem and
    client-key.pem to the API. ca-key.pem signs new ones: keep it on neither.
    """
    try:
        for path in papers.make(folder, days=days, hosts=hosts, client=client, renew=renew):
            click.echo(path)
    except Unusable as error:
        raise Fault(error) from error


def _configure_logs(plan: Plan) -> None:
    from kernel.logs import configure  # noqa: PLC0415 - keeps certs light

    configure(plan.kernel.log_level, plan.kernel.log_format)


async def _serve(plan: Plan) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told_to_stop(*_: object) -> None:
        if stop.is_set():
            os._exit(1)  # told twice: at once, and the worker ends with us
        loop.call_soon_threadsafe(stop.set)

    before = {each: signal.signal(each, told_to_stop) for each in _SIGNALS}
    try:
        running = Bridge(plan.bridge, plan.job)
        starting = asyncio.ensure_future(running.start())
        await _either(starting, stop)
        if stop.is_set():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return
        starting.result()
        click.echo(f"Listening on port {running.port}.", err=True)
        await _either(None, stop)
        await running.stop()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def _either(work: asyncio.Future[None] | None, stop: asyncio.Event) -> None:
    """Wait for the one or the other, looking up now and then: on Windows a signal alone wakes no event loop."""
    while not stop.is_set() and not (work is not None and work.done()):
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await (stop.wait() if work is None else asyncio.wait([work]))
        except TimeoutError:
            continue
