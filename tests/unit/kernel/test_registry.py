"""How checks are asked: in order, in time, contained, and with arguments that nobody can change."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kernel import hooks
from kernel.errors import CheckFailed, OperationRejected, Refused
from kernel.hooks import hookimpl
from kernel.loader import Plugin, PluginError
from kernel.records.money import Deposit
from kernel.records.operations import Operation
from kernel.records.principal import Principal
from kernel.records.scalars import Amount
from kernel.registry import Registry

Make = Callable[..., Plugin]
ASKED: dict[str, Any] = {
    "operation": Operation(id="op_1"),
    "login": 1001,
    "deposit": Deposit(amount=Amount("5.00")),
    "by": Principal(name="crm", scopes=frozenset({"*"})),
}


async def ask(registry: Registry) -> None:
    await registry.check(hooks.pre_deposit, **ASKED)


@pytest.fixture
def asked() -> list[Any]:
    return []


@pytest.fixture
def passes(plugin: Make, asked: list[Any]) -> Make:
    """Make a plugin whose check notes that it was asked, and passes."""

    def make(name: str, **options: bool) -> Plugin:
        @hookimpl(**options)
        async def pre_deposit() -> None:
            asked.append(name)

        return plugin(name, pre_deposit=pre_deposit)

    return make


@pytest.fixture
def ends(plugin: Make) -> Make:
    """Make a plugin whose check ends in the given way."""

    def make(name: str, end: Callable[[], Any]) -> Plugin:
        @hookimpl
        async def pre_deposit() -> Any:
            answer = end()
            return await answer if asyncio.iscoroutine(answer) else answer

        return plugin(name, pre_deposit=pre_deposit)

    return make


def raising(error: BaseException) -> Callable[[], Any]:
    def end() -> Any:
        raise error

    return end


async def test_checks_are_asked_in_the_order_of_the_settings(passes: Make, asked: list[Any]) -> None:
    await ask(Registry([passes("b"), passes("c"), passes("a")], hook_seconds=1))

    assert asked == ["b", "c", "a"]


async def test_an_authors_tryfirst_and_trylast_come_before_the_settings(passes: Make, asked: list[Any]) -> None:
    plugins = [passes("last", trylast=True), passes("b"), passes("a"), passes("first", tryfirst=True)]
    registry = Registry(plugins, hook_seconds=1)

    await ask(registry)

    assert asked == ["first", "b", "a", "last"]
    assert [registry.place_of(name, "pre_deposit") for name in asked] == [1, 2, 3, 4]


async def test_the_first_veto_ends_the_chain_and_names_its_plugin(passes: Make, ends: Make, asked: list[Any]) -> None:
    plugins = [passes("a"), ends("kyc", raising(Refused("not verified"))), passes("b")]

    with pytest.raises(OperationRejected) as caught:
        await ask(Registry(plugins, hook_seconds=1))

    assert caught.value.message == "Refused by kyc: not verified"
    assert caught.value.details == {"plugin": "kyc", "reason": "not verified"}
    assert asked == ["a"]


async def forever() -> None:
    await asyncio.sleep(3600)


async def cancels_itself() -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    "end",
    [
        raising(ValueError("bug")),
        raising(SystemExit(1)),
        raising(KeyboardInterrupt()),
        raising(asyncio.CancelledError()),
        raising(TimeoutError()),
        cancels_itself,
        forever,
        lambda: True,
        lambda: False,
        lambda: 0,
        lambda: "fine",
    ],
    ids=["raises", "exits", "interrupts", "cancels", "times out", "cancels itself", "hangs", *"TF0s"],
)
async def test_a_check_that_cannot_be_made_is_not_passed(
    end: Callable[[], Any], ends: Make, passes: Make, asked: list[Any]
) -> None:
    with pytest.raises(CheckFailed) as caught:
        await ask(Registry([ends("odd", end), passes("after")], hook_seconds=0.05))

    assert caught.value.details == {"plugin": "odd"}
    assert caught.value.message == "The check of odd could not be made; nothing was sent"
    assert asked == []


async def test_a_check_that_swallows_its_cancellation_neither_passes_nor_holds_anyone_up(ends: Make) -> None:
    enough = asyncio.Event()

    async def swallow() -> None:
        while not enough.is_set():
            try:
                await enough.wait()
            except asyncio.CancelledError:
                continue

    registry = Registry([ends("stubborn", swallow)], hook_seconds=0.01)
    try:
        async with asyncio.timeout(2):
            for _ in range(3):
                with pytest.raises(CheckFailed):
                    await ask(registry)
    finally:
        enough.set()


async def test_a_check_that_passes_after_its_time_has_not_passed(ends: Make) -> None:
    async def late() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return

    with pytest.raises(CheckFailed):
        await ask(Registry([ends("late", late)], hook_seconds=0.01))


async def test_a_plugin_that_lets_nothing_be_cancelled_gets_no_further_calls(ends: Make) -> None:
    enough, begun = asyncio.Event(), 0

    async def swallow() -> None:
        nonlocal begun
        begun += 1
        while not enough.is_set():
            try:
                await enough.wait()
            except asyncio.CancelledError:
                continue

    registry = Registry([ends("stubborn", swallow)], hook_seconds=0.001)
    try:
        for _ in range(30):
            with pytest.raises(CheckFailed):
                await ask(registry)
        assert begun == 16
    finally:
        enough.set()


async def test_a_caller_that_is_cancelled_takes_its_check_along(plugin: Make, until: Callable[..., Any]) -> None:
    seen: list[str] = []

    @hookimpl
    async def pre_deposit() -> None:
        try:
            seen.append("begun")
            await asyncio.sleep(3600)
        finally:
            seen.append("ended")

    asking = asyncio.create_task(ask(Registry([plugin("slow", pre_deposit=pre_deposit)], hook_seconds=30)))
    await until(lambda: seen)
    asking.cancel()
    await asyncio.wait({asking})
    await until(lambda: seen == ["begun", "ended"])

    assert asking.cancelled()


async def test_hooks_get_what_they_name_and_their_own_settings(plugin: Make) -> None:
    got: dict[str, Any] = {}

    @hookimpl
    async def pre_deposit(settings: Any, by: Any, login: Any) -> None:
        got.update(settings=settings, by=by, login=login)

    @hookimpl(specname="pre_deposit")
    async def check(deposit: Any, operation: Any, settings: Any) -> None:
        got.update(deposit=deposit, operation=operation, other=settings)

    await ask(Registry([plugin("a", "mine", pre_deposit=pre_deposit), plugin("b", check=check)], hook_seconds=1))

    assert got == {**ASKED, "settings": "mine", "other": None}


async def test_arguments_cannot_be_changed(plugin: Make) -> None:
    tried: list[str] = []

    @hookimpl
    async def pre_deposit(operation: Any, deposit: Any, by: Any) -> None:
        for record, member in ((operation, "id"), (deposit, "amount"), (by, "scopes")):
            with pytest.raises(AttributeError):
                setattr(record, member, None)
            tried.append(member)
        assert isinstance(by.scopes, frozenset)

    await ask(Registry([plugin("rude", pre_deposit=pre_deposit)], hook_seconds=1))

    assert tried == ["id", "amount", "scopes"]


def test_contributions_are_collected_in_order_and_the_broken_ones_named(plugin: Make) -> None:
    @hookimpl
    def brings() -> Any:
        return ("route",)

    @hookimpl
    def exits() -> Any:
        raise SystemExit(2)

    fine = [plugin("b", register_routes=brings), plugin("a", register_routes=brings)]
    assert [origin.name for origin, _ in Registry(fine, hook_seconds=1).collect(hooks.register_routes)] == ["b", "a"]

    broken = Registry([*fine, plugin("c", register_routes=exits)], hook_seconds=1)
    with pytest.raises(PluginError) as caught:
        broken.collect(hooks.register_routes)
    assert caught.value.problems == ("plugin 'c' from acme 2.0: register_routes broke: SystemExit: 2",)


def test_a_plugin_lists_its_hooks_and_their_limits(passes: Make) -> None:
    registry = Registry([passes("a")], hook_seconds=1.5)

    assert registry.hooks_of("a") == ["pre_deposit"]
    assert (registry.limit_of("pre_deposit"), registry.limit_of("register_routes")) == (1.5, None)
