"""What the trade server keeps in SQLite: the changes of one call in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from kernel.drivers.simulator import schema
from kernel.drivers.simulator.rows import (
    TRADE_COLUMNS,
    USER_COLUMNS,
    quoted,
    thrifty,
    trade_of,
    trade_row,
    user_of,
    user_row,
)
from kernel.records.trades import Trade
from kernel.records.users import User

_TRADES: Final = quoted(TRADE_COLUMNS)
_PUT_TRADE: Final = f"INSERT OR REPLACE INTO trades({_TRADES}) VALUES({','.join('?' * len(TRADE_COLUMNS))})"
_DIGESTS: Final = "main_digest, investor_digest, phone_digest"
_DIGEST: Final = f"SELECT {_DIGESTS} FROM users WHERE login = ?"  # noqa: S608 - our columns
_SET_DIGEST: Final = "UPDATE users SET main_digest = ?, investor_digest = ?, phone_digest = ? WHERE login = ?"
_ADD_USER: Final = (
    f"INSERT INTO users({quoted(USER_COLUMNS)}, {_DIGESTS}) VALUES({','.join('?' * (len(USER_COLUMNS) + 3))})"
)
_SET_USER: Final = "UPDATE users SET " + ", ".join(f'"{name}" = ?' for name in USER_COLUMNS) + " WHERE login = ?"  # noqa: S608 - our columns
_USERS: Final = f"SELECT {quoted(USER_COLUMNS)} FROM users ORDER BY login"  # noqa: S608 - our columns
_EARNED: Final = (
    "SELECT coalesce(sum(commission_agent), 0.0) FROM trades "
    "WHERE login = ? AND close_time > ? AND close_time <= ? AND commission_agent <> 0 AND state >= 3"
)
_BATCH: Final = 500


class Digest(NamedTuple):
    """What is kept of an account's three passwords."""

    main: bytes
    investor: bytes
    phone: bytes


