"""``mt4api doctor``: everything that keeps the service from its work, found before it starts or beside it."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Final

import click
import msgspec
from rich_click import RichCommand

from kernel.cli.checks import Verdict, fail, ok
from kernel.cli.checks.assumptions import Assumption
from kernel.cli.checks.broker import Examined, broker, nothing
from kernel.cli.checks.installation import installation, plugins
from kernel.cli.checks.leg import Leg
from kernel.cli.checks.money import MoneyTest
from kernel.cli.checks.place import place
from kernel.cli.checks.trade_server import trade_server
from kernel.cli.faults import Fault
from kernel.cli.listing import routes_of
from kernel.cli.options import located
from kernel.cli.reading import read_settings
from kernel.cli.survey import Survey, survey
from kernel.config import ConfigError, Settings
from kernel.loader import PluginError
from kernel.records.scalars import INT32_MAX

_COLORS: Final = {
    "ok": "green",
    "warn": "yellow",
    "fail": "red",
    "holds": "green",
    "not checked": "yellow",
    "fails": "red",
}
_IN_MEMORY: Final = {"database": ":memory:", "ledger": "", "accounts": 10}
"""How the simulator is tried: its own state is left alone, also while the service uses it."""


@click.command("doctor", cls=RichCommand)
@located
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--money-test",
    "login",
    type=click.IntRange(1, INT32_MAX),
    metavar="LOGIN",
    help="Also book +0.01 and then -0.01 on this test account, and say what holds of what is assumed about MT4.",
)
@click.option(
    "--money-group",
    "group",
    default="demo*",
    show_default=True,
    metavar="MASK",
    help="Refuse the money test unless the account's group fits; upper and lower case differ.",
)
@click.option("--yes", is_flag=True, help="Agree to the money test without being asked.")
@click.pass_context
def doctor(context: click.Context, as_json: bool, login: int | None, group: str, yes: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Examine the installation and say what to do about each fault.

    Looks at Python, the packages, the settings, the plugins, the data folder, the store, the token keys
    and the port; then logs in to the trade server as the service would and looks at its clock, the
    manager's rights, the visible groups and the code page. Changes nothing, and may run beside the
    service. The simulator is tried as a small copy in memory. The exit code is 1 when a check failed.

    With --money-test it books on the account that you name, and puts it back.
    """
    test = None if login is None else MoneyTest(login, group)
    if test is not None:
        _agreed(test, yes=yes)
    elif yes:
        raise click.UsageError("--yes agrees to --money-test LOGIN, which is missing")
    report = Report()
    report.checks += _examined(report, test)
    states = {verdict.state for verdict in report.checks}
    states |= {"fail" for each in report.assumptions if each.state == "fails"}
    worst = next(state for state in ("fail", "warn", "ok") if state in states)
    click.echo(_json(worst, report) if as_json else "\n".join(_lines(report)))
    context.exit(1 if worst == "fail" else 0)


class Report(msgspec.Struct):
    """What was found so far; ``assumptions`` and ``money`` stay empty without a money test."""

    checks: list[Verdict] = msgspec.field(default_factory=list[Verdict])
    assumptions: list[Assumption] = msgspec.field(default_factory=list[Assumption])
    money: list[Leg] = msgspec.field(default_factory=list[Leg])


def _agreed(test: MoneyTest, *, yes: bool) -> None:
    """Have the operator's consent, or raise ``Fault``: this is the one check that changes something."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Fault("The money test books on a real account, and there is no terminal to ask for consent: give --yes")
    try:
        mt4 = read_settings().mt4
    except ConfigError:
        return  # the examination will end with them, before anything is sent
    where = "a copy of the simulator" if mt4.driver == "simulator" else f"{mt4.server} as manager {mt4.login}"
    question = f"Book +0.01 and then -0.01 on account {test.login} of {where}, if its group fits {test.group}?"
    if not click.confirm(question, err=True):
        raise Fault("Not agreed; nothing was examined and nothing was sent")


def _examined(report: Report, test: MoneyTest | None) -> Iterator[Verdict]:
    yield from installation()
    try:
        settings = read_settings()
    except ConfigError as error:
        yield _unusable(error)
        yield from _noted(report, nothing("the settings cannot be used") if test else None)
        return
    found = survey(settings)
    if found.problems:
        yield _unusable(ConfigError(found.problems))
    else:
        yield ok("settings", "valid")
    yield from plugins(found)
    yield from place(settings)
    if found.problems:
        yield from _noted(report, nothing("the settings cannot be used") if test else None)
        return
    trial = _trial(settings)
    link = asyncio.run(trade_server(trial, _scopes(found)))
    yield from link
    if test is not None:
        let_in = any(verdict.name == "session" and verdict.state == "ok" for verdict in link)
        yield from _noted(
            report, asyncio.run(broker(trial, test, _alarm)) if let_in else nothing("there is no session")
        )


def _noted(report: Report, examined: Examined | None) -> list[Verdict]:
    """Keep what is more than verdicts."""
    if examined is None:
        return []
    report.assumptions, report.money = examined.assumptions, list(examined.legs)
    return examined.verdicts


def _alarm(line: str) -> None:
    """Tell it on standard error too: the report may be going to a file, or never come."""
    click.secho(f"mt4api: ATTENTION: {line}", err=True, fg="red", bold=True)


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


def _json(worst: str, report: Report) -> str:
    content: dict[str, object] = {"state": worst, "checks": report.checks}
    if report.assumptions:
        content |= {"assumptions": report.assumptions, "money": report.money}
    return msgspec.json.format(msgspec.json.encode(content)).decode()


def _lines(report: Report) -> Iterator[str]:
    for verdict in report.checks:
        yield _text(verdict)
    if report.assumptions:
        yield "What the service assumes about MT4:"
    for each in report.assumptions:
        state = click.style(f"{each.state:11}", fg=_COLORS[each.state], bold=each.state == "fails")
        yield f"{each.name}  {state}  {each.assumed}: {each.reason}"


def _text(verdict: Verdict) -> str:
    state = click.style(f"{verdict.state:4}", fg=_COLORS[verdict.state], bold=verdict.state != "ok")
    advice = f"\n      {'':15}do: {verdict.advice}" if verdict.advice else ""
    return f"{state}  {verdict.name:15} {verdict.reason}{advice}"
