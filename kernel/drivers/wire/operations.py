"""Every call of a session as a row of one table, read off the port: its arguments, its answer, its pace."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from msgspec import Struct, defstruct
from msgspec.msgpack import Decoder

from kernel.drivers import Session
from kernel.drivers.wire.encoding import decoded

Pace = Literal["trade", "change", "read", "history"]
"""Which time limit a call has; trade and change are the writes."""

_NOT_CALLS: Final = frozenset({"events", "close"})
_PACES: Final[Mapping[str, Pace]] = MappingProxyType(
    {
        "trade_transaction": "trade",
        "user_record_new": "change",
        "user_record_update": "change",
        "user_password_set": "change",
        "users_group_op": "change",
        "adm_trade_record_modify": "change",
        "adm_trades_delete": "change",
        "mail_send": "change",
        "trades_history": "history",
        "adm_trades": "history",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. With ``rows`` the answer is a list, which may come in pieces."""

    name: str
    arguments: type[Struct]
    rows: bool
    pace: Pace
    arguments_decoder: Decoder[Any]
    answer_decoder: Decoder[Any]

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.pace in {"trade", "change"}


def _operation(name: str, method: Callable[..., Any]) -> Operation:
    hints = get_type_hints(method, include_extras=True)
    answer = hints.pop("return")
    rows = get_origin(answer) is Sequence
    parameters = [each for each in inspect.signature(method).parameters.values() if each.name != "self"]
    arguments = defstruct(
        name,
        [_field(each, hints[each.name]) for each in parameters],
        frozen=True,
        forbid_unknown_fields=True,
        module=__name__,
    )
    return Operation(
        name=name,
        arguments=arguments,
        rows=rows,
        pace=_PACES.get(name, "read"),
        arguments_decoder=decoded(arguments),
        answer_decoder=decoded(list[get_args(answer)[0]] if rows else answer),
    )


def _field(parameter: inspect.Parameter, kind: Any) -> Any:
    if parameter.default is inspect.Parameter.empty:
        return parameter.name, kind
    return parameter.name, kind, parameter.default


def _read_off(port: type) -> dict[str, Operation]:
    return {
        name: _operation(name, member)
        for name, member in vars(port).items()
        if inspect.isfunction(member) and not name.startswith("_") and name not in _NOT_CALLS
    }


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(_read_off(Session))
WRITES: Final = frozenset(name for name, operation in OPERATIONS.items() if operation.writes)
