"""Writes that move money: deposit, withdrawal, credit in and out (``TradeTransaction``, ``TT_BR_BALANCE``)."""

from collections.abc import Awaitable, Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from msgspec import UNSET

from kernel import hooks
from kernel.drivers import DriverFault
from kernel.errors import BadInput, Failure, Forbidden, NotEnoughMoney
from kernel.gateway.door import Write
from kernel.gateway.reads import Reads
from kernel.records.money import CreditChange, Deposit, Receipt, Withdrawal
from kernel.records.principal import Principal
from kernel.records.scalars import INT32_MAX
from kernel.records.times import end_of_day
from kernel.records.trades import Command, Transaction, TransactionType
from kernel.records.users import User
from kernel.retcodes import MONEY_REFUSALS

OVERRIDE: Final = "money:override"
_DIGITS: Final = 2
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR


class MoneyWrites(Reads):
    """One send for each operation, never repeated; amounts are refused rather than rounded."""

    async def deposit(self, login: int, deposit: Deposit, *, by: Principal) -> Receipt:
        """Book money into an account."""
        self._fits(deposit)
        return await self._own("deposit", by, lambda write: self._deposit(write, login, deposit))

    async def _deposit(self, write: Write, login: int, deposit: Deposit) -> Receipt:
        async with self._alone("account", login):
            await self._payable(login, deposit.amount)
            await self.registry.check(
                hooks.pre_deposit, operation=write.operation, login=login, deposit=deposit, by=write.by
            )
            receipt = await self._book(write, login, Command.BALANCE, deposit.amount, deposit.comment)
        self.registry.tell(
            hooks.post_deposit, operation=write.operation, login=login, deposit=deposit, receipt=receipt, by=write.by
        )
        return receipt

    async def withdraw(self, login: int, withdrawal: Withdrawal, *, by: Principal) -> Receipt:
        """Book money out of an account, at most what is free: MT4 itself would not look."""
        self._fits(withdrawal)
        if not withdrawal.check_free_margin and not by.may(OVERRIDE):
            raise Forbidden(f"check_free_margin false needs the scope {OVERRIDE}")
        return await self._own("withdrawal", by, lambda write: self._withdraw(write, login, withdrawal))

    async def _withdraw(self, write: Write, login: int, withdrawal: Withdrawal) -> Receipt:
        async with self._alone("account", login):
            digits = await self._payable(login, withdrawal.amount)
            await self.registry.check(
                hooks.pre_withdrawal, operation=write.operation, login=login, withdrawal=withdrawal, by=write.by
            )
            if withdrawal.check_free_margin:
                _refuse_above("Withdrawal", withdrawal.amount, await self._free(login), digits)
            receipt = await self._book(write, login, Command.BALANCE, -withdrawal.amount, withdrawal.comment)
        self.registry.tell(
            hooks.post_withdrawal,
            operation=write.operation,
            login=login,
            withdrawal=withdrawal,
            receipt=receipt,
            by=write.by,
        )
        return receipt

    async def credit(self, login: int, credit: CreditChange, *, by: Principal) -> Receipt:
        """Give credit (amount above zero) or take it back."""
        self._fits(credit)
        return await self._own("credit", by, lambda write: self._credit(write, login, credit))

    async def _credit(self, write: Write, login: int, credit: CreditChange) -> Receipt:
        async with self._alone("account", login):
            digits = await self._payable(login, credit.amount)
            expiration = await self._expiration(credit) if credit.amount > 0 else 0
            await self.registry.check(
                hooks.pre_credit, operation=write.operation, login=login, credit=credit, by=write.by
            )
            if credit.amount < 0:
                held = Decimal(repr((await self.user(login)).credit))
                _refuse_above("Removal of credit", -credit.amount, held, digits)
            receipt = await self._book(write, login, Command.CREDIT, credit.amount, credit.comment, expiration)
        self.registry.tell(
            hooks.post_credit, operation=write.operation, login=login, credit=credit, receipt=receipt, by=write.by
        )
        return receipt

    async def _payable(self, login: int, amount: Decimal) -> int:
        """Find the account and hold the amount against limit and digits; gives the digits."""
        self._need("money")
        if abs(amount) > self.settings.largest_amount:
            raise BadInput.at("body", "amount", message=f"must be at most {self.settings.largest_amount}")
        user = await self.user(login)
        digits = await self._digits(user)
        exponent = amount.normalize().as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > digits:
            raise BadInput.at("body", "amount", message=f"must have at most {digits} decimals")
        if Decimal(repr(float(amount))) != amount:
            raise BadInput.at("body", "amount", message="has more digits than MT4 can hold")
        return digits

    async def _digits(self, user: User) -> int:
        """Decimals of the account's currency; the group is looked up only where a setting differs."""
        if not self.settings.money_digits:
            return _DIGITS
        currency = (await self.group(user.group)).currency
        return self.settings.money_digits.get(currency, _DIGITS)

    async def _free(self, login: int) -> Decimal:
        """Say what can be taken out as of now: neither credit nor what backs open positions."""
        user = await self.user(login)
        margin = await self._read(lambda session: session.margin_level(login))
        return min(Decimal(repr(user.balance)), Decimal(repr(margin.margin_free)) - Decimal(repr(user.credit)))

    async def _expiration(self, credit: CreditChange) -> int:
        """Say when the credit ends, in server seconds: MT4 refuses credit in without a future end."""
        now = await self.server_time()
        if credit.expiration_date is not UNSET:
            field, end = "expiration_date", _end_of(credit.expiration_date)
        elif credit.expiration is not UNSET:
            field, end = "expiration", credit.expiration
        else:
            field, end = "expiration", (now + self.settings.credit_default_days * _DAY) // _HOUR * _HOUR
        if end % _HOUR:
            raise BadInput.at("body", field, message="must be at a full hour")
        if not now < end <= INT32_MAX:
            raise BadInput.at("body", field, message="must be in the future and before 2038-01-19")
        return end

    async def _book(
        self, write: Write, login: int, command: Command, amount: Decimal, comment: str, expiration: int = 0
    ) -> Receipt:
        """Send once, then read the account again; a failed reading leaves the receipt's balance None."""
        transaction = Transaction(
            type=TransactionType.BALANCE,
            cmd=command,
            orderby=login,
            price=float(amount),
            comment=comment,
            expiration=expiration,
        )
        order = await self._send(
            write,
            lambda session: session.trade_transaction(transaction),
            self.settings.trade_seconds,
            MONEY_REFUSALS,
        )
        after = await _or_none(lambda: self.user(login))
        return Receipt(
            operation_id=write.operation.id,
            login=login,
            order=order,
            amount=float(amount if command is Command.CREDIT else abs(amount)),
            comment=comment,
            balance=after.balance if after else None,
            credit=after.credit if after else None,
            expiration=expiration,
        )


def _refuse_above(what: str, amount: Decimal, most: Decimal, digits: int) -> None:
    available = max(most, Decimal(0)).quantize(Decimal(1).scaleb(-digits), ROUND_FLOOR)
    if amount > available:
        raise NotEnoughMoney(
            f"{what} of {amount:.{digits}f} exceeds available {available:f}", available=float(available)
        )


def _end_of(day: str) -> int:
    try:
        return end_of_day(day)
    except ValueError as error:
        raise BadInput.at("body", "expiration_date", message="must be a date such as 2026-12-31") from error


async def _or_none(read: Callable[[], Awaitable[User]]) -> User | None:
    try:
        return await read()
    except (Failure, DriverFault):
        return None
