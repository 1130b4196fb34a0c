"""HTTP for groups, online accounts, symbols and prices."""

from typing import Annotated

from kernel.api import (
    Controller,
    Gateway,
    GroupNotFound,
    GroupRow,
    ListQuery,
    NamedDependency,
    Online,
    PathParameter,
    PriceUnavailable,
    PumpNotReady,
    QueryParameter,
    SymbolNotFound,
    SymbolRow,
    get,
    matcher,
    page,
)
from plugins.market import answers, examples

Mask = Annotated[str | None, QueryParameter(max_length=255, description="Group mask: `demo*`, `real,!real-vip`.")]
SecurityType = Annotated[
    int | None, QueryParameter(name="type", ge=0, le=31, description="Index of the security class.")
]
GroupName = Annotated[str, PathParameter(min_length=1, max_length=15)]
SymbolName = Annotated[str, PathParameter(min_length=1, max_length=11)]


class GroupController(Controller):
    """Groups and who of them is online."""

    path = "/groups"
    tags = ("groups",)

    @get("/", scope="market:read", collection=True, example=examples.GROUPS)
    async def list_groups(
        self, gateway: NamedDependency[Gateway], listing: NamedDependency[ListQuery]
    ) -> answers.Groups:
        """List the groups."""
        groups = answers.group_rows(await gateway.groups())
        return answers.Groups.of(page(groups, GroupRow, "group", listing))

    @get("/online", scope="users:read", example=examples.ONLINE)
    async def list_online(
        self, gateway: NamedDependency[Gateway], listing: NamedDependency[ListQuery], group: Mask = None
    ) -> answers.OnlineAccounts:
        """List the connected accounts, one row a login and address."""
        in_mask = matcher(group or "*")
        online = [each for each in await gateway.online() if in_mask(each.group)]
        return answers.OnlineAccounts.of(page(online, Online, "login", listing))

    @get("/{name:str}", scope="market:read", errors=(GroupNotFound,), example=examples.GROUP)
    async def get_group(self, name: GroupName, gateway: NamedDependency[Gateway]) -> answers.OneGroup:
        """Read one group with its terms; case counts."""
        return answers.OneGroup(await gateway.group(name))


class SymbolController(Controller):
    """Symbols and prices."""

    path = "/symbols"
    tags = ("symbols",)

    @get("/", scope="market:read", collection=True, example=examples.SYMBOLS)
    async def list_symbols(
        self,
        gateway: NamedDependency[Gateway],
        listing: NamedDependency[ListQuery],
        type_: SecurityType = None,
    ) -> answers.Symbols:
        """List the symbols."""
        wanted = [symbol for symbol in await gateway.symbols() if type_ in {None, symbol.type}]
        symbols = answers.symbol_rows(wanted)
        return answers.Symbols.of(page(symbols, SymbolRow, "symbol", listing))

    @get("/{name:str}", scope="market:read", errors=(SymbolNotFound,), example=examples.SYMBOL)
    async def get_symbol(self, name: SymbolName, gateway: NamedDependency[Gateway]) -> answers.OneSymbol:
        """Read a symbol's configuration; case counts. A name with a slash is only in the list."""
        return answers.OneSymbol(await gateway.symbol(name))

    @get(
        "/{name:str}/price",
        scope="market:read",
        errors=(SymbolNotFound, PriceUnavailable, PumpNotReady),
        example=examples.PRICE,
    )
    async def get_price(self, name: SymbolName, gateway: NamedDependency[Gateway]) -> answers.OnePrice:
        """Read a symbol's last quote."""
        return answers.OnePrice.of(await gateway.price(name))
