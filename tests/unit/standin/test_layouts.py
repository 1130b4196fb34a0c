"""What the compiler makes of structures and slots, against numbers written here by hand, and under Windows' rules."""

import subprocess
from typing import Any, Final

import pytest

_SIZES: Final = {
    "UserRecord": (1120, 8),
    "TradeRecord": (224, 1),
    "TradeTransInfo": (96, 1),
    "ConGroup": (13696, 8),
    "ConSymbol": (1936, 8),
    "ConManager": (3904, 4),
    "ConCommon": (1744, 4),
    "MarginLevel": (88, 8),
    "SymbolInfo": (112, 8),
    "OnlineRecord": (32, 4),
    "MailBox": (224, 4),
    "GroupCommandInfo": (57, 1),
    "ServerLog": (796, 4),
    "TickRecord": (25, 1),
    "BalanceDiff": (12, 1),
}
_PLACES: Final = {
    ("UserRecord", "leverage"): 676,
    ("UserRecord", "balance"): 696,
    ("UserRecord", "user_color"): 1056,
    ("TradeRecord", "profit"): 128,
    ("TradeRecord", "comment"): 148,
    ("TradeTransInfo", "price"): 28,
    ("ConManager", "groups"): 192,
    ("ConGroup", "secmargins"): 4248,
    ("ConGroup", "currency"): 13468,
    ("ConSymbol", "contract_size"): 1704,
    ("MarginLevel", "balance"): 32,
    ("MailBox", "body"): 208,
}
_SLOTS: Final = {
    0: "QueryInterface",
    6: "Connect",
    14: "ManagerRights",
    72: "PerformanceRequest",
    86: "SymbolsGetAll",
    99: "UserRecordNew",
    105: "TradeTransaction",
    128: "MarginsGet",
    147: "ServerTime",
    156: "MarginLevelRequest",
    163: "PumpingSwitchEx",
    176: "ManagerCommon",
    193: "NotificationsSendLogins",
    194: "NotificationsSendIds",
}


@pytest.fixture(scope="module")
def printed(raw: Any) -> list[list[str]]:
    run = subprocess.run([str(raw.built("probe"))], capture_output=True, text=True, check=True)
    return [line.split() for line in run.stdout.splitlines()]


def test_sizes_and_alignments_are_those_of_the_facts(printed: list[list[str]]) -> None:
    found = {row[1]: (int(row[2]), int(row[3])) for row in printed if row[0] == "struct"}

    assert len(found) == 57
    assert {name: found[name] for name in _SIZES} == _SIZES


def test_fields_stand_where_the_facts_put_them(printed: list[list[str]]) -> None:
    found = {(row[1], row[2]): int(row[3]) for row in printed if row[0] == "field"}

    assert len(found) == 667
    assert {place: found[place] for place in _PLACES} == _PLACES


def test_every_method_is_in_its_slot(printed: list[list[str]]) -> None:
    found = {int(row[1]): row[2] for row in printed if row[0] == "slot"}

    assert list(found) == list(range(195))
    assert {slot: found[slot] for slot in _SLOTS} == _SLOTS
