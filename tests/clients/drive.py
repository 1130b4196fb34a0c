"""A CRM's first steps with the generated Python client, given as arguments: address, user, password."""

import sys

from mt4_client import AccountsApi, ApiClient, ApiException, AuthApi, Configuration, TradesApi, UsersApi
from mt4_client.models import Deposit, Error, HistoryQuery, NewUser


def check(what: str, *, holds: bool) -> None:
    """End the trial with the sentence that does not hold."""
    if not holds:
        sys.exit(f"python client: not true: {what}")
    print(f"python client: {what}")


def refusal(problem: ApiException) -> Error:
    """Read the error shape that every failure has."""
    return Error.from_json(problem.body)


def steps(address: str, user: str, password: str) -> None:
    """Log in, open an account, deposit, read history, and read two refusals."""
    configuration = Configuration(host=address)
    api = ApiClient(configuration)
    token = AuthApi(api).login(username=user, password=password)
    check("a login gives a bearer token", holds=token.token_type == "bearer" and token.expires_in > 0)
    configuration.access_token = token.access_token

    created = UsersApi(api).create_user(NewUser(group="demoforex", name="Zoë Client", password="Secret1x"))
    check("an account is opened, with its text intact", holds=created.user.name == "Zoë Client")
    booked = AccountsApi(api).deposit(created.login, Deposit(amount=250.25, comment="Python client"))
    check("a deposit moves the balance", holds=(booked.amount, booked.balance) == (250.25, 250.25))
    history = TradesApi(api).list_history(created.login, history_query=HistoryQuery(types="balance"))
    check("the deposit stands in the history", holds=[row.order for row in history.trades] == [booked.order])
    row = history.trades[0]
    check("its row says what was booked", holds=(row.profit, row.cmd_str) == (250.25, "balance"))
    whole = TradesApi(api).list_history(created.login)
    check("the history needs no body", holds=whole.total == 1)

    try:
        UsersApi(api).get_user(2147483647)
    except ApiException as problem:
        check("an unknown account is account_not_found", holds=refusal(problem).code == "account_not_found")
    else:
        check("an unknown account is refused", holds=False)
    try:
        UsersApi(api).create_user(NewUser(group="nowhere", name="Nobody", password="Secret1x"))
    except ApiException as problem:
        check("a bad field is named", holds=[each.loc for each in refusal(problem).errors] == [["body", "group"]])
    else:
        check("an unknown group is refused", holds=False)


if __name__ == "__main__":
    steps(*sys.argv[1:])
