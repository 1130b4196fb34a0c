"""Who is connected: a believable part of the accounts, which comes and goes with the hour."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from kernel.records.users import Online, User

_TURN: Final = 900
"""Seconds for which an account stays connected or away."""
_ONE_IN: Final = 20
_TWICE: Final = 7


def online(users: Iterable[User], now: int) -> Iterator[Online]:
    """Say which accounts are connected at a server time; the same time has the same answer.

    Only enabled accounts that ever connected. Some have two terminals open.
    """
    turn = now // _TURN
    for user in users:
        if user.enable and user.last_ip:
            draw = zlib.crc32(f"{user.login}:{turn}".encode())
            if draw % _ONE_IN == 0:
                counter = 2 if draw // _ONE_IN % _TWICE == 0 else 1
                yield Online(login=user.login, group=user.group, ip=user.last_ip, counter=counter)
