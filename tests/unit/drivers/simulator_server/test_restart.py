"""What survives: restarts, kills, an interrupted first start, and files that are not ours."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.drivers.simulator import ledger, margin
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.feed import RandomWalk
from kernel.drivers.simulator.opening import Interrupted
from kernel.drivers.simulator.schema import UnusableDatabase
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.records.trades import Transaction

Account = Callable[..., int]
Order = Callable[..., int]
Serve = Callable[..., TradeServer]
FILE = "broker.sqlite3"


def picture(server: TradeServer) -> dict[str, object]:
    """Everything that can be seen from outside."""
    state = server.state
    return {
        "users": dict(state.book.users),
        "trades": dict(state.book.trades),
        "history": {login: state.storage.history(login, 0, 2**31 - 1) for login in state.book.users},
        "groups": dict(state.groups),
        "symbols": dict(state.market.symbols),
        "prices": {name: state.market.price(name) for name in state.market.symbols},
        "common": state.common,
        "mails": state.storage.mails(),
        "margins": {
            login: margin.level(user, state.group_of(user), state.book.positions_of(login), state.market)
            for login, user in state.book.users.items()
        },
    }


def test_a_restart_changes_nothing(serve: Serve, clock: ManualClock) -> None:
    server = serve(database=FILE, accounts=60)
    walk = RandomWalk(1, server.state.market)
    for _ in range(40):
        clock.advance(1800)
        server.apply_ticks(walk.step(server.now()))
        server.advance()
    server.dealing.transact(Transaction(type=83, cmd=6, orderby=1001, price=12.5, comment="é"))
    before = picture(server)

    server.close()
    server.load()

    assert picture(server) == before


def test_the_same_seed_makes_the_same_broker_and_another_one_another(serve: Serve) -> None:
    one, same, other = serve(accounts=20), serve(accounts=20), serve(accounts=20, seed=2)

    assert picture(one) == picture(same)
    assert picture(one)["users"] != picture(other)["users"]


def test_an_interrupted_first_start_starts_over(tmp_path: Path, clock: ManualClock) -> None:
    settings = Settings(accounts=30, database=FILE)
    asked: list[int] = []

    def after_ten() -> bool:
        asked.append(1)
        return len(asked) > 10

    with pytest.raises(Interrupted):
        TradeServer(settings, tmp_path, clock).load(after_ten)
    server = TradeServer(settings, tmp_path, clock)
    server.load()

    assert len(server.state.book.users) == 30
    server.close()


CHILD = """
import sys
from pathlib import Path
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.records.trades import Transaction

server = TradeServer(Settings(accounts=10, database="kill.sqlite3", ledger="kill.ledger"), Path(sys.argv[1]))
{before}
server.load()
while True:
    ticket = server.dealing.transact(Transaction(type=83, cmd=6, orderby=1001, price=1.0))
    print(ticket, flush=True)
"""


def test_a_kill_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(before=""), str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path.cwd(),
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert child.stdout is not None
    answered = [int(child.stdout.readline()) for _ in range(50)]
    child.send_signal(signal.SIGKILL)
    answered += [int(line) for line in child.stdout.read().splitlines()]
    child.stdout.close()
    child.wait()

    server = TradeServer(Settings(database="kill.sqlite3", ledger="kill.ledger"), tmp_path)
    server.load()
    booked = [trade.order for trade in server.state.storage.trades(range(answered[0], answered[-1] + 10))]
    assert booked[: len(answered)] == answered
    assert len(booked) - len(answered) in {0, 1}
    assert [entry.order for entry in ledger.read(tmp_path / "kill.ledger")] == booked
    server.close()


def test_a_first_start_that_is_killed_starts_over(tmp_path: Path) -> None:
    before = """
from kernel.drivers.simulator import opening
import os, signal
real = opening._write
def write(*args):
    last = real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
opening._write = write
"""
    child = subprocess.run(
        [sys.executable, "-c", CHILD.format(before=before), str(tmp_path)],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert child.returncode == -signal.SIGKILL

    server = TradeServer(Settings(accounts=12, database="kill.sqlite3"), tmp_path)
    server.load()
    assert len(server.state.book.users) == 12
    server.close()


def test_the_ledger_gets_what_a_kill_kept_from_it(serve: Serve, tmp_path: Path, account: Account) -> None:
    server = serve(database=FILE, ledger="money.ledger")
    account(server)
    server.dealing.transact(Transaction(type=83, cmd=6, orderby=1001, price=7.0, comment="last"))
    server.close()
    path = tmp_path / "money.ledger"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])

    server.load()

    assert path.read_bytes() == whole
    assert [(e.order, e.profit, e.comment) for e in ledger.read(path)] == [(1001, 10_000.0, ""), (1002, 7.0, "last")]


def test_a_transaction_that_fails_leaves_nothing(server: TradeServer, account: Account, order: Order) -> None:
    account(server)
    ticket = order(server, 0, 1.084)
    before = picture(server)

    def fail() -> None:
        with server.state.transaction():
            order(server, 1, 1.083, 30, type=76, order=ticket)
            server.balances.book(1001, 6, 5.0, "x")
            account(server, 1002)
            server.state.book.drop_user(1001)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert picture(server) == before


def test_a_second_process_on_the_same_file_is_refused(serve: Serve, tmp_path: Path, clock: ManualClock) -> None:
    serve(database=FILE)

    with pytest.raises(UnusableDatabase, match="another process"):
        TradeServer(Settings(database=FILE), tmp_path, clock).load()


def test_a_file_of_something_else_is_refused_and_kept(tmp_path: Path, clock: ManualClock) -> None:
    text, foreign, future = tmp_path / "a.txt", tmp_path / "b.db", tmp_path / "c.db"
    text.write_text("not a database, and long enough to be read as one" * 50)
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE orders(id)")
    db.close()
    server = TradeServer(Settings(accounts=0, database="c.db"), tmp_path, clock)
    server.load()
    server.close()
    with sqlite3.connect(future) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()

    for path, why in ((text, "cannot be opened"), (foreign, "something else"), (future, "version 2")):
        content = path.read_bytes()
        with pytest.raises(UnusableDatabase, match=why):
            TradeServer(Settings(database=path.name), tmp_path, clock).load()
        assert path.read_bytes() == content
