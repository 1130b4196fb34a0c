"""Writes the simulator's broker as a file of Manager API structures, so that the stand-in can hold the very same one.

``python tests/standin/world.py FILE [--accounts N] [--seed S] [--code-page P]``; the stand-in loads it with the command
``world FILE``. Needs the package ``kernel`` for the broker; the layouts are those of ``abi/``.
"""

import argparse
import re
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import msgspec

from kernel.drivers.simulator import catalogue
from kernel.drivers.simulator.generator import accounts
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.online import online
from kernel.records.market import Symbol
from kernel.records.server import RIGHTS, Common
from kernel.records.users import User

_ABI: Final = Path(__file__).parent / "abi"
_FIELD: Final = re.compile(r"STANDIN_FIELD\((\w+), (\w+), (\d+), (\d+)\)")
_STRUCT: Final = re.compile(r"STANDIN_STRUCT\((\w+), (\d+), \d+\)")
_MEMBER: Final = re.compile(r"  (?:std::)?(\w+) (\w+)((?:\[\d+\])*);")
_OPENING: Final = re.compile(r"struct (\w+) \{")
_FORMS: Final = {"int16_t": "h", "uint16_t": "H", "int32_t": "i", "uint32_t": "I", "uint8_t": "B", "double": "d"}
_TIMEZONE_HOURS: Final = 2
_TEN: Final = 10


class Layouts:
    """Where each field of each structure is, and of what type, from the declarations."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        self._types: dict[tuple[str, str], str] = {}
        for path in sorted(_ABI.glob("layout_*.inc")):
            text = path.read_text(encoding="utf-8")
            self.sizes |= {name: int(size) for name, size in _STRUCT.findall(text)}
            self._places |= {(name, field): (int(at), int(size)) for name, field, at, size in _FIELD.findall(text)}
        for path in sorted(_ABI.glob("records_*.h")):
            self._read_types(path.read_text(encoding="utf-8"))

    def pack(self, name: str, values: Mapping[str, Any], code_page: str) -> bytes:
        """Give a structure with these fields; names that it does not have are passed over."""
        made = bytearray(self.sizes[name])
        for field, value in values.items():
            if (name, field) in self._places:
                at, room = self._places[name, field]
                data = self._bytes(self._types[name, field], value, code_page)
                made[at : at + min(len(data), room)] = data[:room]
        return bytes(made)

    def _bytes(self, kind: str, value: Any, code_page: str) -> bytes:
        if isinstance(value, bytes):
            return value
        if isinstance(value, str):
            return value.encode(code_page)
        if isinstance(value, Mapping):
            return self.pack(kind, cast("Mapping[str, Any]", value), code_page)
        if isinstance(value, list | tuple):
            return b"".join(self._bytes(kind, item, code_page) for item in cast("Sequence[Any]", value))
        return value.to_bytes(1, "little") if kind == "char" else struct.pack("<" + _FORMS[kind], value)

    def _read_types(self, text: str) -> None:
        name = ""
        for line in text.splitlines():
            if opening := _OPENING.match(line):
                name = opening[1]
            elif member := _MEMBER.match(line):
                self._types[name, member[2]] = member[1]


def write(file: BinaryIO, count: int, seed: int, code_page: str) -> None:
    """Write configuration first, then the accounts one by one: only one is in memory at a time."""
    layouts = Layouts()
    now = int(time.time()) + _TIMEZONE_HOURS * 3600
    market = Market(catalogue.symbols())
    for symbol, (bid, ask) in catalogue.first_prices().items():
        market.tick(symbol, bid, ask, now)
    for kind, name, values, more in _configuration(market):
        _put(file, kind, layouts.pack(name, values, code_page), more)
    users: list[User] = []
    for opened in accounts(seed, count, now, market, catalogue.groups(), code_page):
        secrets = {"password": opened.password, "password_investor": opened.investor}
        _put(file, "user", layouts.pack("UserRecord", _user(opened.user) | secrets, code_page))
        for kind, trades in (("closed", opened.history), ("open", opened.open_trades)):
            for trade in trades:
                _put(file, kind, layouts.pack("TradeRecord", msgspec.structs.asdict(trade), code_page))
        users.append(opened.user)
    for row in online(users, now):
        values = msgspec.structs.asdict(row) | {"ip": _address(row.ip)}
        _put(file, "online", layouts.pack("OnlineRecord", values, code_page))


def _configuration(market: Market) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    common = Common(name="Simulator-Demo", owner="Example Brokerage Ltd")
    clock = {"timezone": _TIMEZONE_HOURS, "timezone_real": _TIMEZONE_HOURS}
    yield "common", "ConCommon", msgspec.structs.asdict(common) | clock, ""
    rights: dict[str, Any] = dict.fromkeys(RIGHTS, 1)
    manager = rights | {"login": 224, "mailbox": "Support", "groups": "*"}
    yield "manager", "ConManager", manager, "your_manager_password"
    for group in catalogue.groups():
        yield "group", "ConGroup", msgspec.to_builtins(group), ""
    for symbol in market.symbols.values():
        yield "symbol", "ConSymbol", _symbol(symbol), ""
        fed = market.fed(symbol.symbol)
        if fed is not None:
            yield "quote", "TickInfo", {"symbol": symbol.symbol, "bid": fed[0], "ask": fed[1]}, ""


def _symbol(symbol: Symbol) -> dict[str, Any]:
    sessions = [
        {kind: [_hours(item.open, item.close) for item in getattr(day, kind)] for kind in ("quote", "trade")}
        for day in symbol.sessions
    ]
    return msgspec.structs.asdict(symbol) | {"sessions": sessions, "multiply": float(_TEN**symbol.digits)}


def _hours(opening: str, closing: str) -> dict[str, int]:
    (open_hour, open_min), (close_hour, close_min) = ([int(part) for part in t.split(":")] for t in (opening, closing))
    minutes = {"open": open_hour * 60 + open_min, "close": close_hour * 60 + close_min}
    return minutes | {"open_hour": open_hour, "open_min": open_min, "close_hour": close_hour, "close_min": close_min}


def _user(user: User) -> dict[str, Any]:
    return msgspec.structs.asdict(user) | {"last_ip": _address(user.last_ip) - (1 << 32 if _high(user.last_ip) else 0)}


def _address(dotted: str) -> int:
    """Give an address with its first octet in the lowest byte."""
    return int.from_bytes(bytes(int(part) for part in dotted.split(".")), "little") if dotted else 0


def _high(dotted: str) -> bool:
    return _address(dotted) >= 1 << 31


def _put(file: BinaryIO, kind: str, record: bytes, more: str = "") -> None:
    extra = more.encode()
    file.write(struct.pack("<8sII", kind.encode(), len(record), len(extra)) + record + extra)


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--code-page", default="cp1252")
    asked = parser.parse_args()
    with asked.file.open("wb") as file:
        write(file, asked.accounts, asked.seed, asked.code_page)


if __name__ == "__main__":
    main()
