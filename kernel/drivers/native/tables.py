"""What is read from a pumping object: its tables, which it keeps in memory."""

import ctypes
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

from kernel.drivers.native.convert import Converters, Funds, MarginTerms
from kernel.drivers.native.facts import facts
from kernel.drivers.native.interface import Interface
from kernel.drivers.native.layouts import structure
from kernel.drivers.native.texts import Unfit
from kernel.drivers.native.writing import Buffer
from kernel.records.events import MarginCallEvent, PriceEvent
from kernel.records.market import Price
from kernel.records.trades import Margin

T = TypeVar("T")
_BATCH: Final = 32
"""As many symbols at once as MetaQuotes' own sample takes from ``SymbolInfoUpdated``."""
_MOST_BATCHES: Final = 1000
_SYMBOL_BYTES: Final = 11


class Tables:
    """The ``*Get`` calls of one object, on the thread that owns it; none of them goes to the server.

    No list is followed by a ``Ping`` here: a call to the server would stop the pump.
    """

    def __init__(self, interface: Interface, converters: Converters) -> None:
        """Take an object that pumps."""
        self.interface, self._converters = interface, converters
        self._levels: dict[int, int] = {}

    def watch_symbols(self) -> None:
        """``SymbolAdd`` for every symbol: without it no quotes arrive."""
        for symbol in self._rows("SymbolsGetAll", "ConSymbol", self._converters.names.read):
            with suppress(Unfit):  # a name that is not of the code page: one symbol without prices, not all
                self.interface.call("SymbolAdd", self._converters.texts.argument(symbol.symbol, "a symbol"))

    def price(self, symbol: str) -> Price | None:
        """``SymbolInfoGet``; None before the first quote, and for a symbol that is none."""
        try:
            name = self._converters.texts.argument(symbol, "the symbol", _SYMBOL_BYTES)
        except Unfit:
            return None
        info = Buffer("SymbolInfo", self._converters.texts)
        if self.interface.call("SymbolInfoGet", name, info.address):
            return None
        price = self._converters.prices.read(info.bytes())[0]
        return price if price.bid > 0 and price.ask > 0 else None

    def new_prices(self) -> Iterator[PriceEvent]:
        """``SymbolInfoUpdated`` until it has no more."""
        room = (structure("SymbolInfo") * _BATCH)()
        size = ctypes.sizeof(structure("SymbolInfo"))
        for _ in range(_MOST_BATCHES):
            count = min(self.interface.call("SymbolInfoUpdated", room, _BATCH), _BATCH)
            if count <= 0:
                return
            for price in self._converters.prices.read(memoryview(room).cast("B")[: count * size]):
                if price.bid > 0 and price.ask > 0:
                    yield PriceEvent(price)

    def margins(self) -> list[Margin]:
        """``MarginsGet``, by login, completed by the accounts that it leaves out."""
        funds = self._rows("UsersGet", "UserRecord", self._converters.funds.read)
        terms = self._rows("GroupsGet", "ConGroup", self._converters.terms.read)
        return completed(self._margins(), funds, terms)

    def levels(self) -> list[MarginCallEvent]:
        """Say whose level (0 ok, 1 margin call, 2 stop-out) is another than when this was last asked."""
        now = {margin.login: margin for margin in self._margins()}
        before, self._levels = self._levels, {login: margin.level_type for login, margin in now.items()}
        return [MarginCallEvent(margin) for login, margin in now.items() if margin.level_type != before.get(login, 0)]

    def _margins(self) -> list[Margin]:
        return self._rows("MarginsGet", "MarginLevel", self._converters.margins.read)

    def _rows(self, name: str, structure_name: str, read: Callable[[memoryview], list[T]]) -> list[T]:
        return self.interface.rows(name, facts().structs[structure_name].size, read) or []


def completed(margins: Iterable[Margin], funds: Iterable[Funds], terms: Iterable[MarginTerms]) -> list[Margin]:
    """Give a row for every account, by login: one without trades has no margin and all its money free."""
    types = {each.group: each.margin_type for each in terms}
    rows = {each.login: _flat(each, types.get(each.group, 0)) for each in funds}
    rows.update((margin.login, margin) for margin in margins)
    return [rows[login] for login in sorted(rows)]


def _flat(funds: Funds, margin_type: int) -> Margin:
    own = round(funds.balance + funds.credit, 2)
    return Margin(
        login=funds.login,
        group=funds.group,
        leverage=funds.leverage,
        balance=own,
        equity=own,
        margin_free=own,
        margin_type=margin_type,
    )
