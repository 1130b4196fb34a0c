"""Writes that open and change accounts."""

import secrets
import string
from collections.abc import Mapping
from typing import Any, Final

from msgspec import UNSET, Struct, convert
from msgspec.structs import asdict, replace

from kernel import hooks
from kernel.errors import (
    BadInput,
    Failure,
    GroupNotFound,
    LoginExists,
    PreconditionFailed,
    WeakPassword,
)
from kernel.gateway.door import Write
from kernel.gateway.reads import Reads
from kernel.records.market import Group
from kernel.records.principal import Principal
from kernel.records.scalars import Flag
from kernel.records.users import NewUser, PasswordChange, User, UserChange
from kernel.records.versions import version_of

_DEFAULT_LEVERAGE: Final = 100
_PASSWORD_LENGTH: Final = 12
_CLASSES: Final = (str.islower, str.isupper, str.isdecimal)
_LEAST_CLASSES: Final = 2


class UserWrites(Reads):
    """Create, update, and set passwords; each asks its ``pre_`` hook and tells its ``post_`` hook."""

    async def create_user(self, user: NewUser, *, by: Principal) -> User:
        """Open an account (``UserRecordNew``); the answer is the account as MT4 holds it."""
        self._fits(user)
        _refuse_weak(user.password, "password")
        if user.password_investor is not UNSET:
            _refuse_weak(user.password_investor, "password_investor")
            if user.password_investor == user.password:
                raise WeakPassword.at("body", "password_investor", message="must differ from password")
        return await self._own("account", by, lambda write: self._create_user(write, user))

    async def _create_user(self, write: Write, asked: NewUser) -> User:
        self._need("manager")
        group = await self._known_group(asked.group)
        async with self._alone("account", *filter(None, [asked.login])):
            if asked.login and asked.login in await self.users_of([asked.login]):
                raise LoginExists(f"Account {asked.login} exists already")
            shown = asked.without_passwords()
            await self.registry.check(hooks.pre_user_create, operation=write.operation, user=shown, by=write.by)
            record = _completed(asked, group)
            login = await self._send(
                write, lambda session: session.user_record_new(record), self.settings.change_seconds
            )
        created = await self._as_created(login, record)
        self.registry.tell(hooks.post_user_create, operation=write.operation, user=created, by=write.by)
        return created

    async def _as_created(self, login: int, record: NewUser) -> User:
        """Read the new account; when that fails, say what was sent: the account exists all the same."""
        try:
            return await self.user(login)
        except Failure:
            return convert({**_common_members(asdict(record)), "login": login}, User)

    async def update_user(
        self, login: int, change: UserChange, *, by: Principal, version: str | None = None
    ) -> tuple[User, User]:
        """Overlay a change on the whole record (``UserRecordUpdate``); the account before and after.

        ``version`` is what ``version_of`` said of the account that the caller has seen; another one
        now is ``PreconditionFailed``.
        """
        if not given(change):
            raise BadInput.at("body", message="at least one member to change is needed")
        self._fits(change)
        return await self._own("change", by, lambda write: self._update_user(write, login, change, version))

    async def _update_user(
        self, write: Write, login: int, change: UserChange, version: str | None
    ) -> tuple[User, User]:
        self._need("manager")
        async with self._alone("account", login):
            before = await self.user(login)
            if version is not None and version != version_of(before):
                raise PreconditionFailed(f"Account {login} has changed since it was read")
            if change.group is not UNSET:
                await self._known_group(change.group)
            shown = change.without_passwords()
            await self.registry.check(
                hooks.pre_user_update, operation=write.operation, user=before, change=shown, by=write.by
            )
            wanted = replace(before, **_common_members(given(change)))
            phone = None if change.password_phone is UNSET else change.password_phone
            await self._send(
                write, lambda session: session.user_record_update(wanted, phone), self.settings.change_seconds
            )
            try:
                after = await self.user(login)
            except Failure:
                after = wanted
        self.registry.tell(hooks.post_user_update, operation=write.operation, before=before, after=after, by=write.by)
        return before, after

    async def change_password(self, login: int, change: PasswordChange, *, by: Principal) -> None:
        """Set an account's main or investor password (``UserPasswordSet``)."""
        self._fits(change)
        _refuse_weak(change.password, "password")
        await self._own("change of password", by, lambda write: self._change_password(write, login, change))

    async def _change_password(self, write: Write, login: int, change: PasswordChange) -> None:
        self._need("manager")
        await self.user(login)
        investor = change.change_investor
        await self.registry.check(
            hooks.pre_password_change, operation=write.operation, login=login, investor=investor, by=write.by
        )
        await self._send(
            write,
            lambda session: session.user_password_set(
                login, change.password, investor=investor, clean_pubkey=change.clean_pubkey
            ),
            self.settings.change_seconds,
        )
        self.registry.tell(
            hooks.post_password_change, operation=write.operation, login=login, investor=investor, by=write.by
        )

    async def _known_group(self, name: str) -> Group:
        try:
            return await self.group(name)
        except GroupNotFound as missing:
            raise BadInput.at("body", "group", message=f"there is no group {name!r}") from missing


def given(change: Struct) -> dict[str, Any]:
    """Give the members of a partial record that the caller has set."""
    return {name: value for name, value in asdict(change).items() if value is not UNSET}


def _completed(asked: NewUser, group: Group) -> NewUser:
    """Fill in what was left out: the group's leverage, and an investor's password that nobody is told."""
    leverage = group.default_leverage or _DEFAULT_LEVERAGE if asked.leverage is UNSET else asked.leverage
    investor = _random_password(asked.password) if asked.password_investor is UNSET else asked.password_investor
    return replace(asked, leverage=leverage, password_investor=investor)


def _common_members(members: Mapping[str, Any]) -> dict[str, Any]:
    """Take what a user record has of a request's members, with plain integers for flags."""
    kept = {name: value for name, value in members.items() if name in User.__struct_fields__}
    return {name: int(value) if isinstance(value, Flag) else value for name, value in kept.items()}


def _refuse_weak(password: str, field: str) -> None:
    classes = sum(any(map(belongs, password)) for belongs in _CLASSES)
    if classes < _LEAST_CLASSES:
        raise WeakPassword.at("body", field, message="needs two of lower case, upper case and digits")
    if not any(map(str.isdecimal, password)):
        raise WeakPassword.at("body", field, message="needs a digit: MT4 refuses passwords without one")


def _random_password(other: str) -> str:
    """Make a password that MT4's rules take and that is not the other one."""
    alphabet = string.ascii_letters + string.digits
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(_PASSWORD_LENGTH))
        if password != other and all(any(map(belongs, password)) for belongs in _CLASSES):
            return password
