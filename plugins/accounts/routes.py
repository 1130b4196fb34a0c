"""HTTP for money and margin."""

from typing import Annotated

from kernel.api import (
    AccountDisabled,
    AccountNotFound,
    Controller,
    CreditChange,
    Deposit,
    Gateway,
    JSONBody,
    ListQuery,
    LoginPath,
    Margin,
    Mt4InvalidData,
    Mt4Rejected,
    NamedDependency,
    NotEnoughMoney,
    Principal,
    PumpNotReady,
    QueryParameter,
    Withdrawal,
    get,
    matcher,
    page,
    post,
)
from plugins.accounts import answers, examples

Mask = Annotated[str | None, QueryParameter(max_length=255, description="Group mask: `demo*`, `real,!real-vip`.")]
Level = Annotated[
    int | None, QueryParameter(ge=0, le=2, description="0 for accounts at ease, 1 in margin call, 2 in stop-out.")
]
_MONEY_ERRORS = (AccountNotFound, AccountDisabled, Mt4Rejected, Mt4InvalidData)


class AccountController(Controller):
    """One account's money and margin."""

    path = "/accounts"
    tags = ("accounts",)

    @post(
        "/{login:str}/deposit",
        scope="money:deposit",
        status_code=200,
        write=True,
        errors=_MONEY_ERRORS,
        request_example=examples.DEPOSIT,
        example=examples.DEPOSITED,
    )
    async def deposit(
        self,
        login: LoginPath,
        data: JSONBody[Deposit],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
    ) -> answers.MoneyMoved:
        """Book money into an account."""
        return answers.MoneyMoved.of("Deposit completed", await gateway.deposit(login, data, by=by))

    @post(
        "/{login:str}/withdraw",
        scope="money:withdraw",
        status_code=200,
        write=True,
        errors=(*_MONEY_ERRORS, NotEnoughMoney),
        request_example=examples.WITHDRAWAL,
        example=examples.WITHDRAWN,
    )
    async def withdraw(
        self,
        login: LoginPath,
        data: JSONBody[Withdrawal],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
    ) -> answers.MoneyMoved:
        """Book money out of an account, at most what is free of positions and credit."""
        return answers.MoneyMoved.of("Withdrawal completed", await gateway.withdraw(login, data, by=by))

    @post(
        "/{login:str}/credit",
        scope="money:credit",
        status_code=200,
        write=True,
        errors=(*_MONEY_ERRORS, NotEnoughMoney),
        request_example=examples.CREDIT,
        example=examples.CREDITED,
    )
    async def change_credit(
        self,
        login: LoginPath,
        data: JSONBody[CreditChange],
        gateway: NamedDependency[Gateway],
        by: NamedDependency[Principal],
    ) -> answers.CreditMoved:
        """Give credit (amount above zero) or take it back (below zero)."""
        return answers.CreditMoved.of(await gateway.credit(login, data, by=by))

    @get("/{login:str}/margin", scope="accounts:read", errors=(AccountNotFound,), example=examples.MARGIN)
    async def get_margin(self, login: LoginPath, gateway: NamedDependency[Gateway]) -> answers.OneMargin:
        """Read one account's margin."""
        return answers.OneMargin(await gateway.margin(login))

    @get("/margins", scope="accounts:read", errors=(PumpNotReady,), example=examples.MARGINS)
    async def list_margins(
        self,
        gateway: NamedDependency[Gateway],
        listing: NamedDependency[ListQuery],
        group: Mask = None,
        level_type: Level = None,
    ) -> answers.Margins:
        """List every account's margin; an account without positions has zeros."""
        margins, as_of = await gateway.margins(), await gateway.server_time()
        in_mask = matcher(group or "*")
        wanted = [each for each in margins if in_mask(each.group) and level_type in {None, each.level_type}]
        return answers.Margins.of(page(wanted, Margin, "login", listing), as_of)
