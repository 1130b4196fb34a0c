"""Every hook that a plugin can fill, and the marker to fill one with.

Three families. ``register_*`` is asked once, while the service starts, and brings something.
``pre_*`` is asked before a write and stops it by raising ``Refused``. ``post_*`` and ``on_*`` are told
what has happened and change nothing. An implementation names only the arguments that it wants;
``settings`` is always its own plugin's section, as the Struct that ``register_settings`` returned.

The order of plugins in the settings is the order of their hooks.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar.types import ControllerRouterHandler
from msgspec import Struct
from pluggy import HookimplMarker, HookspecMarker

from kernel.records.connection import LinkStatus
from kernel.records.market import Price
from kernel.records.money import CreditChange, Deposit, Receipt, Withdrawal
from kernel.records.operations import Operation
from kernel.records.principal import Principal
from kernel.records.server import GroupOperation, Mail
from kernel.records.trades import Margin, Trade, TradeChange
from kernel.records.users import NewUser, User, UserChange

PROJECT: Final = "mt4api"
API: Final = 1
"""The version of this interface; a plugin says in its ``api`` which one it was written for."""

hookspec = HookspecMarker(PROJECT)
hookimpl = HookimplMarker(PROJECT)


@hookspec
def register_settings() -> type[Struct]:  # pyright: ignore[reportReturnType] - a specification has no body
    """Bring the record that ``[plugins.NAME]`` is read into: frozen, every field with a default or required."""


@hookspec
def register_scopes(settings: Any) -> Mapping[str, str]:  # pyright: ignore[reportReturnType] - a specification
    """Bring scopes of your own, each with one sentence on what it lets its holder do."""


@hookspec
def register_routes(settings: Any) -> Sequence[ControllerRouterHandler]:  # pyright: ignore[reportReturnType] - a specification
    """Bring route handlers; their paths stand under ``/api`` and each names its ``scope``."""


@hookspec
async def pre_user_create(settings: Any, operation: Operation, user: NewUser, by: Principal) -> None:
    """Look at an account before it is opened; raise ``Refused`` to stop it.

    ``user`` comes without its passwords. Any other exception stops it too, as does running out of
    time: a check that cannot be made has not been passed. So it is with every ``pre_`` hook.
    """


@hookspec
async def post_user_create(settings: Any, operation: Operation, user: User, by: Principal) -> None:
    """Be told of an account that was opened, as MT4 holds it."""


@hookspec
async def pre_user_update(settings: Any, operation: Operation, user: User, change: UserChange, by: Principal) -> None:
    """Look at a change to an account before it is written; raise ``Refused`` to stop it.

    ``user`` is the account as it is now, ``change`` what would be overlaid, without a password.
    """


@hookspec
async def post_user_update(settings: Any, operation: Operation, before: User, after: User, by: Principal) -> None:
    """Be told of an account that was changed."""


@hookspec
async def pre_password_change(settings: Any, operation: Operation, login: int, investor: bool, by: Principal) -> None:  # noqa: FBT001 - hooks are called by name
    """Look at a change of password before it is made; raise ``Refused`` to stop it."""


@hookspec
async def post_password_change(settings: Any, operation: Operation, login: int, investor: bool, by: Principal) -> None:  # noqa: FBT001 - hooks are called by name
    """Be told that an account has a new main or investor password."""


@hookspec
async def pre_deposit(settings: Any, operation: Operation, login: int, deposit: Deposit, by: Principal) -> None:
    """Look at a deposit before it is sent; raise ``Refused`` to stop it.

    Asked after the caller's scope was checked and the account found, and before anything is sent.
    """


@hookspec
async def post_deposit(
    settings: Any, operation: Operation, login: int, deposit: Deposit, receipt: Receipt, by: Principal
) -> None:
    """Be told of a deposit that MT4 has booked."""


@hookspec
async def pre_withdrawal(
    settings: Any, operation: Operation, login: int, withdrawal: Withdrawal, by: Principal
) -> None:
    """Look at a withdrawal before it is sent; raise ``Refused`` to stop it.

    Asked before the free margin is looked at.
    """


@hookspec
async def post_withdrawal(
    settings: Any, operation: Operation, login: int, withdrawal: Withdrawal, receipt: Receipt, by: Principal
) -> None:
    """Be told of a withdrawal that MT4 has booked."""


@hookspec
async def pre_credit(settings: Any, operation: Operation, login: int, credit: CreditChange, by: Principal) -> None:
    """Look at credit in (amount above zero) or out before it is sent; raise ``Refused`` to stop it."""


@hookspec
async def post_credit(
    settings: Any, operation: Operation, login: int, credit: CreditChange, receipt: Receipt, by: Principal
) -> None:
    """Be told of credit that MT4 has booked."""


@hookspec
async def pre_trade_modify(
    settings: Any, operation: Operation, trade: Trade, change: TradeChange, by: Principal
) -> None:
    """Look at an edit of a trade record before it is written; raise ``Refused`` to stop it."""


@hookspec
async def post_trade_modify(settings: Any, operation: Operation, before: Trade, after: Trade, by: Principal) -> None:
    """Be told of a trade record that was edited."""


@hookspec
async def pre_trades_delete(settings: Any, operation: Operation, trades: Sequence[Trade], by: Principal) -> None:
    """Look at trade records before they are deleted for good; raise ``Refused`` to stop it."""


@hookspec
async def post_trades_delete(settings: Any, operation: Operation, trades: Sequence[Trade], by: Principal) -> None:
    """Be told of trade records that were deleted, as they were before."""


@hookspec
async def pre_mail(settings: Any, operation: Operation, mail: Mail, by: Principal) -> None:
    """Look at an internal mail before it is sent; raise ``Refused`` to stop it."""


@hookspec
async def post_mail(settings: Any, operation: Operation, mail: Mail, by: Principal) -> None:
    """Be told of an internal mail that MT4 has taken."""


@hookspec
async def pre_group_operation(settings: Any, operation: Operation, batch: GroupOperation, by: Principal) -> None:
    """Look at a command for many accounts before it is sent; raise ``Refused`` to stop it.

    ``batch.logins`` are those of the request that exist.
    """


@hookspec
async def post_group_operation(
    settings: Any, operation: Operation, batch: GroupOperation, affected: Sequence[int], by: Principal
) -> None:
    """Be told which accounts a command has changed, as read again afterwards."""


@hookspec
async def on_price(settings: Any, price: Price) -> None:
    """Be told of a quote; of several quick ones for a symbol only the last may come."""


@hookspec
async def on_trade(settings: Any, change: str, trade: Trade) -> None:
    """Be told of a trade that changed: ``add``, ``update``, ``close`` or ``delete``."""


@hookspec
async def on_user(settings: Any, change: str, user: User) -> None:
    """Be told of an account that changed: ``add``, ``update``, ``delete`` or ``group``."""


@hookspec
async def on_margin_call(settings: Any, margin: Margin) -> None:
    """Be told of an account whose level changed: ``level_type`` 0 ok, 1 margin call, 2 stop-out."""


@hookspec
async def on_connection(settings: Any, status: LinkStatus) -> None:
    """Be told that the link to the trade server came up or went down."""
