"""What holds after any sequence of operations: money, tickets, equity, and a restart."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kernel.drivers import Rejected
from kernel.drivers.simulator import margin
from kernel.drivers.simulator.clock import ManualClock
from kernel.drivers.simulator.server import TradeServer
from kernel.drivers.simulator.settings import Settings
from kernel.drivers.simulator.ticks import Tick
from kernel.records.server import GroupOperation
from kernel.records.trades import Trade, Transaction
from kernel.records.users import NewUser

LOGINS = st.sampled_from((1001, 1002, 1003, 4000))
GROUPS = st.sampled_from(("demoforex", "real-eur", "real-jpy", "ecn-usd", "fifo-usd", "micro-usd"))
SYMBOLS = st.sampled_from(("EURUSD", "USDJPY", "GBPJPY", "XAUUSD", "GER40", "ES.FUT", "BTC/USD", "#AAPL"))
STEPS = st.floats(-0.03, 0.03)


class Broker(RuleBasedStateMachine):
    """Any operations in any order; refusals are answers too."""

    server: TradeServer
    clock: ManualClock

    @initialize(accounts=st.integers(0, 6), seed=st.integers(0, 50))
    def start(self, accounts: int, seed: int) -> None:
        self.clock = ManualClock()
        self.folder = tempfile.TemporaryDirectory()
        options = Settings(accounts=accounts, seed=seed, check_money=bool(seed % 2), ledger="money.ledger")
        self.server = TradeServer(options, Path(self.folder.name), self.clock)
        self.server.load()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.server.close()
            self.folder.cleanup()

    def ask(self, **members: Any) -> None:
        retcode = 0
        try:
            self.server.dealing.transact(Transaction(**members))
        except Rejected as rejection:
            retcode = rejection.retcode
        assert retcode in {0, 3, 64, *range(129, 135), 140, 147, 148, 149, 150}

    def open_order(self, index: int) -> Trade | None:
        trades = sorted(self.server.state.book.trades)
        return self.server.state.book.trades[trades[index % len(trades)]] if trades else None

    @rule(login=LOGINS, group=GROUPS)
    def create(self, login: int, group: str) -> None:
        if login not in self.server.state.book.users:
            self.server.accounts.create(NewUser(login=login, group=group, name="N", password="Abc12"))

    @rule(login=LOGINS, amount=st.floats(-5000, 50_000), cmd=st.sampled_from((6, 6, 7)))
    def move_money(self, login: int, amount: float, cmd: int) -> None:
        self.ask(type=83, cmd=cmd, orderby=login, price=amount, expiration=self.server.now() + 60)

    @rule(login=LOGINS, symbol=SYMBOLS, cmd=st.integers(0, 5), volume=st.integers(1, 500), step=STEPS)
    def open(self, login: int, symbol: str, cmd: int, volume: int, step: float) -> None:
        quote = self.server.state.market.quote(symbol)
        assert quote is not None
        price = quote.bid * (1 + (step if cmd > 1 else 0))
        self.ask(
            type=75,
            cmd=cmd,
            orderby=login,
            symbol=symbol,
            volume=volume,
            price=price,
            tp=price * 0.99 if cmd % 2 else 0,
        )

    @rule(index=st.integers(0, 99), share=st.integers(1, 100), step=STEPS)
    def close(self, index: int, share: int, step: float) -> None:
        trade = self.open_order(index)
        if trade is not None:
            volume = max(1, trade.volume * share // 100)
            self.ask(type=76, order=trade.order, volume=volume, price=trade.open_price * (1 + step))

    @rule(index=st.integers(0, 99), kind=st.sampled_from((77, 78, 79, 80, 81)), other=st.integers(0, 99))
    def change(self, index: int, kind: int, other: int) -> None:
        trade, second = self.open_order(index), self.open_order(other)
        if trade is not None and second is not None:
            by = trade.login if kind == 79 else second.order
            self.ask(type=kind, order=trade.order, orderby=by, symbol=trade.symbol, price=trade.open_price)

    @rule(moves=st.lists(st.tuples(SYMBOLS, STEPS), max_size=4))
    def tick(self, moves: list[tuple[str, float]]) -> None:
        ticks: list[Tick] = []
        for symbol, step in moves:
            quote = self.server.state.market.quote(symbol)
            assert quote is not None
            ticks.append(Tick(symbol, quote.bid * (1 + step), quote.ask * (1 + step)))
        self.server.apply_ticks(ticks)

    @rule(seconds=st.sampled_from((1, 3600, 30_000, 86_400, 400_000)))
    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.server.advance()

    @rule(login=LOGINS, command=st.sampled_from(("delete", "disable", "enable", "set_group")), group=GROUPS)
    def batch(self, login: int, command: Any, group: str) -> None:
        more = {"group": group} if command == "set_group" else {}
        if login in self.server.state.book.users:
            self.server.accounts.batch(GroupOperation(command=command, logins=(login,), **more))

    @rule()
    def restart(self) -> None:
        book = self.server.state.book
        before = dict(book.users), dict(book.trades), self.server.state.common
        self.server.close()
        self.server.load()
        book = self.server.state.book
        assert (book.users, book.trades, self.server.state.common) == before

    @invariant()
    def balances_are_the_sum_of_history(self) -> None:
        if not hasattr(self, "server"):
            return
        for login, user in self.server.state.book.users.items():
            rows = self.server.state.storage.history(login, 0, 2**31 - 1)
            results = [r.profit + r.commission + r.storage + r.taxes for r in rows if r.cmd < 2 or r.cmd == 6]
            credits_ = [row.profit for row in rows if row.cmd == 7]
            assert abs(sum(results) - user.balance) < 0.005
            assert abs(sum(credits_) - user.credit) < 0.005

    @invariant()
    def tickets_are_unique_and_counted(self) -> None:
        if not hasattr(self, "server"):
            return
        state = self.server.state
        closed = [row.order for login in state.book.users for row in state.storage.history(login, 0, 2**31 - 1)]
        tickets = [*closed, *state.book.trades]
        assert len(tickets) == len(set(tickets))
        assert max(tickets, default=0) <= state.common.lastorder

    @invariant()
    def equity_is_balance_and_credit_and_what_is_open(self) -> None:
        if not hasattr(self, "server"):
            return
        state = self.server.state
        for login, user in state.book.users.items():
            held = [trade for trade in state.book.trades.values() if trade.login == login and trade.cmd < 2]
            figures = margin.level(user, state.group_of(user), held, state.market)
            assert abs(figures.equity - user.balance - user.credit - sum(map(self.worth, held))) < 0.02

    def worth(self, trade: Trade) -> float:
        """Value a position the long way round: over what its price moved, in its own currency."""
        market = self.server.state.market
        symbol = market.symbols[trade.symbol]
        group = self.server.state.group_of(self.server.state.book.users[trade.login])
        prices = market.group_prices(trade.symbol, group)
        assert prices is not None
        moved = prices[0] - trade.open_price if trade.cmd == 0 else trade.open_price - prices[1]
        units = trade.volume / 100 * symbol.contract_size
        if symbol.profit_mode == 2:
            units = trade.volume / 100 * symbol.tick_value / symbol.tick_size
        values = market.tick_values(symbol, group.currency)
        assert values is not None
        base = symbol.tick_value if symbol.profit_mode == 2 else symbol.contract_size
        return moved * units * values[trade.cmd] / base + trade.commission + trade.storage + trade.taxes


TestBroker = Broker.TestCase
TestBroker.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