class Storage:
    """The tables; a transaction begins with the first write after the last commit."""

    def __init__(self, path: str) -> None:
        """Open the file; ``new`` says that it is empty and has to be filled."""
        self._db = schema.connect(path)
        self.new = schema.is_new(self._db, path)

    def create(self) -> None:
        """Lay the tables, in a transaction that the caller commits when they are full."""
        self._begin()
        schema.create(self._db)

    def finish_creating(self) -> None:
        """Lay the indexes and commit: until here, an interrupted first start leaves an empty file."""
        schema.index(self._db)
        self.commit()
        self.new = False

    def journal(self) -> None:
        """Write ahead from now on: a killed process loses nothing that was committed."""
        self._db.execute("PRAGMA journal_mode = WAL")

    def commit(self) -> None:
        """Make what was written since the last commit durable; nothing written, nothing done."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what was written since the last commit."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._db.close()

    def secret(self) -> bytes:
        """Give the key under which passwords are digested."""
        return bytes(self._db.execute("SELECT key FROM secret").fetchone()[0])

    def users(self) -> Iterator[User]:
        """Read every account, by login."""
        return map(user_of, thrifty(self._db.execute(_USERS)))

    def add_user(self, user: User, digest: Digest) -> None:
        """Put a new account down with its passwords."""
        self._write(_ADD_USER, (*user_row(user), *digest))

    def set_user(self, user: User) -> None:
        """Replace an account's record; its passwords stay."""
        self._write(_SET_USER, (*user_row(user), user.login))

    def drop_user(self, login: int) -> None:
        """Take an account out, and everything that it ever traded: its number may be used again."""
        self._write("DELETE FROM trades WHERE login = ?", (login,))
        self._write("DELETE FROM users WHERE login = ?", (login,))

    def digest(self, login: int) -> Digest:
        """Read what is kept of an account's passwords."""
        return Digest(*self._db.execute(_DIGEST, (login,)).fetchone())

    def set_digest(self, login: int, digest: Digest) -> None:
        """Replace what is kept of an account's passwords."""
        self._write(_SET_DIGEST, (*digest, login))

    def put_trade(self, trade: Trade) -> None:
        """Write a trade, new or changed, open or closed."""
        self._write(_PUT_TRADE, trade_row(trade))

    def put_trades(self, trades: Iterable[Trade]) -> None:
        """Write many."""
        self._begin()
        self._db.executemany(_PUT_TRADE, map(trade_row, trades))

    def drop_trade(self, order: int) -> None:
        """Take a trade out for good."""
        self._write('DELETE FROM trades WHERE "order" = ?', (order,))

    def open_trades(self) -> Iterator[Trade]:
        """Read every position and pending order, by ticket."""
        query = f'SELECT {_TRADES} FROM trades WHERE state < 3 ORDER BY "order"'  # noqa: S608 - our columns
        return map(trade_of, thrifty(self._db.execute(query)))

    def history(self, login: int, since: int, until: int) -> list[Trade]:
        """Read an account's closed records with a close time in [since, until], by ticket."""
        return list(
            self._trades(
                'login = ? AND close_time BETWEEN ? AND ? AND state >= 3 ORDER BY "order"', (login, since, until)
            )
        )

    def agent_commissions(self, login: int, after: int, until: int) -> float:
        """Sum what an account's agent earned with trades closed in (after, until]."""
        return float(self._db.execute(_EARNED, (login, after, until)).fetchone()[0])

    def expired_credits(self, after: int, until: int) -> list[Trade]:
        """Read the credits that expired in (after, until]."""
        return list(self._trades("cmd = 7 AND expiration > ? AND expiration <= ? AND profit > 0", (after, until)))

    def money_rows(self, after: int) -> Iterator[Trade]:
        """Read balance and credit rows with a ticket above ``after``, by ticket."""
        return self._trades('"order" > ? AND cmd >= 6 ORDER BY "order"', (after,))

    def trades(self, orders: Sequence[int]) -> list[Trade]:
        """Read those that exist, open or closed, by ticket."""
        found: list[Trade] = []
        for start in range(0, len(orders), _BATCH):
            batch = orders[start : start + _BATCH]
            found += self._trades(f'"order" IN ({",".join("?" * len(batch))})', tuple(batch))
        return sorted(found, key=lambda trade: trade.order)

    def mark(self, name: str, default: int = 0) -> int:
        """Read a counter or a moment that has to survive."""
        row = self._db.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return default if row is None else int(row[0])

    def set_mark(self, name: str, value: int) -> None:
        """Write one."""
        self._write("INSERT OR REPLACE INTO marks VALUES(?, ?)", (name, value))

    def config(self, kind: str) -> list[bytes]:
        """Read the configuration records of a kind, in their order."""
        query = "SELECT record FROM config WHERE kind = ? ORDER BY position"
        return [bytes(row[0]) for row in self._db.execute(query, (kind,))]

    def put_config(self, kind: str, name: str, position: int, record: bytes) -> None:
        """Write one."""
        self._write("INSERT OR REPLACE INTO config VALUES(?, ?, ?, ?)", (kind, name, position, record))

    def quotes(self) -> list[tuple[str, float, float, float, float, int, int]]:
        """Read the last quotes: symbol, bid, ask, high, low, time, direction."""
        return self._db.execute("SELECT * FROM quotes").fetchall()

    def put_quotes(self, rows: Iterable[tuple[str, float, float, float, float, int, int]]) -> None:
        """Write them."""
        self._begin()
        self._db.executemany("INSERT OR REPLACE INTO quotes VALUES(?, ?, ?, ?, ?, ?, ?)", rows)

    def add_mail(self, row: tuple[int, int, str, str, str, str]) -> None:
        """Keep a mail: time, manager's login, sender, subject, body, logins."""
        self._write("INSERT INTO mails(time, login, sender, subject, body, logins) VALUES(?, ?, ?, ?, ?, ?)", row)

    def mails(self) -> list[tuple[int, int, str, str, str, str]]:
        """Read every mail that was sent, oldest first."""
        return self._db.execute("SELECT time, login, sender, subject, body, logins FROM mails ORDER BY id").fetchall()

    def _trades(self, where: str, values: tuple[Any, ...]) -> Iterator[Trade]:
        query = f"SELECT {_TRADES} FROM trades WHERE {where}"  # noqa: S608 - a text of this file; values are bound
        return map(trade_of, self._db.execute(query, values))

    def _begin(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def _write(self, statement: str, values: Sequence[Any]) -> None:
        self._begin()
        self._db.execute(statement, values)
