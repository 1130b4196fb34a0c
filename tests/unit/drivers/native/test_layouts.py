"""Sizes, offsets and slots are those of the facts, in ctypes and in the file that the package carries."""

import ctypes
import json
from pathlib import Path
from typing import Any

import pytest

from kernel.drivers.native.facts import Field, Structure, facts
from kernel.drivers.native.layouts import WrongLayout, structure
from kernel.drivers.native.slots import index_of

KNOWN = {"UserRecord": 1120, "TradeRecord": 224, "ConSymbol": 1936, "ConGroup": 13696, "ConManager": 3904}
KNOWN |= {"MarginLevel": 88, "TradeTransInfo": 96, "GroupCommandInfo": 57, "MailBox": 224, "SymbolInfo": 112}
SLOTS = {"MemFree": 3, "Login": 9, "AdmTradeRecordModify": 84, "UsersRequest": 97, "TradeTransaction": 105}
SLOTS |= {"MarginsGet": 128, "ServerTime": 147, "MarginLevelRequest": 156, "PumpingSwitchEx": 163, "LogsMode": 178}


def shared_facts(name: str) -> Any:
    file = Path(__file__).parents[5] / "shared" / "mt4" / "abi" / name
    if not file.exists():
        pytest.skip("the collection of facts is not on this machine")
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(facts().structs))
def test_every_structure_is_laid_out_as_in_mt4(name: str) -> None:
    made, fact = structure(name), facts().structs[name]

    here = [(f.name, getattr(made, f.name).offset, getattr(made, f.name).size) for f in fact.fields]
    assert here == [(f.name, f.offset, f.size) for f in fact.fields]
    assert (ctypes.sizeof(made), ctypes.alignment(made)) == (fact.size, fact.align)


def test_the_sizes_that_were_seen_on_live_servers_are_ours() -> None:
    assert {name: ctypes.sizeof(structure(name)) for name in KNOWN} == KNOWN


def test_the_slots_that_were_called_on_live_servers_are_ours() -> None:
    assert {name: index_of(name) for name in SLOTS} == SLOTS
    assert len(facts().slots) == 195


def test_a_method_with_two_overloads_has_no_place_of_its_own() -> None:
    with pytest.raises(KeyError):
        index_of("NotificationsSend")


def test_a_fact_that_this_machine_contradicts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    shifted = Structure(size=16, align=8, pack=8, fields=(Field("a", "c_int32", 0, 4), Field("b", "c_double", 4, 8)))
    monkeypatch.setitem(facts().structs, "Shifted", shifted)

    with pytest.raises(WrongLayout, match=r"Shifted\.b is at 8 here and at 4"):
        structure("Shifted")


def test_the_package_carries_every_structure_of_the_collection() -> None:
    collected = shared_facts("structs.json")["structs"]

    carried = {name: [(f.name, f.offset, f.size) for f in fact.fields] for name, fact in facts().structs.items()}
    assert carried == {
        name: [(f["name"], f["offset"], f["size"]) for f in one["fields"]] for name, one in collected.items()
    }
    types = {(name, f.name): f.type for name, fact in facts().structs.items() for f in fact.fields}
    assert types == {
        (name, f["name"]): "time32" if f["ctype"] == "__time32_t" else f["ctypes"].removeprefix("struct ")
        for name, one in collected.items()
        for f in one["fields"]
    }


def test_the_package_carries_every_slot_of_the_collection() -> None:
    collected = shared_facts("vtable.json")["slots"]

    assert [(slot.name, [p.name for p in slot.parameters]) for slot in facts().slots] == [
        (one["name"], [p["name"] for p in one["params"]]) for one in collected
    ]
    ints = [(slot.returns == "c_int32", [p.type == "c_int32" for p in slot.parameters]) for slot in facts().slots]
    assert ints == [
        (one["returns_ctypes"] == "c_int32", [p["ctypes"] == "c_int32" for p in one["params"]]) for one in collected
    ]
