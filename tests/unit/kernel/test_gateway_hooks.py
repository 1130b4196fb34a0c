"""The ten writes: each asks its ``pre_`` hook before it sends, and tells its ``post_`` hook after success only."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from kernel import hooks
from kernel.drivers.simulator.faults import Fault
from kernel.errors import CheckFailed, Failure, OperationRejected, OutcomeUnknown, Refused
from kernel.hooks import hookimpl
from kernel.loader import Plugin
from kernel.records.money import CreditChange, Deposit, Withdrawal
from kernel.records.scalars import Amount
from kernel.records.server import GroupOperation, Mail
from kernel.records.trades import TradeChange
from kernel.records.users import NewUser, PasswordChange, UserChange

Rigging = Callable[..., Any]
Make = Callable[..., Plugin]
SECRETS = ("Secr3tA", "Secr3tB", "Secr3tC")
DEPOSIT = Deposit(amount=Amount("5.00"), comment="d")
WITHDRAWAL = Withdrawal(amount=Amount("4.00"), comment="w")
CREDIT = CreditChange(amount=Amount("3.00"), comment="c")
NEW = NewUser(
    group="demoforex", name="Eve", login=3001, password="Secr3tA", password_investor="Secr3tB", password_phone="Secr3tC"
)
CHANGE = UserChange(city="Limassol", password_phone="Secr3tC")
PASSWORD = PasswordChange(password="Secr3tA")
EDIT = TradeChange(comment="fixed")
MAIL = Mail(logins=(1001, 1002), subject="s", body="b")
BATCH = GroupOperation(command="disable", logins=(1001, 7))

Write = Callable[[Any], Awaitable[Any]]
WRITES: dict[str, tuple[str, Write]] = {
    "user_create": ("user_record_new", lambda rig: rig.gateway.create_user(NEW, by=rig.by)),
    "user_update": ("user_record_update", lambda rig: rig.gateway.update_user(1001, CHANGE, by=rig.by)),
    "password_change": ("user_password_set", lambda rig: rig.gateway.change_password(1001, PASSWORD, by=rig.by)),
    "deposit": ("trade_transaction", lambda rig: rig.gateway.deposit(1001, DEPOSIT, by=rig.by)),
    "withdrawal": ("trade_transaction", lambda rig: rig.gateway.withdraw(1001, WITHDRAWAL, by=rig.by)),
    "credit": ("trade_transaction", lambda rig: rig.gateway.credit(1001, CREDIT, by=rig.by)),
    "trade_modify": ("adm_trade_record_modify", lambda rig: rig.gateway.modify_trade(ticket(rig), EDIT, by=rig.by)),
    "trades_delete": ("adm_trades_delete", lambda rig: rig.gateway.delete_trades([ticket(rig), 9], by=rig.by)),
    "mail": ("mail_send", lambda rig: rig.gateway.send_mail(MAIL, by=rig.by)),
    "group_operation": ("users_group_op", lambda rig: rig.gateway.group_operation(BATCH, by=rig.by)),
}
EVERY = pytest.mark.parametrize("write", WRITES)


def ticket(rig: Any) -> int:
    """The ticket of the first account's first balance row."""
    return rig.server.state.storage.history(1001, 0, 2**31 - 1)[0].order


def state(rig: Any) -> int:
    """How many rows the server ever wrote: any effect at all raises it."""
    return rig.server.state.storage._db.total_changes


def listener(heard: list[tuple[str, dict[str, Any]]], name: str) -> Any:
    """Make an implementation that takes every argument of its specification."""
    names = [each for each in getattr(hooks, name).__code__.co_varnames if each != "settings"]
    members = ", ".join(f"{each}={each}" for each in names)
    source = f"async def {name}({', '.join(names)}):\n    heard.append(({name!r}, dict({members})))\n"
    space: dict[str, Any] = {"heard": heard}
    exec(source, space)  # noqa: S102 - a hook's arguments are named in its signature, here those of every specification
    return hookimpl(space[name])


@pytest.fixture
def heard() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
def hears(plugin: Make, heard: list[tuple[str, dict[str, Any]]]) -> Plugin:
    """A plugin that hears everything there is to hear about writes."""
    names = [f"{time}_{write}" for write in WRITES for time in ("pre", "post")]
    return plugin("hears", **{name: listener(heard, name) for name in names})


def test_the_table_has_every_pair_of_the_specifications() -> None:
    specified = {name for name in vars(hooks) if name.startswith(("pre_", "post_"))}

    assert specified == {f"{time}_{write}" for write in WRITES for time in ("pre", "post")}
    assert len(WRITES) == 10


@EVERY
async def test_a_write_is_asked_about_before_and_told_after(
    write: str, rigging: Rigging, hears: Plugin, heard: list[Any]
) -> None:
    async with rigging(plugins=[hears]) as rig:
        before = state(rig)
        await WRITES[write][1](rig)
        assert state(rig) > before
        await rig.registry.drain(1)

        assert [name for name, _ in heard] == [f"pre_{write}", f"post_{write}"]
        pre, post = (arguments for _, arguments in heard)
        assert pre["operation"] == post["operation"]
        assert pre["by"] == post["by"] == rig.by
        assert pre["operation"].id.startswith("op_")
        exact = EXACT.get(write, {})
        assert pre.items() >= exact.items() <= post.items()


EXACT: dict[str, dict[str, Any]] = {
    "deposit": {"login": 1001, "deposit": DEPOSIT},
    "withdrawal": {"login": 1001, "withdrawal": WITHDRAWAL},
    "credit": {"login": 1001, "credit": CREDIT},
    "password_change": {"login": 1001, "investor": False},
    "mail": {"mail": MAIL},
    "group_operation": {"batch": GroupOperation(command="disable", logins=(1001,))},
}


