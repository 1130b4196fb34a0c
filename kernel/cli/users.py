"""``mt4api users``: the API's own users, beside a running service on the same data folder or before the first start."""

import asyncio
import datetime as dt
import json
import sys
from collections.abc import Awaitable, Callable, Collection
from contextlib import closing
from typing import Final, TypeVar

import click
from rich_click import RichGroup

from kernel.auth import passwords
from kernel.auth.passwords import Passwords
from kernel.auth.scopes import EVERYTHING, KNOWN
from kernel.auth.users import ApiUser, ApiUsers
from kernel.cli.faults import Fault
from kernel.cli.options import located
from kernel.cli.reading import read_settings, told
from kernel.cli.survey import scopes_of, survey
from kernel.config import Settings
from kernel.store.sqlite import SqliteStore

_LONGEST_INPUT: Final = 4096
_Answer = TypeVar("_Answer")

_from_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input, one line. Default: ask for it twice on the terminal.",
)


@click.group("users", cls=RichGroup)
@located
def users() -> None:
    """Look after the users of the API.

    Works beside a running service, which sees a change within two seconds. Whatever takes something away
    (a new password, disabling) ends the tokens that the user got before.
    """


@users.command("add")
@click.argument("name")
@_from_stdin
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="Scope that the user holds, such as money:deposit; * is every scope. Give it once for each.",
)
@located
def add(name: str, password_stdin: bool, scopes: tuple[str, ...]) -> None:  # noqa: FBT001 - click passes options by name
    """Add the user NAME.

    Passwords have 12 to 128 characters. On an empty data folder this makes the store, and the service
    then starts without a first admin of its own.
    """
    with told():
        settings = read_settings()
        known = _known(settings, scopes)
        password = _password(from_stdin=password_stdin)
        user = _with_users(settings, lambda all_users: all_users.add(name, password, scopes), known=known, make=True)
    click.echo(f"Added {user.name} with {', '.join(sorted(user.scopes))}.")


@users.command("passwd")
@click.argument("name")
@_from_stdin
@located
def passwd(name: str, password_stdin: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Give the user NAME a new password of 12 to 128 characters, and end the user's tokens."""
    with told():
        settings = read_settings()
        _find(settings, name)
        password = _password(from_stdin=password_stdin)
        _with_users(settings, lambda all_users: all_users.set_password(name, password))
    click.echo(f"The password of {name} is changed.")


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of text.")
@located
def list_users(as_json: bool) -> None:  # noqa: FBT001 - click passes options by name
    """List the users by name, with state, the time of the last change (UTC) and scopes."""
    with told():
        everybody = _with_users(read_settings(), lambda all_users: all_users.list())
    if as_json:
        click.echo(json.dumps([_plain(user) for user in everybody], indent=2, ensure_ascii=False))
        return
    width = max((len(user.name) for user in everybody), default=0)
    for user in everybody:
        state = "disabled" if user.disabled else "enabled"
        click.echo(f"{user.name:{width}}  {state:8}  {_time(user.changed_at)}  {' '.join(sorted(user.scopes))}")


@users.command("disable")
@click.argument("name")
@located
def disable(name: str) -> None:
    """Let the user NAME in no more, and end the user's tokens."""
    with told():
        _with_users(read_settings(), lambda all_users: all_users.disable(name))
    click.echo(f"{name} is disabled.")


@users.command("enable")
@click.argument("name")
@located
def enable(name: str) -> None:
    """Let the user NAME in again, with a new login."""
    with told():
        _with_users(read_settings(), lambda all_users: all_users.enable(name))
    click.echo(f"{name} is enabled.")


def _with_users(
    settings: Settings,
    act: Callable[[ApiUsers], Awaitable[_Answer]],
    *,
    known: Collection[str] = KNOWN,
    make: bool = False,
) -> _Answer:
    """Open the store, act, close it; without ``make`` there has to be a store already."""
    path = settings.store_path
    if not make and not path.exists():
        raise Fault(f"There is no store {path} yet. Name the right folder with --data, or start the service once")

    async def run() -> _Answer:
        store = SqliteStore(path)
        await store.open()
        try:
            with closing(Passwords()) as hasher:
                return await act(ApiUsers(store, hasher=hasher, known=known))
        finally:
            await store.close()

    return asyncio.run(run())


def _find(settings: Settings, name: str) -> None:
    """Refuse an unknown name before anybody types a password for it."""
    if _with_users(settings, lambda all_users: all_users.find(name)) is None:
        raise Fault(f"There is no API user {name!r}")


def _known(settings: Settings, scopes: Collection[str]) -> Collection[str]:
    """Ask the plugins for their scopes, where the kernel's own do not cover what is wanted."""
    if all(scope in KNOWN or scope == EVERYTHING for scope in scopes):
        return KNOWN
    found = survey(settings)
    for reasons in found.reasons.values():
        click.echo("\n".join(f"mt4api: {reason}" for reason in reasons), err=True)
    return scopes_of(found.plugins)


def _password(*, from_stdin: bool) -> str:
    if not from_stdin:
        if not sys.stdin.isatty():
            raise Fault("There is no terminal to ask for the password: give --password-stdin")
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    content = sys.stdin.buffer.read(_LONGEST_INPUT + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault("The password on standard input is not UTF-8") from error
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise Fault("There is no password on standard input")
    if "\n" in text or len(content) > _LONGEST_INPUT:
        raise Fault(f"Expected one line with {passwords.SHORTEST} to {passwords.LONGEST} characters on standard input")
    return text


def _plain(user: ApiUser) -> dict[str, object]:
    return {
        "name": user.name,
        "scopes": sorted(user.scopes),
        "disabled": user.disabled,
        "created_at": _time(user.created_at),
        "changed_at": _time(user.changed_at),
    }


def _time(seconds: int) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
