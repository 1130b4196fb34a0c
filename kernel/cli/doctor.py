"""``mt4api doctor``: everything that keeps the service from its work, found before it starts or beside it."""

import asyncio
from collections.abc import Iterator
from typing import Final

import click
import msgspec
from rich_click import RichCommand

from kernel.cli.checks import Verdict, fail, ok
from kernel.cli.checks.installation import installation, plugins
from kernel.cli.checks.place import place
from kernel.cli.checks.trade_server import trade_server
from kernel.cli.listing import routes_of
from kernel.cli.options import located
from kernel.cli.reading import read_settings
from kernel.cli.survey import Survey, survey
from kernel.config import ConfigError, Settings
from kernel.loader import PluginError

_COLORS: Final = {"ok": "green", "warn": "yellow", "fail": "red"}
_IN_MEMORY: Final = {"database": ":memory:", "ledger": "", "accounts": 10}
"""How the simulator is tried: its own state is left alone, also while the service uses it."""


@click.command("doctor", cls=RichCommand)
@located
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Examine the installation and say what to do about each fault.

    Looks at Python, the packages, the settings, the plugins, the data folder, the store, the token keys
    and the port; then logs in to the trade server as the service would and looks at its clock, the
    manager's rights, the visible groups and the code page. Changes nothing, and may run beside the
    service. The simulator is tried as a small copy in memory. The exit code is 1 when a check failed.
    """
    verdicts = list(_examined())
    states = {verdict.state for verdict in verdicts}
    worst = next(state for state in ("fail", "warn", "ok") if state in states)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"state": worst, "checks": verdicts})).decode())
    else:
        click.echo("\n".join(_text(verdict) for verdict in verdicts))
    context.exit(1 if worst == "fail" else 0)


def _examined() -> Iterator[Verdict]:
    yield from installation()
    try:
        settings = read_settings()
    except ConfigError as error:
        yield _unusable(error)
        return
    found = survey(settings)
    if found.problems:
        yield _unusable(ConfigError(found.problems))
    else:
        yield ok("settings", "valid")
    yield from plugins(found)
    yield from place(settings)
    if not found.problems:
        yield from asyncio.run(trade_server(_trial(settings), _scopes(found)))


def _trial(settings: Settings) -> Settings:
    if settings.mt4.driver != "simulator":
        return settings
    return read_settings({f"mt4.simulator.{key}": value for key, value in _IN_MEMORY.items()})


def _scopes(found: Survey) -> set[str]:
    scopes: set[str] = set()
    for plugin in found.plugins:
        try:
            scopes |= {route.scope for route in routes_of(plugin)}
        except PluginError as error:
            found.reasons[plugin.name] = list(error.problems)
    return scopes


def _unusable(error: ConfigError) -> Verdict:
    return fail("settings", "; ".join(map(str, error.problems)), "mend them; mt4api config check lists them singly")


def _text(verdict: Verdict) -> str:
    state = click.style(f"{verdict.state:4}", fg=_COLORS[verdict.state], bold=verdict.state != "ok")
    advice = f"\n      {'':15}do: {verdict.advice}" if verdict.advice else ""
    return f"{state}  {verdict.name:15} {verdict.reason}{advice}"
