"""Whether the trade server lets our manager in, and what the manager may do there."""

import asyncio
import datetime as dt
import time
from collections.abc import Collection, Iterator
from typing import Final

from kernel.cli.checks import Verdict, fail, ok, warn
from kernel.cli.faults import Fault
from kernel.cli.starting import driver_of
from kernel.config import ConfigError, Settings, manager_password
from kernel.drivers import Driver, DriverFault, Rejected, Session
from kernel.records.server import Target
from kernel.retcodes import describe

_HALF_HOUR: Final = 1800
_MOST_DRIFT_SECONDS: Final = 10.0
_NEEDS: Final = (
    ("accounts:read", ("riskman", "see_trades"), "margins"),
    ("mail:send", ("email",), "mail"),
    ("money:credit", ("money",), "credit"),
    ("money:deposit", ("money",), "deposits"),
    ("money:withdraw", ("money",), "withdrawals"),
    ("trades:read", ("see_trades",), "open trades and history"),
    ("trades:write", ("trades",), "edits of trades"),
    ("trades:write", ("admin",), "edits of trades"),
    ("users:batch", ("manager",), "commands for many accounts"),
    ("users:password", ("manager",), "passwords of accounts"),
    ("users:read", ("user_details",), "names and contacts of accounts"),
    ("users:read", ("online",), "who is online"),
    ("users:write", ("manager",), "opening and changing accounts"),
)
"""Scope of a route, the rights of which it needs one (``behaviour.md`` §15), and what fails without."""


async def trade_server(settings: Settings, scopes: Collection[str]) -> list[Verdict]:
    """Log in as the service would, look around, log out; ``scopes`` are those of the enabled routes."""
    name = settings.mt4.driver
    try:
        driver = driver_of(settings)
        try:
            await driver.start()
            return [ok("driver", f"{name} is ready"), *await _session(driver, settings, scopes)]
        finally:
            await driver.close()
    except (Fault, ConfigError) as error:
        return [fail("driver", str(error), "see the reason")]
    except Exception as error:  # noqa: BLE001 - a driver that breaks its promises is a finding, not the doctor's end
        reason = f"{name} broke: {type(error).__name__}: {error}"
        return [fail("driver", reason, "this is a fault of the driver: report it to its author")]


async def _session(driver: Driver, settings: Settings, scopes: Collection[str]) -> list[Verdict]:
    mt4 = settings.mt4
    target = Target(server=mt4.server, login=mt4.login, password=manager_password(settings).reveal() or "-")
    who = f"manager {mt4.login} on {mt4.server}"
    try:
        async with asyncio.timeout(mt4.connect_seconds):
            session = await driver.open(target)
    except (DriverFault, TimeoutError) as error:
        advice = "see to address, login, password and firewall in [mt4]"
        return [fail("session", f"{who} cannot log in: {_said(error)}", advice)]
    try:
        async with asyncio.timeout(mt4.read_seconds):
            return await _look_around(session, settings, scopes, who)
    except (DriverFault, TimeoutError) as error:
        return [fail("session", f"{who} logged in, then a read failed: {_said(error)}", "try again")]
    finally:
        await session.close()


async def _look_around(session: Session, settings: Settings, scopes: Collection[str], who: str) -> list[Verdict]:
    started = time.perf_counter()
    await session.ping()
    milliseconds = (time.perf_counter() - started) * 1000
    asked = time.time()
    clock = _clock(await session.server_time(), (asked + time.time()) / 2)
    groups = await session.groups()
    common = await session.common()
    manager = session.manager
    texts = [manager.name, manager.mailbox, common.name, common.owner]
    texts += [text for group in groups for text in (group.group, group.company, group.signature)]
    texts += [symbol.description for symbol in await session.symbols()]
    seen = f"{len(groups)} are visible (mask {manager.groups})"
    advice = "give the manager groups on the trade server"
    return [
        ok("session", f"{who} is logged in; a ping takes {milliseconds:.1f} ms"),
        clock,
        *_rights(manager.rights, scopes),
        ok("groups", seen) if groups else fail("groups", seen, advice),
        _code_page(texts, settings.mt4.code_page),
    ]


def _clock(server_time: int, now: float) -> Verdict:
    """Compare clocks: the server's runs in its own zone, so only what is not a half hour is an error."""
    offset = server_time + 0.5 - now  # the server's second is half over on average
    zone = round(offset / _HALF_HOUR) * _HALF_HOUR
    drift = offset - zone
    shown = dt.datetime.fromtimestamp(server_time, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
    reason = f"the server has {shown}, {zone / 3600:+g} h from UTC; clocks differ by {abs(drift):.0f} s"
    if abs(drift) > _MOST_DRIFT_SECONDS:
        return warn("clock", reason, "set the clocks of both machines by NTP")
    return ok("clock", reason)


def _rights(held: Collection[str], scopes: Collection[str]) -> Iterator[Verdict]:
    lacking: dict[str, list[str]] = {}
    for scope, rights, what in _NEEDS:
        if scope in scopes and not any(right in held for right in rights):
            lacking.setdefault(" or ".join(rights), []).append(what)
    for right, lost in lacking.items():
        reason = f"the manager lacks {right}: no {', '.join(dict.fromkeys(lost))}"
        yield warn("rights", reason, "give the right on the trade server, or switch the plugin off")
    if not lacking:
        yield ok("rights", "the manager has all that the enabled routes need")


def _code_page(texts: Collection[str], code_page: str) -> Verdict:
    """See whether the server's own texts survive the way back: with a wrong code page some would not."""
    bad = sum(not _encodes(text, code_page) for text in texts)
    if bad:
        reason = f"{bad} of {len(texts)} texts of the server are not {code_page}"
        return warn("code page", reason, "set [mt4] code_page to that of the trade server's Windows")
    return ok("code page", f"{len(texts)} texts of the server are {code_page}")


def _encodes(text: str, code_page: str) -> bool:
    try:
        text.encode(code_page)
    except UnicodeEncodeError:
        return False
    return not any("\x80" <= char <= "\x9f" for char in text)  # controls: the mark of a wrong decoding


def _said(error: Exception) -> str:
    if isinstance(error, Rejected):
        known = describe(error.retcode)
        return f"{known.description} (code {known.retcode})"
    return str(error) or "no answer within the time limit"
