"""Groups, symbols and prices as MT4 keeps them (``ConGroup``, ``ConSymbol``, ``SymbolInfo``)."""

from msgspec import Struct


class GroupSecurity(Struct, frozen=True, kw_only=True):
    """A group's terms for one security class (``ConGroupSec``, indexed by ``Symbol.type``).

    Lots are 1/100 lot, ``spread_diff`` points. ``comm_type`` 0 money, 1 pips, 2 percent;
    ``comm_lots`` 0 per lot, 1 per deal.
    """

    show: int = 1
    trade: int = 1
    execution: int = 0
    comm_base: float = 0.0
    comm_type: int = 0
    comm_lots: int = 0
    comm_agent: float = 0.0
    comm_agent_type: int = 0
    spread_diff: int = 0
    lot_min: int = 1
    lot_max: int = 10000
    lot_step: int = 1
    ie_deviation: int = 2
    confirmation: int = 0
    trade_rights: int = 0
    ie_quick_mode: int = 0
    autocloseout_mode: int = 0
    comm_tax: float = 0.0
    comm_agent_lots: int = 0
    freemargin_mode: int = 0


class GroupMargin(Struct, frozen=True, kw_only=True):
    """A group's own terms for one symbol (``ConGroupMargin``); a divider of 0 is not set."""

    symbol: str
    swap_long: float = 0.0
    swap_short: float = 0.0
    margin_divider: float = 0.0


class GroupRow(Struct, frozen=True, kw_only=True):
    """A group of accounts (``ConGroup`` without its mail server's credentials and its lists of terms).

    ``margin_call`` and ``margin_stopout`` are percent or money by ``margin_type`` (0 percent,
    1 currency); ``margin_mode`` says which floating result counts in the free margin.
    """

    group: str
    enable: int = 1
    timeout: int = 60
    otp_mode: int = 0
    company: str = ""
    signature: str = ""
    support_page: str = ""
    support_email: str = ""
    templates: str = ""
    copies: int = 0
    reports: int = 1
    default_leverage: int = 100
    default_deposit: float = 0.0
    maxsecurities: int = 0
    secmargins_total: int = 0
    currency: str = "USD"
    credit: float = 0.0
    margin_call: int = 100
    margin_mode: int = 1
    margin_stopout: int = 50
    margin_type: int = 0
    interestrate: float = 0.0
    use_swap: int = 1
    news: int = 1
    rights: int = 14
    check_ie_prices: int = 0
    maxpositions: int = 0
    close_reopen: int = 0
    hedge_prohibited: int = 0
    close_fifo: int = 0
    hedge_largeleg: int = 0
    stopout_skip_hedged: int = 0
    archive_period: int = 0
    archive_max_balance: int = 0
    archive_pending_period: int = 0


class Group(GroupRow, frozen=True, kw_only=True):
    """A group with its terms: ``secgroups`` is indexed by a symbol's ``type``, ``secmargins`` has symbols by name."""

    secgroups: tuple[GroupSecurity, ...] = ()
    secmargins: tuple[GroupMargin, ...] = ()


class Hours(Struct, frozen=True, kw_only=True):
    """From ``open`` to ``close``, server time, written HH:MM; 24:00 is the end of the day."""

    open: str
    close: str


class Session(Struct, frozen=True, kw_only=True):
    """One weekday's hours of quoting and of trading (at most three each)."""

    quote: tuple[Hours, ...] = ()
    trade: tuple[Hours, ...] = ()


class SymbolRow(Struct, frozen=True, kw_only=True):
    """A symbol's configuration (``ConSymbol``) without its hours.

    ``spread`` 0 is as quoted; ``swap_rollover3days`` 0 is Monday;
    ``margin_divider`` 1.0 is the full margin.
    """

    symbol: str
    description: str = ""
    source: str = ""
    currency: str = "USD"
    margin_currency: str = "USD"
    type: int = 0
    digits: int = 5
    trade: int = 2
    exemode: int = 2
    count: int = 0
    realtime: int = 1
    starting: int = 0
    expiration: int = 0
    spread: int = 0
    spread_balance: int = 0
    stops_level: int = 0
    freeze_level: int = 0
    gtc_pendings: int = 1
    long_only: int = 0
    instant_max_volume: int = 0
    contract_size: float = 100000.0
    tick_value: float = 0.0
    tick_size: float = 0.0
    point: float = 0.00001
    profit_mode: int = 0
    margin_mode: int = 0
    margin_initial: float = 0.0
    margin_maintenance: float = 0.0
    margin_hedged: float = 0.0
    margin_divider: float = 1.0
    margin_hedged_strong: int = 0
    swap_enable: int = 1
    swap_type: int = 0
    swap_long: float = 0.0
    swap_short: float = 0.0
    swap_rollover3days: int = 2
    swap_openprice: int = 0
    swap_variation_margin: int = 0
    filter: int = 0
    filter_counter: int = 0
    filter_limit: float = 0.0
    filter_smoothing: int = 0
    quotes_delay: int = 0
    value_date: int = 0
    background_color: int = 0xFF000000


class Symbol(SymbolRow, frozen=True, kw_only=True):
    """A symbol with its hours by weekday: ``sessions[0]`` is Sunday."""

    sessions: tuple[Session, ...] = ()


class Price(Struct, frozen=True, kw_only=True, gc=False):
    """A symbol's last quote (``SymbolInfo``): ``spread`` in points, ``direction`` 0 up 1 down 2 none."""

    symbol: str
    bid: float
    ask: float
    high: float
    low: float
    digits: int
    point: float
    spread: int
    direction: int
    lasttime: int
