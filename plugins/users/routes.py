"""HTTP for trading accounts."""

from typing import Annotated

from kernel.api import (
    AccountNotFound,
    Controller,
    Gateway,
    HeaderParameter,
    JSONBody,
    ListQuery,
    LoginExists,
    LoginPath,
    Mt4InvalidData,
    NamedDependency,
    NewUser,
    PasswordChange,
    PasswordCheck,
    PreconditionFailed,
    Principal,
    QueryParameter,
    ReadOnlyField,
    Response,
    User,
    UserChange,
    WeakPassword,
    get,
    given,
    matcher,
    page,
    post,
    put,
    version_of,
)
from plugins.users import answers, examples

Mask = Annotated[str | None, QueryParameter(max_length=255, description="Group mask: `demo*`, `real,!real-vip`.")]
Enabled = Annotated[int | None, QueryParameter(ge=0, le=1, description="1 for enabled accounts, 0 for disabled.")]

IfMatch = Annotated[
    str | None,
    HeaderParameter(name="If-Match", max_length=100, description="`ETag` of the account as you have seen it."),
]


class UserController(Controller):
    """Trading accounts."""

    path = "/users"
    tags = ("users",)

    @get("/", scope="users:read", collection=True, example=examples.USERS)
    async def list_users(
        self,
        gateway: NamedDependency[Gateway],
        listing: NamedDependency[ListQuery],
        group: Mask = None,
        enable: Enabled = None,
    ) -> answers.Users:
        """List accounts, all of them unless a limit is given."""
        users = await gateway.users()
        if group is not None:
            in_mask = matcher(group)
            users = [user for user in users if in_mask(user.group)]
        if enable is not None:
            users = [user for user in users if user.enable == enable]
        return answers.Users.of(page(users, User, "login", listing))

    @get("/{login:str}", scope="users:read", errors=(AccountNotFound,), example=examples.USER)
    async def get_user(self, login: LoginPath, gateway: NamedDependency[Gateway]) -> Response[answers.OneUser]:
        """Read one account; its `ETag` serves as `If-Match` of a change."""
        user = await gateway.user(login)
        return Response(answers.OneUser(user), headers={"ETag": f'"{version_of(user)}"'})

    @post(
        "/",
        scope="users:write",
        write=True,
        collection=True,
        errors=(LoginExists, WeakPassword, ReadOnlyField, Mt4InvalidData),
        request_example=examples.NEW_USER,
        example=examples.CREATED,
    )
    async def create_user(
        self, data: JSONBody[NewUser], gateway: NamedDependency[Gateway], by: NamedDependency[Principal]
    ) -> answers.Created:
        """Open an account."""
        user = await gateway.create_user(data, by=by)
        return answers.Created(login=user.login, user=user)

    @put(
        "/{login:str}",
        scope="users:write",
        write=True,
        errors=(AccountNotFound, ReadOnlyField, PreconditionFailed, Mt4InvalidData),
        request_example=examples.CHANGE,
        example=examples.UPDATED,
    )
    async def update_user(
        self,
        login: LoginPath,
        data: JSONBody[UserChange],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
        if_match: IfMatch = None,
    ) -> answers.Updated:
        """Change an account: only the members that are given."""
        version = None if if_match is None or if_match == "*" else if_match.removeprefix("W/").strip('"')
        _, after = await gateway.update_user(login, data, by=by, version=version)
        return answers.Updated(updated=list(given(data)), user=after)

    @put(
        "/{login:str}/password",
        scope="users:password",
        write=True,
        errors=(AccountNotFound, WeakPassword, Mt4InvalidData),
        request_example={"password": "New1pass", "change_investor": False},
        example=examples.PASSWORD_SET,
    )
    async def change_password(
        self,
        login: LoginPath,
        data: JSONBody[PasswordChange],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
    ) -> answers.PasswordSet:
        """Set an account's main password, or its investor's."""
        await gateway.change_password(login, data, by=by)
        return answers.PasswordSet(login=login, change_investor=data.change_investor)

    @post(
        "/{login:str}/password/check",
        scope="users:password",
        status_code=200,
        errors=(AccountNotFound,),
        request_example={"password": "New1pass"},
        example={"status": "ok", "valid": True},
    )
    async def check_password(
        self, login: LoginPath, data: JSONBody[PasswordCheck], gateway: NamedDependency[Gateway]
    ) -> answers.PasswordChecked:
        """Ask whether this is the account's main password."""
        return answers.PasswordChecked(await gateway.password_is_right(login, data))
