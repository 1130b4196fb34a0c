"""Many calls, many callers and many ends: nothing leaks, nothing overlaps. `tox -e long` runs them in full."""

import asyncio
import os
import random
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from kernel.drivers import Driver, DriverFault, Session
from kernel.drivers.native.texts import Unfit
from kernel.records.scalars import INT32_MAX
from kernel.records.server import Target
from kernel.records.trades import Command, Transaction, TransactionType

_FULL: Final = bool(os.environ.get("LONG_TRIALS"))
CALLS: Final = 200_000 if _FULL else 3_000
ENDS: Final = 100 if _FULL else 10
TEXTS: Final = 20_000 if _FULL else 1_000
CALLERS: Final = 32
_PAGE: Final = 4096
pytestmark = [pytest.mark.long, pytest.mark.timeout(1800 if _FULL else 120)]


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def calls_of(session: Session, login: int) -> list[Callable[[], Awaitable[Any]]]:
    return [
        session.ping,
        session.users,
        session.groups,
        session.symbols,
        session.trades,
        session.online,
        session.common,
        session.margins,
        session.server_time,
        lambda: session.symbol_info("EURUSD"),
        lambda: session.margin_level(login),
        lambda: session.user_records([login, login + 1]),
        lambda: session.trades_history(login, 0, INT32_MAX),
        lambda: session.adm_trades(f"{login},real-eur", open_only=False),
    ]


async def test_of_many_calls_no_array_is_kept_and_none_meets_another(
    server: Any, driver: Driver, target: Target
) -> None:
    session = await driver.open(target)
    calls = calls_of(session, (await session.users())[0].login)
    chance = random.Random(CALLS)  # noqa: S311 - a mix, not a secret
    left = iter(range(CALLS))
    memory: list[int] = []

    async def caller() -> None:
        for number in left:
            await chance.choice(calls)()
            if number % (CALLS // 10) == 0:
                memory.append(resident())

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    await session.close()

    kinds = ("live_blocks", "double_frees", "foreign_frees", "overlaps", "unsupported")
    assert {kind: server.count(kind) for kind in kinds} == dict.fromkeys(kinds, 0)
    assert server.count("allocated") == server.count("freed") > CALLS // 2
    assert max(memory[3:]) - memory[2] < 8 * 2**20, memory


ALPHABETS: Final = {
    "cp1251": "абвЩїЄ№€ AZaz09'\"\\|é",
    "cp1252": "éßÅñŠž€™ AZaz09'\"\\|Щ",
    "cp936": "客户账存款入金の① AZaz09'\"\\|é€",
    "cp932": "顧客入金ソ表① AZaz09'\"\\|£¢",
}


@pytest.mark.parametrize("code_page", ALPHABETS)
async def test_a_comment_comes_back_exactly_or_is_refused_unsent(
    server: Any, opened: Callable[..., Any], code_page: str
) -> None:
    session = await opened(code_page=code_page)
    login = (await session.users())[0].login
    chance = random.Random(code_page)  # noqa: S311 - a mix, not a secret
    alphabet = ALPHABETS[code_page] + "🙂\t\0"
    exact = refused = 0
    for _ in range(TEXTS // len(ALPHABETS)):
        text = "".join(chance.choices(alphabet, weights=[20] * (len(alphabet) - 3) + [1] * 3, k=chance.randrange(34)))
        before = server.count("TradeTransaction")
        asked = Transaction(type=TransactionType.BALANCE, cmd=Command.BALANCE, orderby=login, price=1.0, comment=text)
        try:
            order = await session.trade_transaction(asked)
        except Unfit:
            refused += 1
            assert server.count("TradeTransaction") == before
            continue
        (row,) = await session.trade_records([order])
        assert row.comment == text
        exact += 1

    assert exact + refused == TEXTS // len(ALPHABETS)
    assert min(exact, refused) > TEXTS // len(ALPHABETS) // 20


@pytest.mark.parametrize("kind", ["hang", "lost_before", "drop"])
async def test_after_many_ends_threads_and_descriptors_are_as_many_as_before(
    server: Any, driver: Driver, target: Target, kind: str
) -> None:
    async def end() -> None:
        server.run("clear_faults")
        session = await driver.open(target)
        login = (await session.users())[0].login
        server.run(f"fault TradeTransaction {kind}")
        asked = Transaction(type=TransactionType.BALANCE, cmd=Command.BALANCE, orderby=login, price=1.0)
        try:
            async with asyncio.timeout(0.2):
                await session.trade_transaction(asked)
        except (DriverFault, TimeoutError):
            assert kind != "drop"
        server.run("release")
        await session.close()
        await server.until(lambda: server.count("objects") == 0)

    await end()
    before = threading.active_count(), descriptors()
    for _ in range(ENDS):
        await end()

    await server.until(lambda: threading.active_count() <= before[0])
    assert descriptors() == before[1]
    assert (server.count("live_blocks"), server.count("overlaps")) == (0, 0)
    assert len(server.ledger()) == (ENDS + 1 if kind == "drop" else 0)
