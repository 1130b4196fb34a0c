"""The example plugin's veto reaches the caller as the contract says, and goes with the plugin."""

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from kernel.testing import Bench, bench

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "deposit-limit"
LARGEST = {"plugins.deposit_limit.largest": "10000"}


@pytest.fixture(scope="module")
def plugin() -> ModuleType:
    """The example's module, as if its distribution were installed."""
    spec = importlib.util.spec_from_file_location("mt4api_deposit_limit", EXAMPLE / "mt4api_deposit_limit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def first(kernel: Bench) -> int:
    return (await kernel.client.get("/api/users/?limit=1")).json()["users"][0]["login"]


async def test_the_veto_reaches_the_caller_and_nothing_is_sent(plugin: ModuleType) -> None:
    async with bench(LARGEST, plugins={"deposit_limit": plugin}) as kernel:
        login = await first(kernel)
        before = kernel.server.state.book.users[login], kernel.server.state.common.lastorder

        answer = await kernel.client.post(f"/api/accounts/{login}/deposit", json={"amount": "10000.01"})

        after = kernel.server.state.book.users[login], kernel.server.state.common.lastorder
    body = answer.json()
    assert re.fullmatch(r"op_[0-9A-HJKMNP-TV-Z]{26}", body.pop("operation_id"))
    reason = "10000.01 is above the limit of 10000 for one deposit"
    assert (answer.status_code, body) == (
        409,
        {
            "status": "error",
            "code": "operation_rejected",
            "message": f"Refused by deposit_limit: {reason}",
            "detail": f"Refused by deposit_limit: {reason}",
            "retryable": False,
            "request_id": answer.headers["X-Request-ID"],
            "outcome": "not_applied",
            "plugin": "deposit_limit",
            "reason": reason,
        },
    )
    assert after == before


async def test_without_the_plugin_the_same_deposit_is_booked() -> None:
    async with bench() as kernel:
        answer = await kernel.client.post(f"/api/accounts/{await first(kernel)}/deposit", json={"amount": "10000.01"})

    assert answer.status_code == 200


async def test_a_withdrawal_above_the_limit_is_not_the_rules_business(plugin: ModuleType) -> None:
    async with bench(LARGEST, plugins={"deposit_limit": plugin}) as kernel:
        login = await first(kernel)
        for _ in range(2):
            await kernel.client.post(f"/api/accounts/{login}/deposit", json={"amount": 9000})

        answer = await kernel.client.post(
            f"/api/accounts/{login}/withdraw", json={"amount": 10001, "check_free_margin": False}
        )

    assert answer.status_code == 200


def test_the_example_sees_only_what_a_stranger_may_see() -> None:
    tree = ast.parse((EXAMPLE / "mt4api_deposit_limit.py").read_text(encoding="utf-8"))
    seen = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    seen |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    assert {name for name in seen if name and name.split(".")[0] in {"kernel", "plugins"}} == {"kernel.api"}
