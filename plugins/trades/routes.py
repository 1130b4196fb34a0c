"""HTTP for open trades and history."""

from typing import Annotated

from kernel.api import (
    AccountNotFound,
    Controller,
    Gateway,
    JSONBody,
    ListQuery,
    LoginPath,
    NamedDependency,
    QueryParameter,
    ShownTrade,
    get,
    matcher,
    page,
    post,
)
from plugins.trades import answers, examples
from plugins.trades.queries import HistoryQuery

Mask = Annotated[str | None, QueryParameter(max_length=255, description="Group mask: `demo*`, `real,!real-vip`.")]
SymbolName = Annotated[str | None, QueryParameter(max_length=11, description="Symbol, exactly.")]
Cmd = Annotated[int | None, QueryParameter(ge=0, le=7, description="0 buy, 1 sell, 2 to 5 pending orders.")]


class TradeController(Controller):
    """Open trades and history."""

    path = "/trades"
    tags = ("trades",)

    @get("/open", scope="trades:read", example=examples.TRADES)
    async def list_open_trades(
        self,
        gateway: NamedDependency[Gateway],
        listing: NamedDependency[ListQuery],
        symbol: SymbolName = None,
        group: Mask = None,
        cmd: Cmd = None,
    ) -> answers.Trades:
        """List open positions and pending orders of all accounts."""
        trades = await gateway.open_trades()
        if group is not None:
            in_mask = matcher(group)
            logins = {user.login for user in await gateway.users() if in_mask(user.group)}
            trades = [trade for trade in trades if trade.login in logins]
        wanted = [each for each in trades if symbol in {None, each.symbol} and cmd in {None, each.cmd}]
        return answers.Trades.of(page(ShownTrade.all(wanted), ShownTrade, "order", listing))

    @get("/open/{login:str}", scope="trades:read", errors=(AccountNotFound,), example=examples.TRADES_OF_LOGIN)
    async def list_open_trades_of_login(
        self, login: LoginPath, gateway: NamedDependency[Gateway], listing: NamedDependency[ListQuery]
    ) -> answers.TradesOfLogin:
        """List one account's open positions and pending orders."""
        trades = ShownTrade.all(await gateway.open_trades_of(login))
        return answers.TradesOfLogin.of(login, page(trades, ShownTrade, "order", listing))

    @post(
        "/history/{login:str}",
        scope="trades:read",
        status_code=200,
        errors=(AccountNotFound,),
        request_example=examples.HISTORY_QUERY,
        example=examples.HISTORY,
    )
    async def list_history(
        self,
        login: LoginPath,
        gateway: NamedDependency[Gateway],
        data: JSONBody[HistoryQuery | None] = None,
    ) -> answers.History:
        """List what was closed for one account: trades, deleted orders, balance and credit rows."""
        query = data or HistoryQuery()
        span = query.span(await gateway.server_time())
        trades = [trade for trade in await gateway.history(login, *span) if query.takes(trade)]
        return answers.History.of(login, span, page(ShownTrade.all(trades), ShownTrade, "order", query.listing))
