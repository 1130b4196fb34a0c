"""The simulator's settings: the broker to make, its clock, its options and where it keeps its state."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from kernel.records.server import RIGHTS

IN_MEMORY: Final = ":memory:"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[mt4.simulator]`` may say.

    Paths are relative to the data folder. Where real servers differ, behaviour is an option.
    """

    accounts: Annotated[
        int, Meta(ge=0, le=2_000_000, description="Accounts to make at the first start; later ones load them.")
    ] = 1000
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1, description="The same seed makes the same broker.")] = 1
    database: Annotated[
        str, Meta(description="File of the state; empty is simulator.sqlite3, :memory: keeps nothing.")
    ] = ""
    ticks: Annotated[str, Meta(description="CSV of ticks to replay, instead of a random walk.")] = ""
    faults: Annotated[str, Meta(description="TOML file with a plan of faults.")] = ""
    ledger: Annotated[str, Meta(description="File that gets every balance row, on disk before the answer.")] = ""
    tick_seconds: Annotated[
        float, Meta(ge=0, le=3600, description="Seconds between two moves of the prices; 0 moves nothing.")
    ] = 1.0
    timezone: Annotated[int, Meta(ge=-12, le=14, description="Hours that the server's clock is ahead of UTC.")] = 2
    idle_seconds: Annotated[
        float, Meta(gt=0, le=86400, description="Seconds without a call after which a line dies.")
    ] = 180.0
    manager_login: Annotated[int, Meta(gt=0, le=2**31 - 1, description="Login of the manager.")] = 224
    manager_password: Annotated[str, Meta(min_length=1, max_length=128, description="Password of the manager.")] = (
        "your_manager_password"  # noqa: S105 - the public one of the demo
    )
    manager_mailbox: Annotated[str, Meta(max_length=63, description="Name under which the manager sends mail.")] = (
        "Support"
    )
    manager_groups: Annotated[
        str, Meta(min_length=1, max_length=1023, description="Masks of the groups that the manager sees.")
    ] = "*"
    manager_rights: Annotated[tuple[str, ...], Meta(description="Rights of the manager.")] = RIGHTS
    info_depth: Annotated[int, Meta(ge=0, le=36500, description="Days of history that the manager sees; 0 is all.")] = 0
    refuse_overdraw: Annotated[bool, Meta(description="Refuse taking more than the free margin with 134.")] = False
    check_money: Annotated[bool, Meta(description="Refuse a manager's opening without margin with 134.")] = False
    check_sessions: Annotated[bool, Meta(description="Refuse a manager's deal outside the trading hours with 132.")] = (
        True
    )
    expire_credits: Annotated[bool, Meta(description="Write credits off at their expiration, which MT4 does not.")] = (
        False
    )
    balance_volume: Annotated[int, Meta(ge=0, le=1, description="Volume that balance rows show.")] = 1
    dollar_swaps: Annotated[bool, Meta(description="Read swap type 1 as dollars, not as the base currency.")] = False
    old_version: Annotated[bool, Meta(description="Answer every login with 5, old version.")] = False
    calls_per_second: Annotated[
        int, Meta(ge=0, le=10**6, description="Calls a second above which a session gets 8; 0 is any.")
    ] = 0
    admin_hangs: Annotated[
        bool, Meta(description="Hang in AdmTradesRequest without its right, as some servers do.")
    ] = False

    def __post_init__(self) -> None:
        """Refuse a right that is none."""
        for right in self.manager_rights:
            if right not in RIGHTS:
                raise ValueError(f"manager_rights: {right!r} is no right of a manager, they are {', '.join(RIGHTS)}")
