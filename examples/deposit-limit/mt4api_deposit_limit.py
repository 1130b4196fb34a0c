"""No single deposit above a limit: a rule of one module, brought by its own distribution."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from kernel.api import Deposit, Principal, Refused, hookimpl

api = 1


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[plugins.deposit_limit]`` may say."""

    largest: Annotated[Decimal, Meta(description="Largest single deposit, in the currency of the account.")]
    trusted: Annotated[tuple[str, ...], Meta(description="API users whom the limit does not bind.")] = ()

    def __post_init__(self) -> None:
        """Refuse a limit that is none: it would let everything or nothing pass."""
        if not self.largest.is_finite() or self.largest <= 0:
            raise ValueError("`$.largest` must be above 0")


@hookimpl
def register_settings() -> type[Settings]:
    """Bring the settings; ``largest`` has no default, so that nobody gets a limit by accident."""
    return Settings


@hookimpl
async def pre_deposit(settings: Settings, deposit: Deposit, by: Principal) -> None:
    """Refuse what exceeds the limit."""
    if deposit.amount > settings.largest and by.name not in settings.trusted:
        raise Refused(f"{deposit.amount} is above the limit of {settings.largest} for one deposit")
