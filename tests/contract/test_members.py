"""Every record of an answer has exactly the members that the contract lists, and the document says so."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = """
    login group name email phone country city state zipcode address lead_source comment id status leverage
    agent_account taxes interestrate enable enable_change_password enable_read_only enable_otp send_reports mqid
    user_color regdate lastdate timestamp last_ip balance credit prevbalance prevmonthbalance prevequity prevmonthequity
"""
TRADE = """
    order login symbol digits cmd cmd_str volume lots open_time open_price sl tp state close_time close_price
    expiration reason commission commission_agent storage profit taxes magic comment margin_rate conv_rates
    activation gw_order gw_volume timestamp
"""
MARGIN = """
    login group leverage updated balance equity volume margin margin_free margin_level margin_type level_type
"""
GROUP = """
    group enable timeout otp_mode company signature support_page support_email templates copies reports
    default_leverage default_deposit maxsecurities secmargins_total currency credit margin_call margin_mode
    margin_stopout margin_type interestrate use_swap news rights check_ie_prices maxpositions close_reopen
    hedge_prohibited close_fifo hedge_largeleg stopout_skip_hedged archive_period archive_max_balance
    archive_pending_period
"""
SYMBOL = """
    symbol description source currency margin_currency type digits trade exemode count realtime starting expiration
    spread spread_balance stops_level freeze_level gtc_pendings long_only instant_max_volume contract_size tick_value
    tick_size point profit_mode margin_mode margin_initial margin_maintenance margin_hedged margin_divider
    margin_hedged_strong swap_enable swap_type swap_long swap_short swap_rollover3days swap_openprice
    swap_variation_margin filter filter_counter filter_limit filter_smoothing quotes_delay value_date background_color
"""
COMMON = """
    name owner server_version server_build port timeout timezone timezone_real daylightcorrection timesync typeofdemo
    timeofdemo minclient minapi endhour endminute keepemails keepticks antiflood floodcontrol liveupdate_mode
    rollovers_mode lastorder lastlogin lostlogin statement_mode monthly_state_mode statement_weekend
    overnight_last_time overnight_prev_time last_activate stop_last stop_delay stop_reason account_url
"""
BOOKED = "status message login order amount balance credit comment operation_id"
RECORDS = {
    "User": USER,
    "ShownTrade": TRADE,
    "Margin": MARGIN,
    "GroupRow": GROUP,
    "Group": f"{GROUP} secgroups secmargins",
    "Online": "login group ip counter",
    "SymbolRow": SYMBOL,
    "Symbol": f"{SYMBOL} sessions",
    "Quote": "symbol bid ask high low digits point spread direction lasttime lasttime_str",
    "Common": COMMON,
    "ManagerView": "login name groups rights",
    "AccessToken": "access_token token_type expires_in",
    "Status": "status connected server login pumping since reconnects last_error",
    "MoneyMoved": BOOKED,
    "CreditMoved": f"{BOOKED} expiration",
    "Deposit": "amount comment",
    "Withdrawal": "amount comment check_free_margin",
    "CreditChange": "amount comment expiration expiration_date",
    "PasswordChange": "password change_investor clean_pubkey",
    "HistoryQuery": "from to from_date to_date types symbol limit cursor fields",
    "GroupQuery": "group open_only limit cursor fields",
    "Orders": "orders",
    "Mail": "logins subject body from",
    "GroupOperation": "command logins group leverage",
    "TradeChange": """
        sl tp open_price close_price open_time close_time expiration commission commission_agent storage profit taxes
        magic comment
    """,
}
ANSWERED = [
    ("/api/users/", "users", "User"),
    ("/api/accounts/margins", "margins", "Margin"),
    ("/api/trades/open", "trades", "ShownTrade"),
    ("/api/groups/", "groups", "GroupRow"),
    ("/api/groups/online", "online", "Online"),
    ("/api/symbols/", "symbols", "SymbolRow"),
]


@pytest.mark.parametrize(("record", "members"), RECORDS.items())
async def test_the_document_lists_the_members_of_the_contract(shared: Any, record: str, members: str) -> None:
    schemas = json.loads(shared.bench.app.document)["components"]["schemas"]
    assert sorted(schemas[record]["properties"]) == sorted(members.split())


@pytest.mark.parametrize(("path", "key", "record"), ANSWERED)
async def test_every_row_of_a_list_has_them_all(shared: Any, path: str, key: str, record: str) -> None:
    rows = (await shared.client.get(path)).json()[key]
    assert rows
    assert all(sorted(row) == sorted(RECORDS[record].split()) for row in rows)


async def test_limits_of_texts_are_those_of_mt4s_structure(shared: Any) -> None:
    schemas = json.loads(shared.bench.app.document)["components"]["schemas"]
    rooms = {
        **dict.fromkeys(("group", "zipcode", "status"), 15),
        **dict.fromkeys(("phone", "country", "city", "state", "lead_source", "id", "password_phone"), 31),
        "name": 127,
        "email": 47,
        "address": 95,
        "comment": 63,
    }
    for record in ("NewUser", "UserChange"):
        assert {name: schemas[record]["properties"][name]["maxLength"] for name in rooms} == rooms
    for record in ("Deposit", "Withdrawal", "CreditChange", "TradeChange"):
        assert schemas[record]["properties"]["comment"]["maxLength"] == 31
