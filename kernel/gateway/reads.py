"""What can be asked of the trade server; nothing here changes anything."""

import time
from collections.abc import Sequence
from typing import Final

from kernel.drivers import DriverFault, NotSent, Rejected
from kernel.errors import (
    AccountNotFound,
    ConnectFailed,
    Failure,
    GroupNotFound,
    Mt4LoginFailed,
    NotConnected,
    PriceUnavailable,
    PumpNotReady,
    ServiceUnavailable,
    SymbolNotFound,
    VersionMismatch,
)
from kernel.gateway.door import Door
from kernel.gateway.targets import refuse_other_targets
from kernel.records.connection import LinkStatus
from kernel.records.market import Group, Price, Symbol
from kernel.records.server import Common, Manager, Target
from kernel.records.trades import Margin, Trade
from kernel.records.users import Online, PasswordCheck, User
from kernel.retcodes import Retcode, describe
from kernel.verdicts import failure_of_read

_SEE_MARGINS: Final = ("riskman", "see_trades")
_LOGIN_REFUSALS: Final = frozenset({Retcode.ACCOUNT_DISABLED, Retcode.BAD_ACCOUNT_INFO})


class Reads(Door):
    """Reads, and the link itself. Unknown accounts, groups and symbols raise their ``NotFound``."""

    # --- the link

    def status(self) -> LinkStatus:
        """Describe the link without asking MT4."""
        return self.connection.status()

    async def service_health(self) -> bool:
        """Whether the MT4 service is connected; ``ServiceUnavailable`` when it does not answer itself."""
        if not await self.connection.reachable():
            raise ServiceUnavailable("MT4 service is not reachable", service="mt4-service", connected=False)
        return self.connection.status().connected

    async def ping(self) -> float:
        """Ask for a round trip; the milliseconds it took."""
        started = time.perf_counter()
        try:
            await self._read(lambda session: session.ping())
        except Failure as failure:
            raise NotConnected("Not connected to MT4 server", mt4=failure.mt4, ping=False) from failure
        return round((time.perf_counter() - started) * 1000, 2)

    async def server_time(self) -> int:
        """Read the server's clock."""
        return await self._read(lambda session: session.server_time())

    async def connect(self, target: Target) -> None:
        """Log in to a trade server in place of the present one, which stays when this fails."""
        refuse_other_targets(target.server, self.settings)
        try:
            await self.connection.connect(target)
        except Rejected as fault:
            mt4 = describe(fault.retcode)
            if fault.retcode == Retcode.OLD_VERSION:
                raise VersionMismatch("MT4 wants another version of the Manager API", mt4=mt4) from fault
            if fault.retcode in _LOGIN_REFUSALS:
                raise Mt4LoginFailed(f"MT4 refused manager login {target.login}", mt4=mt4) from fault
            if fault.retcode == Retcode.NO_CONNECT:
                raise ConnectFailed(f"No MT4 server answered at {target.server}", mt4=mt4) from fault
            raise failure_of_read(fault) from fault
        except (DriverFault, TimeoutError) as fault:
            raise ConnectFailed(f"No MT4 server answered at {target.server}") from fault

    async def disconnect(self) -> None:
        """Log out and stay out until the next ``connect``."""
        await self.connection.disconnect()

    def manager(self) -> Manager:
        """Say what MT4 lets our login do."""
        try:
            return self.connection.session.manager
        except NotSent as fault:
            raise failure_of_read(fault) from fault

    async def common(self) -> Common:
        """Read the server's configuration."""
        return await self._read(lambda session: session.common())

    # --- accounts

    async def users(self) -> Sequence[User]:
        """List every account that our manager sees."""
        self._need("manager")
        return await self._rows(lambda session: session.users())

    async def users_of(self, logins: Sequence[int]) -> dict[int, User]:
        """Read some accounts; those that do not exist are left out."""
        found = await self._rows(lambda session: session.user_records(logins))
        return {user.login: user for user in found}

    async def user(self, login: int) -> User:
        """Read one account."""
        found = await self.users_of([login])
        if login not in found:
            raise AccountNotFound(f"Account {login} was not found")
        return found[login]

    async def password_is_right(self, login: int, check: PasswordCheck) -> bool:
        """Whether this is the account's main password."""
        self._need("manager")
        await self.user(login)
        try:
            await self.connection.read(
                lambda session: session.user_password_check(login, check.password), self.settings.read_seconds
            )
        except Rejected as fault:
            if fault.retcode == Retcode.BAD_ACCOUNT_INFO:
                return False
            raise failure_of_read(fault) from fault
        except (DriverFault, TimeoutError) as fault:
            raise failure_of_read(fault) from fault
        return True

    async def online(self) -> Sequence[Online]:
        """List the connected accounts."""
        self._need("online")
        return await self._rows(lambda session: session.online())

    async def margin(self, login: int) -> Margin:
        """Ask MT4 for one account's margin."""
        self._need_either(*_SEE_MARGINS)
        await self.user(login)
        return await self._read(lambda session: session.margin_level(login))

    async def margins(self) -> Sequence[Margin]:
        """List every visible account's margin from the pump."""
        if not self.status().pumping:
            self.manager()
            raise PumpNotReady("The margin table is not loaded yet")
        self._need_either(*_SEE_MARGINS)
        return await self._rows(lambda session: session.margins())

    # --- trades

    async def open_trades(self) -> Sequence[Trade]:
        """List open positions and pending orders of every visible account."""
        self._need("see_trades")
        return await self._rows(lambda session: session.trades())

    async def open_trades_of(self, login: int) -> Sequence[Trade]:
        """List one account's open positions and pending orders."""
        await self.user(login)
        return [trade for trade in await self.open_trades() if trade.login == login]

    async def history(self, login: int, since: int, until: int) -> Sequence[Trade]:
        """List what was closed from ``since`` through ``until``, balance and credit rows included."""
        self._need("see_trades")
        await self.user(login)
        return await self._rows(
            lambda session: session.trades_history(login, since, until), self.settings.history_seconds
        )

    async def trades_of(self, orders: Sequence[int]) -> dict[int, Trade]:
        """Read trades by ticket, open or closed; those that do not exist are left out."""
        self._need("see_trades")
        found = await self._rows(lambda session: session.trade_records(orders))
        return {trade.order: trade for trade in found}

    async def trades_by_group(self, mask: str, *, open_only: bool) -> Sequence[Trade]:
        """List trades by group mask or login; without the right admin MT4 would hang or say nothing."""
        self._need("admin")
        return await self._rows(
            lambda session: session.adm_trades(mask, open_only=open_only), self.settings.history_seconds
        )

    # --- market

    async def groups(self) -> Sequence[Group]:
        """List the groups that our manager sees."""
        return await self._rows(lambda session: session.groups())

    async def group(self, name: str) -> Group:
        """Read one group; case counts."""
        for group in await self.groups():
            if group.group == name:
                return group
        raise GroupNotFound(f"Group {name!r} was not found")

    async def symbols(self) -> Sequence[Symbol]:
        """List the symbols."""
        return await self._rows(lambda session: session.symbols())

    async def symbol(self, name: str) -> Symbol:
        """Read one symbol's configuration; case counts."""
        for symbol in await self.symbols():
            if symbol.symbol == name:
                return symbol
        raise SymbolNotFound(f"Symbol {name!r} was not found")

    async def price(self, name: str) -> Price:
        """Read a symbol's last quote; ``PriceUnavailable`` before the first one."""
        await self.symbol(name)
        if not self.status().pumping:
            raise PumpNotReady("Prices are not loaded yet")
        price = await self._read(lambda session: session.symbol_info(name))
        if price is None or price.bid <= 0 or price.ask <= 0:
            raise PriceUnavailable(f"Symbol {name!r} has no quote yet")
        return price
