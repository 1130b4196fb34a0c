"""A believable broker's accounts, made one after the other from a seed: people, money, a year of trading."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Final

from msgspec import Struct, structs

from kernel.drivers.simulator.dealings import Dealings
from kernel.drivers.simulator.desk import Desk, Trader
from kernel.drivers.simulator.market import Market
from kernel.drivers.simulator.past import SLOT, SLOTS, Past
from kernel.drivers.simulator.people import People, Person
from kernel.drivers.simulator.purse import Purse
from kernel.drivers.simulator.rounding import money
from kernel.drivers.simulator.sessions import trading_hours
from kernel.records.market import Group
from kernel.records.scalars import INT32_MAX
from kernel.records.trades import Trade
from kernel.records.users import User

FIRST_LOGIN: Final = 1001
FIRST_TICKET: Final = 1_000_000

_GAP: Final = 40
"""One login in so many is missing, as if deleted long ago."""
_DEMO: Final = "demoforex"
_FIRST_DEPOSIT: Final = 100_000.0
"""Dollars that login 1001 starts with."""
_HELD_BY_FIRST: Final = 3
"""Trades that login 1001 opens of late and still holds."""
_RECENT: Final = 90
"""Slots before now in which the trades that are still open were opened."""
_LATEST_START: Final = SLOTS - 120
_DAY: Final = 86400
_LEVERAGES: Final = (30, 50, 100, 100, 200, 300, 400, 500)
_AGENTS: Final = 25
"""The first accounts, among which are the agents of the others."""


class Opened(Struct):
    """An account as it stands now; ``history`` is in the order of closing, open trades by ticket."""

    user: User
    password: str
    investor: str
    open_trades: tuple[Trade, ...]
    history: tuple[Trade, ...]


def login(index: int) -> int:
    """Give the login of the account with this index."""
    return FIRST_LOGIN + index + index // _GAP


def next_ticket(count: int) -> int:
    """Give the first ticket that is free after so many accounts."""
    return FIRST_TICKET + SLOTS * count


def accounts(
    seed: int, count: int, now: int, market: Market, groups: Sequence[Group], code_page: str
) -> Iterator[Opened]:
    """Make accounts one by one, always the same from the same arguments; ``now`` is server seconds.

    Login 1001 is in ``demoforex``, enabled, and has money to spare. Only one account is in memory at
    a time. Tickets are unique and all below ``next_ticket(count)``: the year is cut into half days,
    each has one ticket for every account, and an account deals at most once in a half day. So tickets
    rise with time, strictly within an account, and among accounts to within half a day.

    Raises ``ValueError`` for an unknown code page, no groups, a time before 1972 and for more
    accounts than there are tickets.
    """
    if count < 0 or next_ticket(count) > INT32_MAX:
        raise ValueError(f"cannot make {count} accounts: tickets go up to {INT32_MAX}")
    if now < SLOTS * SLOT * 2:
        raise ValueError(f"cannot make a year of history before {now} server seconds")
    if not groups:
        raise ValueError("cannot make accounts without groups")
    broker = _Broker(seed, count, Past(market, now), groups, People(code_page))
    return (broker.account(index) for index in range(count))


class _Broker:
    """What all accounts share: groups, their desks, the past, the people."""

    def __init__(self, seed: int, count: int, past: Past, groups: Sequence[Group], people: People) -> None:
        self._seed = seed
        self._count = count
        self._past = past
        self._people = people
        self._busy = [slot for slot in range(SLOTS) if _busy(past.start + slot * SLOT + SLOT // 2, slot)]
        self._first = next((group for group in groups if group.group == _DEMO), groups[0])
        self._groups = (*groups, *(self._first,) * 3)  # the most accounts are for demonstration
        hours = {name: trading_hours(symbol) for name, symbol in past.today.symbols.items()}
        self._desks = {group.group: Desk(group, past, hours) for group in groups}
        self._units = {group.currency: past.today.rate("USD", group.currency) or 1.0 for group in groups}
        today = datetime.fromtimestamp(past.now // _DAY * _DAY, UTC)
        self._days = (int(today.timestamp()), int(today.replace(day=1).timestamp()))

    def account(self, index: int) -> Opened:
        """Make the account with this index; the others do not matter to it."""
        random = Random(f"{self._seed}:{index}")  # noqa: S311 - a believable broker, no secrets
        group = random.choice(self._groups) if index else self._first
        person = self._people.one(random, login(index))
        slots = self._slots(random, index)
        user = _user(random, index, group, person)
        purse = Purse(user.login, person, self._units[group.currency], random)
        trader = _trader(random, user, calm=not index)
        tickets = range(FIRST_TICKET + index, next_ticket(self._count) + index, self._count)
        dealings = Dealings(group, self._past, self._desks[group.group], trader, purse, random, tickets)
        kept = _kept(random, user, slots) if index else _HELD_BY_FIRST
        dealings.history(slots[: len(slots) - kept], 0.0 if index else _FIRST_DEPOSIT)
        user = self._dated(random, user, purse, self._past.start + (slots[-1] + 1) * SLOT)
        opened = dealings.opened(slots[len(slots) - kept :], user)
        history = tuple(sorted(purse.history, key=lambda row: (row.close_time, row.order)))
        return Opened(user, _password(random, "ABCDEFGH"), _password(random, "JKLMNPQR"), opened, history)

    def _slots(self, random: Random, index: int) -> list[int]:
        """Choose the half days in which something happens, each once."""
        if not index:
            held = self._busy[-2 * _HELD_BY_FIRST :: 2]
            return [*sorted(random.sample(self._busy[: -3 * _HELD_BY_FIRST], 15)), *held]
        start = bisect_left(self._busy, random.randrange(_LATEST_START))
        return sorted(random.sample(self._busy[start:], random.randint(14, 26)))

    def _dated(self, random: Random, user: User, purse: Purse, dealt: int) -> User:
        """Give the account its money as of now, yesterday and last month, and its dates; it last dealt by then."""
        regdate = min(row.open_time for row in purse.history) - random.randrange(600, _DAY)
        lastdate = random.randrange(max(dealt, *(row.close_time for row in purse.history)), self._past.now + 1)
        (day, day_credit), (month, month_credit) = (purse.before(time) for time in self._days)
        return structs.replace(
            user,
            balance=purse.cash,
            credit=purse.credit,
            prevbalance=day,
            prevmonthbalance=month,
            prevequity=money(day + day_credit),
            prevmonthequity=money(month + month_credit),
            regdate=regdate,
            lastdate=lastdate,
            timestamp=lastdate,
        )


def _busy(middle: int, slot: int) -> bool:
    """Whether clients are about in a half day: on weekdays, and now and then at a weekend."""
    return (middle // _DAY + 3) % 7 < 5 or slot % 8 == 0  # noqa: PLR2004 - Monday is 0, Friday 4


def _kept(random: Random, user: User, slots: Sequence[int]) -> int:
    """Choose how many of the last slots' trades are still open; an account at rest holds none."""
    if not user.enable or user.enable_read_only:
        return 0
    recent = sum(slot >= SLOTS - _RECENT for slot in slots[1:])
    return min(random.randint(0, 5), recent)


