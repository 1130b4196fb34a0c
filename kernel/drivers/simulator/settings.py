"""The simulator's settings: the broker to make, its clock, its options and where it keeps its state."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kernel.records.server import RIGHTS

IN_MEMORY: Final = ":memory:"
_Count = Annotated[int, Meta(ge=0, le=2_000_000)]
_Login = Annotated[int, Meta(gt=0, le=2**31 - 1)]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[mt4.simulator]`` may say.

    ``accounts`` and ``seed`` matter at the first start only: later ones load what is there.
    ``database`` is a file, relative to the data folder; empty is ``simulator.sqlite3``, ``:memory:``
    keeps nothing. ``tick_seconds`` 0 stops the prices; ``ticks`` is a CSV to replay instead of the
    random walk; ``faults`` a plan of faults; ``ledger`` a file that gets every balance row, on disk
    before the answer. Paths are relative to the data folder.

    Behaviour that differs between real servers is an option: ``refuse_overdraw`` (134 for taking more
    than the free margin), ``check_money`` (134 for opening without margin), ``check_sessions`` (132
    outside the trading hours), ``expire_credits`` (writes credits off at their expiration),
    ``balance_volume`` (what balance rows show, 1 or 0), ``dollar_swaps`` (swap type 1 is dollars, not
    the base currency), ``old_version`` (every login gets 5), ``calls_per_second`` (more get 8; 0 is no
    limit), ``admin_hangs`` (``AdmTradesRequest`` without the right hangs instead of being empty).
    """

    accounts: _Count = 1000
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 1
    database: str = ""
    ticks: str = ""
    faults: str = ""
    ledger: str = ""
    tick_seconds: Annotated[float, Meta(ge=0, le=3600)] = 1.0
    timezone: Annotated[int, Meta(ge=-12, le=14)] = 2
    code_page: Annotated[str, Meta(min_length=1, max_length=20)] = "cp1252"
    idle_seconds: Annotated[float, Meta(gt=0, le=86400)] = 180.0
    manager_login: _Login = 224
    manager_password: Annotated[str, Meta(min_length=1, max_length=128)] = "your_manager_password"  # noqa: S105 - the public demo one
    manager_mailbox: Annotated[str, Meta(max_length=63)] = "Support"
    manager_groups: Annotated[str, Meta(min_length=1, max_length=1023)] = "*"
    manager_rights: tuple[str, ...] = RIGHTS
    info_depth: Annotated[int, Meta(ge=0, le=36500)] = 0
    refuse_overdraw: bool = False
    check_money: bool = False
    check_sessions: bool = True
    expire_credits: bool = False
    balance_volume: Annotated[int, Meta(ge=0, le=1)] = 1
    dollar_swaps: bool = False
    old_version: bool = False
    calls_per_second: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    admin_hangs: bool = False

    def __post_init__(self) -> None:
        """Refuse what could only fail later: a foreign right, an unknown code page."""
        for right in self.manager_rights:
            if right not in RIGHTS:
                raise ValueError(f"manager_rights: {right!r} is no right of a manager, they are {', '.join(RIGHTS)}")
        try:
            "".encode(self.code_page)
        except LookupError as error:
            raise ValueError(f"code_page: {self.code_page!r} is not known") from error
