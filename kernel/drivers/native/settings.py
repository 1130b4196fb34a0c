"""The native driver's settings: where MT4's library is and how many objects of it work at once."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[mt4.native]`` may say. Paths are relative to the data folder."""

    library: Annotated[
        str, Meta(min_length=1, max_length=1024, description="The broker's own copy of MetaQuotes' library.")
    ] = "mtmanapi64.dll"
    working_directory: Annotated[
        str, Meta(max_length=1024, description="Folder for the library's log and mails; made where it is missing.")
    ] = "mt4"
    library_log: Annotated[bool, Meta(description="Let the library write a log of its own, one file a day.")] = False
    version: Annotated[
        int, Meta(ge=0, le=2**31 - 1, description="Version to ask the library for; 0 is its own (MtManVersion).")
    ] = 0
    request_sessions: Annotated[
        int, Meta(ge=1, le=64, description="Logins for calls that one session of ours may hold; more come on demand.")
    ] = 2
    keepalive_seconds: Annotated[
        float, Meta(ge=1, le=170, description="Seconds without a call after which a login pings; MT4 drops at 180.")
    ] = 60.0
    pump_start_seconds: Annotated[
        float, Meta(ge=0, le=600, description="Seconds that a new session waits for its tables; then they come later.")
    ] = 2.0
    pump_fill_seconds: Annotated[
        float, Meta(ge=1, le=3600, description="Seconds after which tables that do not come are asked for anew.")
    ] = 60.0
    pump_silence_seconds: Annotated[
        float, Meta(ge=1, le=600, description="Seconds without any sign of the pump after which it is started anew.")
    ] = 12.0
    pump_retry_seconds: Annotated[
        float, Meta(gt=0, le=600, description="Seconds between two attempts to start the pump anew.")
    ] = 2.0
    close_seconds: Annotated[
        float, Meta(ge=0, le=60, description="Seconds that closing waits for a call that does not come back.")
    ] = 2.0
    events: Annotated[
        int, Meta(ge=1, le=10**7, description="Events that may wait; more of them are given up for one gap.")
    ] = 100_000
