"""Administrative writes: repair of trade records, internal mail, one command for many accounts."""

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct
from msgspec.structs import replace

from kernel import hooks
from kernel.errors import AccountNotFound, BadInput, Failure, OutcomeUnknown, TradeNotFound
from kernel.gateway.door import Write
from kernel.gateway.users import UserWrites, given
from kernel.records.principal import Principal
from kernel.records.server import GroupOperation, Mail
from kernel.records.texts import fitting
from kernel.records.trades import Trade, TradeChange
from kernel.records.users import User


class BatchResult(Struct, frozen=True, kw_only=True):
    """What a command for many accounts did, login by login, as read again afterwards."""

    affected: tuple[int, ...]
    not_found: tuple[int, ...]
    failed: tuple[int, ...]


class RepairWrites(UserWrites):
    """Each asks its ``pre_`` hook, sends once, and reads again what MT4 made of it."""

    async def modify_trade(self, order: int, change: TradeChange, *, by: Principal) -> tuple[Trade, Trade]:
        """Overlay a change on the whole record (``AdmTradeRecordModify``); the trade before and after."""
        if not given(change):
            raise BadInput.at("body", message="at least one member to change is needed")
        self._fits(change)
        return await self._own("edit of a trade", by, lambda write: self._modify_trade(write, order, change))

    async def _modify_trade(self, write: Write, order: int, change: TradeChange) -> tuple[Trade, Trade]:
        self._need("trades", "admin")
        async with self._alone("trade", order):
            before = (await self.trades_of([order])).get(order)
            if before is None:
                raise TradeNotFound(f"Trade {order} was not found")
            await self.registry.check(
                hooks.pre_trade_modify, operation=write.operation, trade=before, change=change, by=write.by
            )
            wanted = replace(before, **given(change))
            await self._send(
                write, lambda session: session.adm_trade_record_modify(wanted), self.settings.change_seconds
            )
            try:
                after = (await self.trades_of([order])).get(order, wanted)
            except Failure:
                after = wanted
        self.registry.tell(hooks.post_trade_modify, operation=write.operation, before=before, after=after, by=write.by)
        return before, after

    async def delete_trades(self, orders: Sequence[int], *, by: Principal) -> tuple[Sequence[int], Sequence[int]]:
        """Delete records for good (``AdmTradesDelete``); the tickets deleted and those not found."""
        return await self._own("deletion", by, lambda write: self._delete_trades(write, orders))

    async def _delete_trades(self, write: Write, orders: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        self._need("trades", "admin")
        found = await self.trades_of(orders)
        missing = [order for order in orders if order not in found]
        if not found:
            raise TradeNotFound("None of the trades was found", not_found=missing)
        doomed = tuple(found[order] for order in orders if order in found)
        await self.registry.check(hooks.pre_trades_delete, operation=write.operation, trades=doomed, by=write.by)
        tickets = [trade.order for trade in doomed]
        await self._send(write, lambda session: session.adm_trades_delete(tickets), self.settings.change_seconds)
        self.registry.tell(hooks.post_trades_delete, operation=write.operation, trades=doomed, by=write.by)
        return tickets, missing

    async def send_mail(self, mail: Mail, *, by: Principal) -> int:
        """Send one internal mail to every login (``MailSend``); how many that were."""
        self._fits(mail)
        if problem := fitting(_lines_joined(mail.body), len(mail.body) * 4, self.settings.code_page):
            raise BadInput.at("body", "body", message=problem)
        return await self._own("mail", by, lambda write: self._send_mail(write, mail))

    async def _send_mail(self, write: Write, mail: Mail) -> int:
        self._need("email")
        found = await self.users_of(mail.logins)
        if missing := [login for login in mail.logins if login not in found]:
            raise AccountNotFound(f"Account {missing[0]} was not found; nothing was sent", not_found=missing)
        await self.registry.check(hooks.pre_mail, operation=write.operation, mail=mail, by=write.by)
        sender = self.manager().mailbox if mail.sender is UNSET else mail.sender
        await self._send(write, lambda session: session.mail_send(mail, sender), self.settings.change_seconds)
        self.registry.tell(hooks.post_mail, operation=write.operation, mail=mail, by=write.by)
        return len(mail.logins)

    async def group_operation(self, batch: GroupOperation, *, by: Principal) -> BatchResult:
        """Do one thing to many accounts (``UsersGroupOp``) and say what became of each.

        MT4 gives one code for the whole list, so every account is read again.
        """
        self._fits(batch)
        return await self._own("batch operation", by, lambda write: self._group_operation(write, batch))

    async def _group_operation(self, write: Write, batch: GroupOperation) -> BatchResult:
        self._need("manager")
        if batch.group is not UNSET:
            await self._known_group(batch.group)
        async with self._alone("account", *batch.logins):
            found = await self.users_of(batch.logins)
            missing = tuple(login for login in batch.logins if login not in found)
            if not found:
                raise AccountNotFound("None of the accounts was found", not_found=missing)
            known = replace(batch, logins=tuple(login for login in batch.logins if login in found))
            await self.registry.check(hooks.pre_group_operation, operation=write.operation, batch=known, by=write.by)
            await self._send(write, lambda session: session.users_group_op(known), self.settings.change_seconds)
            after = await self._read_back(write, known)
        became = {login: _has_become(known, after.get(login)) for login in known.logins}
        affected = tuple(login for login, done in became.items() if done)
        failed = tuple(login for login, done in became.items() if not done)
        self.registry.tell(
            hooks.post_group_operation, operation=write.operation, batch=known, affected=affected, by=write.by
        )
        return BatchResult(affected=affected, not_found=missing, failed=failed)

    async def _read_back(self, write: Write, batch: GroupOperation) -> dict[int, User]:
        try:
            return await self.users_of(batch.logins)
        except Failure as failure:
            raise OutcomeUnknown(
                "MT4 took the batch operation, but the accounts could not be read again",
                outcome="unknown",
                operation_id=write.operation.id,
            ) from failure


def _has_become(batch: GroupOperation, user: User | None) -> bool:
    if user is None:
        return batch.command == "delete"
    wanted: dict[str, Any] = {
        "enable": user.enable == 1,
        "disable": user.enable == 0,
        "leverage": user.leverage == batch.leverage,
        "set_group": user.group == batch.group,
    }
    return bool(wanted.get(batch.command))


def _lines_joined(body: str) -> str:
    """Give the body without the line ends and tabs that a mail may hold."""
    return body.translate({ord(character): " " for character in "\r\n\t"})