async def test_what_hooks_get_of_records_is_what_was_and_what_has_become(
    rigging: Rigging, hears: Plugin, heard: list[Any]
) -> None:
    async with rigging(plugins=[hears]) as rig:
        receipt = await rig.gateway.deposit(1001, DEPOSIT, by=rig.by)
        before, after = await rig.gateway.update_user(1001, CHANGE, by=rig.by)
        old, new = await rig.gateway.modify_trade(receipt.order, EDIT, by=rig.by)
        await rig.gateway.delete_trades([receipt.order], by=rig.by)
        await rig.gateway.group_operation(BATCH, by=rig.by)
        created = await rig.gateway.create_user(NEW, by=rig.by)
        await rig.registry.drain(1)
        told = dict(heard)

    assert told["post_deposit"]["receipt"] == receipt
    assert (told["pre_user_update"]["user"], told["pre_user_update"]["change"].city) == (before, "Limassol")
    assert (told["post_user_update"]["before"], told["post_user_update"]["after"]) == (before, after)
    assert (told["pre_trade_modify"]["trade"], told["pre_trade_modify"]["change"]) == (old, EDIT)
    assert (told["post_trade_modify"]["before"], told["post_trade_modify"]["after"]) == (old, new)
    assert told["pre_trades_delete"]["trades"] == told["post_trades_delete"]["trades"] == (new,)
    assert told["post_group_operation"]["affected"] == (1001,)
    assert told["post_user_create"]["user"] == created
    assert told["pre_user_create"]["user"] == NEW.without_passwords()


@EVERY
async def test_no_hook_ever_gets_a_password(write: str, rigging: Rigging, hears: Plugin, heard: list[Any]) -> None:
    async with rigging(plugins=[hears]) as rig:
        await WRITES[write][1](rig)
        await rig.registry.drain(1)

    shown = [repr(heard), *(msgspec.json.encode(arguments, enc_hook=str).decode() for _, arguments in heard)]
    assert not [secret for secret in SECRETS for text in shown if secret in text]


@EVERY
@pytest.mark.parametrize(
    ("end", "failure"),
    [
        (Refused("no"), OperationRejected),
        (ValueError("bug"), CheckFailed),
        (SystemExit(1), CheckFailed),
        (asyncio.CancelledError(), CheckFailed),
        ("answers", CheckFailed),
        ("hangs", CheckFailed),
    ],
    ids=["veto", "raises", "exits", "cancels", "answers", "hangs"],
)
async def test_what_a_check_does_not_pass_is_never_sent(
    write: str, end: object, failure: type[Failure], rigging: Rigging, plugin: Make, hears: Plugin, heard: list[Any]
) -> None:
    async def check() -> Any:
        if isinstance(end, BaseException):
            raise end
        if end == "hangs":
            await asyncio.sleep(3600)
        return True

    guard = plugin("guard", check=hookimpl(check, specname=f"pre_{write}"))
    async with rigging(plugins=[guard, hears]) as rig:
        before = state(rig)
        with pytest.raises(failure) as caught:
            await WRITES[write][1](rig)
        await rig.registry.drain(1)

        assert (state(rig), heard) == (before, [])
        assert caught.value.outcome == "not_applied"
        assert caught.value.details["plugin"] == "guard"
        assert caught.value.details["operation_id"].startswith("op_")


@EVERY
@pytest.mark.parametrize(("code", "outcome"), [(7, "not_applied"), (3, "not_applied"), (2, "unknown"), (1, "unknown")])
async def test_a_write_that_mt4_did_not_confirm_is_not_told(
    write: str, code: int, outcome: str, rigging: Rigging, hears: Plugin, heard: list[Any]
) -> None:
    fault = Fault(call=WRITES[write][0], kind="refuse", retcode=code)
    async with rigging(fault, plugins=[hears]) as rig:
        before = state(rig)
        with pytest.raises(Failure) as caught:
            await WRITES[write][1](rig)
        await rig.registry.drain(1)

        assert caught.value.outcome == outcome
        assert [name for name, _ in heard] == [f"pre_{write}"]
        assert state(rig) == before


@EVERY
async def test_a_write_is_sent_once_even_when_the_line_breaks(write: str, rigging: Rigging, hears: Plugin) -> None:
    call = WRITES[write][0]
    plan = (Fault(call=call, kind="lost_after", nth=1), Fault(call=call, kind="latency", seconds=0))
    async with rigging(*plan, plugins=[hears]) as rig:
        with pytest.raises(OutcomeUnknown) as caught:
            await WRITES[write][1](rig)
        await asyncio.sleep(0.05)

        assert rig.driver._trouble.plan._matched[0] == 1
        assert (caught.value.outcome, caught.value.mt4.retcode) == ("unknown", 255)


@EVERY
async def test_a_driver_that_raises_anything_else_leaves_the_outcome_unknown(write: str, rigging: Rigging) -> None:
    async with rigging() as rig:

        async def broken(*_: Any, **__: Any) -> Any:
            raise OSError("a bug in the driver")

        for session in rig.sessions:
            setattr(session, WRITES[write][0], broken)
        with pytest.raises(OutcomeUnknown) as caught:
            await WRITES[write][1](rig)

        assert caught.value.outcome == "unknown"


async def test_a_plugin_cannot_change_which_trades_are_deleted(rigging: Rigging, plugin: Make) -> None:
    @hookimpl
    async def pre_trades_delete(trades: Any) -> None:
        trades.clear()

    async with rigging(plugins=[plugin("rude", pre_trades_delete=pre_trades_delete)]) as rig:
        with pytest.raises(CheckFailed):
            await rig.gateway.delete_trades([ticket(rig)], by=rig.by)
