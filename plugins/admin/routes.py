"""HTTP for repairs, mail, batch operations and the server's configuration."""

from kernel.api import (
    AccountNotFound,
    Controller,
    Gateway,
    GroupOperation,
    JSONBody,
    Mail,
    Mt4InvalidData,
    Mt4Rejected,
    NamedDependency,
    OrderLocked,
    Principal,
    ReadOnlyField,
    ShownTrade,
    TicketPath,
    TradeChange,
    TradeNotFound,
    get,
    given,
    page,
    post,
    put,
)
from plugins.admin import answers, examples
from plugins.admin.queries import GroupQuery, Orders


class AdminController(Controller):
    """Repair of trade records, mail, batch operations."""

    path = "/admin"
    tags = ("admin",)

    @post(
        "/trades/lookup",
        scope="trades:read",
        status_code=200,
        body="list",
        request_example={"orders": [249967850, 1]},
        example=examples.FOUND,
    )
    async def lookup_trades(self, data: JSONBody[Orders], gateway: NamedDependency[Gateway]) -> answers.TradesFound:
        """Read trades by ticket, open or closed."""
        found = await gateway.trades_of(data.orders)
        trades = ShownTrade.all(found[order] for order in data.orders if order in found)
        missing = [order for order in data.orders if order not in found]
        return answers.TradesFound(trades=trades, total=len(trades), not_found=missing)

    @post(
        "/trades/by-group",
        scope="trades:read",
        status_code=200,
        request_example={"group": "demo*", "open_only": True},
        example=examples.BY_GROUP,
    )
    async def list_trades_by_group(
        self, data: JSONBody[GroupQuery], gateway: NamedDependency[Gateway]
    ) -> answers.TradesByGroup:
        """List trades by group mask or login; the manager needs the right admin."""
        trades = ShownTrade.all(await gateway.trades_by_group(data.group, open_only=data.open_only))
        shown = page(trades, ShownTrade, "order", data.listing)
        return answers.TradesByGroup.of(data.group, shown, open_only=data.open_only)

    @put(
        "/trades/{order:str}/modify",
        scope="trades:write",
        write=True,
        errors=(TradeNotFound, ReadOnlyField, OrderLocked, Mt4Rejected, Mt4InvalidData),
        request_example={"comment": "corrected"},
        example=examples.MODIFIED,
    )
    async def modify_trade(
        self,
        order: TicketPath,
        data: JSONBody[TradeChange],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
    ) -> answers.TradeModified:
        """Edit a trade record: only the members that are given. Balances do not follow."""
        before, after = await gateway.modify_trade(order, data, by=by)
        return answers.TradeModified.of(list(given(data)), before, after)

    @post(
        "/trades/delete",
        scope="trades:write",
        status_code=200,
        write=True,
        body="list",
        errors=(TradeNotFound, OrderLocked, Mt4Rejected, Mt4InvalidData),
        request_example={"orders": [249967850, 249967851]},
        example=examples.DELETED,
    )
    async def delete_trades(
        self, data: JSONBody[Orders], gateway: NamedDependency[Gateway], by: NamedDependency[Principal]
    ) -> answers.TradesDeleted:
        """Delete trade records for good."""
        return answers.TradesDeleted.of(*await gateway.delete_trades(data.orders, by=by))

    @post(
        "/mail",
        scope="mail:send",
        status_code=200,
        write=True,
        body="mail",
        errors=(AccountNotFound, Mt4InvalidData),
        request_example=examples.MAIL,
        example={"status": "ok", "message": "Mail sent", "recipients": 2},
    )
    async def send_mail(
        self, data: JSONBody[Mail], gateway: NamedDependency[Gateway], by: NamedDependency[Principal]
    ) -> answers.MailSent:
        """Send an internal mail to terminals; to all of the logins, or to none."""
        return answers.MailSent(recipients=await gateway.send_mail(data, by=by))

    @post(
        "/users/group-op",
        scope="users:batch",
        status_code=200,
        write=True,
        body="list",
        errors=(AccountNotFound, Mt4InvalidData),
        request_example=examples.BATCH,
        example=examples.BATCH_DONE,
    )
    async def run_group_operation(
        self, data: JSONBody[GroupOperation], gateway: NamedDependency[Gateway], by: NamedDependency[Principal]
    ) -> answers.GroupOperationDone:
        """Do one thing to many accounts: delete, enable, disable, leverage or set_group."""
        return answers.GroupOperationDone.of(data, await gateway.group_operation(data, by=by))


class ServerController(Controller):
    """The trade server itself."""

    path = "/server"
    tags = ("server",)

    @get("/config", scope="server:read", example=examples.CONFIG)
    async def get_server_config(self, gateway: NamedDependency[Gateway]) -> answers.ServerConfig:
        """Read the server's configuration, and what our manager may do there."""
        return answers.ServerConfig.of(await gateway.common(), gateway.manager())