def _user(random: Random, index: int, group: Group, person: Person) -> User:
    """Give the account without its money: what the person says, and what the broker set."""
    texts = {name: getattr(person, name) for name in ("name", "email", "phone", "country", "city", "state", "zipcode")}
    texts |= {name: getattr(person, name) for name in ("address", "lead_source", "comment", "id", "status")}
    agents = min(index, _AGENTS)
    return User(
        login=login(index),
        group=group.group,
        **texts,
        leverage=random.choice((group.default_leverage, *_LEVERAGES)) if index else group.default_leverage,
        agent_account=login(random.randrange(agents)) if agents and random.randrange(12) == 0 else 0,
        enable=int(not index or random.randrange(30) > 0),
        enable_change_password=int(random.randrange(20) > 0),
        enable_read_only=int(index > 0 and random.randrange(25) == 0),
        send_reports=int(random.randrange(6) > 0),
        mqid=random.randrange(2**32) if random.randrange(3) == 0 else 0,
        last_ip=f"{random.choice((81, 89, 178, 203))}.{random.randrange(256)}.0.{random.randrange(1, 255)}",
    )


def _trader(random: Random, user: User, *, calm: bool) -> Trader:
    daring = random.randrange(25) == 0
    risk = 0.002 if calm else random.uniform(0.2, 0.6) if daring else random.uniform(0.005, 0.05)
    return Trader(login=user.login, leverage=user.leverage, risk=risk, has_agent=user.agent_account > 0)


def _password(random: Random, capitals: str) -> str:
    """Give a password of ten that passes MT4's rules; main and investor's differ in their capitals."""
    small = "".join(random.choices("abcdefghijkmnopqrstuvwxyz", k=6))
    return f"{random.choice(capitals)}{small}{random.randrange(100, 1000)}"
