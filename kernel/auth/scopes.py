"""The scopes that routes ask for and users hold, each with what it allows.

``contract.md`` §7 assigns them to the routes. Plugins may register further ones, so every check takes
the scopes that are known to the caller.
"""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from kernel.errors import BadInput

EVERYTHING: Final = "*"
ACCOUNTS_READ: Final = "accounts:read"
ADMIN: Final = "admin"
CONNECTION_MANAGE: Final = "connection:manage"
MAIL_SEND: Final = "mail:send"
MARKET_READ: Final = "market:read"
MONEY_CREDIT: Final = "money:credit"
MONEY_DEPOSIT: Final = "money:deposit"
MONEY_OVERRIDE: Final = "money:override"
MONEY_WITHDRAW: Final = "money:withdraw"
SERVER_READ: Final = "server:read"
TRADES_READ: Final = "trades:read"
TRADES_WRITE: Final = "trades:write"
USERS_BATCH: Final = "users:batch"
USERS_PASSWORD: Final = "users:password"  # noqa: S105 - the name of a scope, not a password
USERS_READ: Final = "users:read"
USERS_WRITE: Final = "users:write"

MEANING: Final[Mapping[str, str]] = MappingProxyType(
    {
        EVERYTHING: "Hold every scope, also those that plugins add later.",
        ACCOUNTS_READ: "Read margin, equity and free margin of accounts.",
        ADMIN: "See the plugins and the metrics, and look after API users.",
        CONNECTION_MANAGE: "Connect the service to an MT4 server and disconnect it.",
        MAIL_SEND: "Send internal mail to terminals.",
        MARKET_READ: "Read groups, symbols and prices.",
        MONEY_CREDIT: "Give and take back credit.",
        MONEY_DEPOSIT: "Deposit to an account.",
        MONEY_OVERRIDE: "Withdraw without the check against free margin.",
        MONEY_WITHDRAW: "Withdraw from an account.",
        SERVER_READ: "Read the connection's state, the server's time and its configuration.",
        TRADES_READ: "Read open trades, pending orders and history.",
        TRADES_WRITE: "Modify and delete trade records.",
        USERS_BATCH: "Change, move or delete many accounts at once.",
        USERS_PASSWORD: "Set and check the passwords of accounts.",
        USERS_READ: "Read accounts and who is online.",
        USERS_WRITE: "Open accounts and change their records.",
    }
)
"""Every scope of the routes built so far, with one sentence for people."""

KNOWN: Final = frozenset(MEANING)


def check(scopes: Iterable[str], known: Collection[str] = KNOWN) -> frozenset[str]:
    """Return the scopes as a set; raises ``BadInput`` for none at all, or for one that is not known."""
    wanted = frozenset(scopes)
    if not wanted:
        raise BadInput.at("body", "scopes", message="Expected at least one scope")
    for scope in sorted(wanted):
        if scope not in known and scope != EVERYTHING:
            close = get_close_matches(scope, sorted(known), n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(known))}"
            raise BadInput.at("body", "scopes", message=f"There is no scope {scope!r}; {hint}")
    return wanted
