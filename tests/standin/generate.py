"""Writes the C++ declarations of ``abi/`` from the fact files about the Manager API (structures, slots, codes).

``python tests/standin/generate.py FACTS`` where FACTS holds ``structs.json``, ``vtable.json`` and
``enums.json``. The compiler then checks every size and offset: see ``source/layouts.cpp``.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_ABI: Final = Path(__file__).parent / "abi"
_PLAIN: Final = {
    "char": "char",
    "UCHAR": "std::uint8_t",
    "unsigned char": "std::uint8_t",
    "short": "std::int16_t",
    "int": "std::int32_t",
    "UINT": "std::uint32_t",
    "unsigned int": "std::uint32_t",
    "unsigned long": "std::uint32_t",
    "ULONG": "std::uint32_t",
    "DWORD": "std::uint32_t",
    "COLORREF": "std::uint32_t",
    "__time32_t": "std::int32_t",
    "__int64": "std::int64_t",
    "INT64": "std::int64_t",
    "wchar_t": "std::uint16_t",
    "float": "float",
    "double": "double",
}
"""Types of the structures at the width that they have on Windows."""
_PASSED: Final = {
    "int": "std::int32_t",
    "UINT": "std::uint32_t",
    "__time32_t": "std::int32_t",
    "double": "double",
    "void": "void",
    "LPCSTR": "const char*",
    "LPSTR": "char*",
    "LPSTR*": "char**",
    "LPCWSTR": "const std::uint16_t*",
    "LPWSTR": "std::uint16_t*",
    "HWND": "void*",
    "REFIID": "const void*",
    "LPVOID*": "void**",
    "MTAPI_NOTIFY_FUNC": "NotifyFunc",
    "MTAPI_NOTIFY_FUNC_EX": "NotifyFuncEx",
}
"""Types of parameters and results."""
_PARTS: Final = {
    "server": ("ConCommon", "ConFeeder"),
    "groups": ("ConGroupSec", "ConManager"),
    "symbols": ("ConSession", "ConSync"),
    "services": ("PluginInfo", "BackupInfo"),
    "dealing": ("UserRecord", "DailyGroupRequest"),
    "market": ("SymbolInfo", "BalanceDiff"),
}
"""First and last structure of each file; the facts keep them in an order in which none comes too late."""
_OVERLOADS: Final = {193: "NotificationsSendLogins", 194: "NotificationsSendIds"}
"""Two names for the overloads, so that their order is that of the slots with every compiler."""
_CODES: Final = (
    *("ReturnCode", "PumpCode", "PumpTransaction", "PumpingFlags", "TradeCommand", "TradeState"),
    *("TradeTransactionType", "GroupCommand", "MarginLevelType", "PriceDirection"),
)


def main(facts: Path) -> None:
    """Write every file."""
    structs = json.loads((facts / "structs.json").read_text(encoding="utf-8"))["structs"]
    slots = json.loads((facts / "vtable.json").read_text(encoding="utf-8"))["slots"]
    enums = json.loads((facts / "enums.json").read_text(encoding="utf-8"))["enums"]
    names = list(structs)
    for part, (first, last) in _PARTS.items():
        chosen = {name: structs[name] for name in names[names.index(first) : names.index(last) + 1]}
        _write(f"records_{part}.h", f"Structures of the Manager API, as the facts give them: {part}.", _records(chosen))
        _write(f"layout_{part}.inc", f"Sizes and offsets that the facts give: {part}.", _layout(chosen), once=False)
    _write("slots.inc", "The 195 slots: index and method.", _slots(slots), once=False)
    _write("interface.h", "The object of the Manager API: 195 virtual methods in their slots.", _interface(slots))
    _write("unsupported.h", "Every slot answered as by a server that cannot: counted, 2 or NULL.", _unsupported(slots))
    _write("codes.h", "Constants of the Manager API that the stand-in uses.", _constants(enums))


def _records(structs: Mapping[str, Any]) -> Iterator[str]:
    yield from ("#include <cstdint>", "", "namespace standin {", "")
    for name, struct in structs.items():
        packed = struct["pack"] == 1
        yield from ["#pragma pack(push, 1)"] * packed
        yield f"struct {name} {{"
        for field in struct["fields"]:
            sizes = "".join(f"[{size}]" for size in field.get("array", ()))
            yield f"  {_field_type(field['ctype'])} {field['name']}{sizes};"
        yield "};"
        yield from ["#pragma pack(pop)"] * packed
        yield ""
    yield "}  // namespace standin"


def _field_type(ctype: str) -> str:
    return "std::uint32_t" if ctype.endswith("__ptr32") else _PLAIN.get(ctype, ctype)


def _layout(structs: Mapping[str, Any]) -> Iterator[str]:
    for name, struct in structs.items():
        yield f"STANDIN_STRUCT({name}, {struct['size']}, {struct['align']})"
        for field in struct["fields"]:
            yield f"STANDIN_FIELD({name}, {field['name']}, {field['offset']}, {field['size']})"


def _slots(slots: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for slot in slots:
        yield f"STANDIN_SLOT({slot['index']}, {_method(slot)})"


def _interface(slots: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from ('#include "types.h"', "", "namespace standin {", "", "class ManagerInterface {", " public:")
    for slot in slots:
        yield f"  virtual {_signature(slot, named=True)} = 0;  // {slot['index']}"
    yield from ("", " protected:", "  ~ManagerInterface() = default;", "};", "", "}  // namespace standin")


def _unsupported(slots: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from (
        '#include "interface.h"',
        "",
        "namespace standin {",
        "",
        "class Unsupported : public ManagerInterface {",
    )
    yield " public:"
    for slot in slots:
        body = {"void": f"unsupported({slot['index']});"}.get(
            slot["returns"],
            f"return unsupported({slot['index']}), "
            + ("RET_ERROR;" if slot["returns"] in {"int", "__time32_t"} else "nullptr;"),
        )
        totals = [p["name"] for p in slot["params"] if p["ctype"] == "int*" and p["name"].endswith("total")]
        clear = f"none({totals[0]}); " if totals and slot["returns"] not in {"int", "void"} else ""
        yield f"  {_signature(slot, named=bool(clear), only=totals)} override {{ {clear}{body} }}"
    yield from ("", " protected:", "  ~Unsupported() = default;", "};", "", "}  // namespace standin")


def _signature(slot: Mapping[str, Any], *, named: bool, only: list[str] | None = None) -> str:
    parameters = ", ".join(
        _passed(p["ctype"]) + (f" {p['name']}" if named and (only is None or p["name"] in only) else "")
        for p in slot["params"]
    )
    return f"{_passed(slot['returns'])} STANDIN_CALL {_method(slot)}({parameters})"


def _method(slot: Mapping[str, Any]) -> str:
    return _OVERLOADS.get(slot["index"]) or str(slot["name"])


def _passed(ctype: str) -> str:
    constant = "const " if ctype.startswith("const ") else ""
    bare = ctype.removeprefix("const ")
    if bare in _PASSED:
        return constant + _PASSED[bare]
    return constant + _PASSED.get(bare[:-1], bare[:-1]) + bare[-1]


def _constants(enums: Mapping[str, Any]) -> Iterator[str]:
    yield from ("#include <cstdint>", "", "namespace standin {", "")
    for name in _CODES:
        yield f"enum {name} : std::int32_t {{"
        yield from (f"  {constant} = {value}," for constant, value in enums[name]["values"].items())
        yield from ("};", "")
    yield "}  // namespace standin"


def _write(file: str, purpose: str, lines: Iterable[str], *, once: bool = True) -> None:
    head = [f"// {purpose} Written by generate.py.", *(["#pragma once", ""] if once else [])]
    (_ABI / file).write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
