"""Every failure that an answer can carry: its HTTP status, its code, and whether to try again.

::

    Failure
    ├── MalformedRequest · BadInput (ReadOnlyField, WeakPassword, Mt4InvalidData)
    ├── NotAuthenticated (InvalidToken, TokenExpired, InvalidCredentials) · Forbidden
    ├── NotFound (AccountNotFound, GroupNotFound, SymbolNotFound, TradeNotFound)
    ├── Conflict (LoginExists, NotEnoughMoney, AccountDisabled, OrderLocked, Mt4Rejected, OperationRejected)
    ├── Mt4LoginFailed · NotEnoughRights · TooFrequent
    ├── Mt4Failed (ConnectFailed, VersionMismatch)
    ├── Unavailable (NotConnected, ServiceUnavailable, PumpNotReady, PriceUnavailable, CheckFailed, ShuttingDown)
    └── Mt4Timeout · OutcomeUnknown

The codes and their meaning are ``spec/contract.md`` §1.4. ``Refused`` is not among them: it is what
a plugin's check raises, and becomes ``OperationRejected`` with the plugin's name.
"""

from kernel.errors.refusals import (
    AccountDisabled,
    Conflict,
    LoginExists,
    Mt4InvalidData,
    Mt4LoginFailed,
    Mt4Rejected,
    NotEnoughMoney,
    NotEnoughRights,
    OperationRejected,
    OrderLocked,
    TooFrequent,
)
from kernel.errors.requests import (
    AccountNotFound,
    BadInput,
    Forbidden,
    GroupNotFound,
    InvalidCredentials,
    InvalidToken,
    MalformedRequest,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    ReadOnlyField,
    SymbolNotFound,
    TokenExpired,
    TradeNotFound,
    UnsupportedMediaType,
    WeakPassword,
)
from kernel.errors.root import UNFORESEEN, Failure, FieldError, Outcome, Refused
from kernel.errors.troubles import (
    CheckFailed,
    ConnectFailed,
    Mt4Failed,
    Mt4Timeout,
    NotConnected,
    OutcomeUnknown,
    PriceUnavailable,
    PumpNotReady,
    ServiceUnavailable,
    ShuttingDown,
    Unavailable,
    VersionMismatch,
)

__all__ = (
    "UNFORESEEN",
    "AccountDisabled",
    "AccountNotFound",
    "BadInput",
    "CheckFailed",
    "Conflict",
    "ConnectFailed",
    "Failure",
    "FieldError",
    "Forbidden",
    "GroupNotFound",
    "InvalidCredentials",
    "InvalidToken",
    "LoginExists",
    "MalformedRequest",
    "MethodNotAllowed",
    "Mt4Failed",
    "Mt4InvalidData",
    "Mt4LoginFailed",
    "Mt4Rejected",
    "Mt4Timeout",
    "NotAuthenticated",
    "NotConnected",
    "NotEnoughMoney",
    "NotEnoughRights",
    "NotFound",
    "OperationRejected",
    "OrderLocked",
    "Outcome",
    "OutcomeUnknown",
    "PayloadTooLarge",
    "PreconditionFailed",
    "PriceUnavailable",
    "PumpNotReady",
    "ReadOnlyField",
    "Refused",
    "ServiceUnavailable",
    "ShuttingDown",
    "SymbolNotFound",
    "TokenExpired",
    "TooFrequent",
    "TradeNotFound",
    "Unavailable",
    "UnsupportedMediaType",
    "VersionMismatch",
    "WeakPassword",
)
