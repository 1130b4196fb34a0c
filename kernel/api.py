"""All that a plugin sees of the kernel. What is not here may change at any time."""

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from kernel import VERSION
from kernel.config import Secret
from kernel.errors import (
    AccountDisabled,
    AccountNotFound,
    BadInput,
    ConnectFailed,
    Failure,
    FieldError,
    Forbidden,
    GroupNotFound,
    LoginExists,
    Mt4Failed,
    Mt4InvalidData,
    Mt4LoginFailed,
    Mt4Rejected,
    Mt4Timeout,
    NotConnected,
    NotEnoughMoney,
    NotFound,
    OrderLocked,
    PreconditionFailed,
    PriceUnavailable,
    PumpNotReady,
    ReadOnlyField,
    Refused,
    ServiceUnavailable,
    SymbolNotFound,
    TooFrequent,
    TradeNotFound,
    VersionMismatch,
    WeakPassword,
)
from kernel.gateway import Gateway
from kernel.gateway.repairs import BatchResult
from kernel.gateway.users import given
from kernel.hooks import hookimpl
from kernel.http.access import ANY, OPTIONAL, PUBLIC
from kernel.http.lists import ListQuery, Page, page
from kernel.http.params import LoginPath, TicketPath
from kernel.readiness import Check, Readiness
from kernel.records.connection import LinkStatus
from kernel.records.market import Group, GroupMargin, GroupRow, GroupSecurity, Hours, Price, Session, Symbol, SymbolRow
from kernel.records.masks import matcher
from kernel.records.money import CreditChange, Deposit, Receipt, Withdrawal
from kernel.records.operations import Operation
from kernel.records.principal import Principal
from kernel.records.scalars import Amount, Flag, Login, Ticket, Timestamp, unique
from kernel.records.server import Common, GroupOperation, Mail, Manager, Target
from kernel.records.shown import ShownTrade
from kernel.records.times import end_of_day, rendered, start_of_day
from kernel.records.trades import Command, Margin, Trade, TradeChange
from kernel.records.users import NewUser, Online, PasswordChange, PasswordCheck, User, UserChange
from kernel.records.versions import version_of

__all__ = (
    "ANY",
    "OPTIONAL",
    "PUBLIC",
    "UNSET",
    "VERSION",
    "AccountDisabled",
    "AccountNotFound",
    "Amount",
    "BadInput",
    "BatchResult",
    "Check",
    "Command",
    "Common",
    "ConnectFailed",
    "Controller",
    "CreditChange",
    "Deposit",
    "Failure",
    "FieldError",
    "Flag",
    "Forbidden",
    "Gateway",
    "Group",
    "GroupMargin",
    "GroupNotFound",
    "GroupOperation",
    "GroupRow",
    "GroupSecurity",
    "HeaderParameter",
    "Hours",
    "JSONBody",
    "LinkStatus",
    "ListQuery",
    "Login",
    "LoginExists",
    "LoginPath",
    "Mail",
    "Manager",
    "Margin",
    "Mt4Failed",
    "Mt4InvalidData",
    "Mt4LoginFailed",
    "Mt4Rejected",
    "Mt4Timeout",
    "NamedDependency",
    "NewUser",
    "NotConnected",
    "NotEnoughMoney",
    "NotFound",
    "Online",
    "Operation",
    "OrderLocked",
    "Page",
    "PasswordChange",
    "PasswordCheck",
    "PathParameter",
    "PreconditionFailed",
    "Price",
    "PriceUnavailable",
    "Principal",
    "PumpNotReady",
    "QueryParameter",
    "ReadOnlyField",
    "Readiness",
    "Receipt",
    "Refused",
    "Response",
    "Secret",
    "ServiceUnavailable",
    "Session",
    "ShownTrade",
    "Symbol",
    "SymbolNotFound",
    "SymbolRow",
    "Target",
    "Ticket",
    "TicketPath",
    "Timestamp",
    "TooFrequent",
    "Trade",
    "TradeChange",
    "TradeNotFound",
    "UnsetType",
    "User",
    "UserChange",
    "VersionMismatch",
    "WeakPassword",
    "Withdrawal",
    "delete",
    "end_of_day",
    "get",
    "given",
    "hookimpl",
    "matcher",
    "page",
    "post",
    "put",
    "rendered",
    "start_of_day",
    "unique",
    "version_of",
)
