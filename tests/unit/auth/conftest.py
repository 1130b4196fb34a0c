"""A store in a real file, a clock that tests drive, and an ``Auth`` over both."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from msgspec import Struct

from kernel.auth.passwords import Passwords
from kernel.auth.service import Auth
from kernel.auth.users import ApiUsers
from kernel.store.sqlite import SqliteStore


class Clock:
    """Unix time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Settings(Struct, frozen=True):
    """The defaults of the product."""

    key_file: Path
    token_seconds: int = 8 * 3600
    session_seconds: int = 7 * 24 * 3600
    issuer: str = "mt4-manager-api"
    audience: str = "mt4-manager-api"
    leeway: int = 30


class CountingPasswords(Passwords):
    """The real hasher, which also counts what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.verified = 0
        self.hashed = 0

    async def verify(self, stored: str, password: str) -> bool:
        self.verified += 1
        return await super().verify(stored, password)

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return await super().hash(password)


Start = Callable[..., Awaitable[Auth]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hasher() -> CountingPasswords:
    return CountingPasswords()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(tmp_path / "data" / "store.sqlite3", exclusive=True)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def start(tmp_path: Path, store: SqliteStore, clock: Clock, hasher: CountingPasswords) -> AsyncIterator[Start]:
    """Start an ``Auth`` with other settings; the user crm with the scope market:read is there."""
    await ApiUsers(store, hasher=hasher, clock=clock).add("crm", "a good password", ["market:read"])

    async def start(**settings: object) -> Auth:
        auth = Auth(store, Settings(tmp_path / "data" / "keys.json", **settings), clock=clock, hasher=hasher)
        assert await auth.start() is None
        return auth

    yield start
    hasher.close()


@pytest.fixture
async def auth(start: Start) -> Auth:
    return await start()


@pytest.fixture
async def beside(tmp_path: Path, auth: Auth, clock: Clock) -> AsyncIterator[ApiUsers]:
    """The command line's view of the users: another store on the same file."""
    assert auth.users is not None
    hasher = Passwords()
    store = SqliteStore(tmp_path / "data" / "store.sqlite3")
    await store.open()
    yield ApiUsers(store, hasher=hasher, clock=clock)
    await store.close()
    hasher.close()
