"""The managers that may log in, with what each may see and do (``ConManager``)."""

from typing import Final

import msgspec

from kernel.drivers import Rejected
from kernel.drivers.simulator.passwords import Digests
from kernel.drivers.simulator.storage import Storage
from kernel.records.server import Manager
from kernel.retcodes import Retcode

KIND: Final = "manager"
_PASSWORD: Final = "manager"  # noqa: S105 - the kind of password, not one


class ManagerAccount(msgspec.Struct, frozen=True):
    """A manager's configuration and what is kept of the password."""

    manager: Manager
    digest: bytes
    enabled: bool = True


class Managers:
    """The table, in memory and in SQLite."""

    def __init__(self, storage: Storage, digests: Digests) -> None:
        """Load it."""
        self._storage, self._digests = storage, digests
        records = [msgspec.json.decode(record, type=ManagerAccount) for record in storage.config(KIND)]
        self._accounts = {account.manager.login: account for account in records}

    def put(self, manager: Manager, password: str, *, enabled: bool = True) -> None:
        """Add or replace one, in a transaction of its own."""
        login = manager.login
        account = ManagerAccount(manager, self._digests.digest(login, _PASSWORD, password), enabled)
        self._storage.put_config(KIND, str(login), login, msgspec.json.encode(account))
        self._storage.commit()
        self._accounts[login] = account

    def log_in(self, login: int, password: str) -> Manager:
        """Give the manager; ``Rejected(65)`` for an unknown login or a wrong password, 64 when disabled."""
        account = self._accounts.get(login)
        if account is None or not self._digests.matches(login, _PASSWORD, password, account.digest):
            raise Rejected(Retcode.BAD_ACCOUNT_INFO)
        if not account.enabled:
            raise Rejected(Retcode.ACCOUNT_DISABLED)
        return account.manager
