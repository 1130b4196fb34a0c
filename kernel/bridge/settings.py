"""The settings of ``mt4api bridge``: its own section, and those of the driver that it hosts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

from kernel.bridge.worker import Job
from kernel.config import FILE_VARIABLE, PREFIX, ConfigError, Kernel, Mt4, Origin, Problem
from kernel.config import file as settings_file
from kernel.config.filling import driver_tables
from kernel.config.strict import Reader
from kernel.config.tables import Tables, Text
from kernel.drivers.choice import DriverMissing, driver_module
from kernel.drivers.wire.messages import Role
from kernel.drivers.wire.operations import WRITES

_HOUR: Final = 3600
_READ: Final = ("bridge", "mt4", "kernel")
_OF_THE_API: Final = ("server", "auth", "store", "plugins")
"""Sections that may stand in the same file and are none of the bridge's business."""


class BridgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``[bridge]`` may say."""

    listen: Annotated[str, Meta(description="Address as HOST:PORT; other than loopback it needs certificates.")] = (
        "127.0.0.1:50051"
    )
    driver: Annotated[
        str, Meta(min_length=1, max_length=64, description="Driver to host: an entry point of mt4api.drivers.")
    ] = "simulator"
    certificate: Annotated[str, Meta(description="PEM file of the bridge's certificate.")] = ""
    key: Annotated[str, Meta(description="PEM file of its private key.")] = ""
    ca: Annotated[str, Meta(description="PEM file of the authority that signed both ends.")] = ""
    clients: Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=253)], Literal["read", "money"]],
        Meta(description="Roles by the name in a client's certificate: read, or money for everything."),
    ] = field(default_factory=lambda: dict[str, Role]({"mt4api-client": "money"}))
    operations: Annotated[
        tuple[str, ...], Meta(description="Writes that are allowed at all, by their names in the driver port.")
    ] = tuple(sorted(WRITES))
    largest_amount: Annotated[float, Meta(gt=0, le=1e12, description="Largest amount of one money operation.")] = 1e7
    hourly_amount: Annotated[float, Meta(gt=0, le=1e15, description="Largest sum of amounts in an hour.")] = 1e8
    calls: Annotated[int, Meta(ge=1, le=4096, description="Calls that may be under way at once.")] = 256
    message_bytes: Annotated[int, Meta(ge=65_536, le=2**30, description="Largest message to us, in bytes.")] = 4_194_304
    grace_seconds: Annotated[
        float, Meta(gt=0, le=_HOUR, description="How long after its deadline a call may hang before the worker dies.")
    ] = 5
    start_seconds: Annotated[float, Meta(gt=0, le=_HOUR, description="Time limit for the driver's start.")] = 120
    recycle_hours: Annotated[float, Meta(gt=0, le=8760, description="Age at which an idle worker is renewed.")] = 24
    recycle_mib: Annotated[int, Meta(ge=64, le=2**20, description="Memory at which an idle worker is renewed.")] = 2048
    shutdown_seconds: Annotated[float, Meta(gt=0, le=600, description="How long a stop waits for writes.")] = 20

    def __post_init__(self) -> None:
        """Refuse half a set of certificates and a write that does not exist."""
        if len({bool(self.certificate), bool(self.key), bool(self.ca)}) > 1:
            raise ValueError("`$.certificate` must be set together with key and ca")
        for name in self.operations:
            if name not in WRITES:
                raise ValueError(f"`$.operations` has {name!r}; there are {', '.join(sorted(WRITES))}")


class Plan(Struct, frozen=True, kw_only=True):
    """All that a bridge is started with."""

    bridge: BridgeSettings
    job: Job
    kernel: Kernel


def read(path: Path | None, environ: Mapping[str, str], overrides: Mapping[str, object]) -> Plan:
    """Read file, environment and options, each over the one before. Raises ``ConfigError`` with all problems.

    ``overrides`` are keys such as ``bridge.listen``; None is an option that was not given.
    """
    tables = _file(path, environ)
    problems = [
        Problem("", name, "is no section of the bridge; there are bridge, mt4 and kernel", tables.whence((name,)))
        for name in tables.table(())
        if name not in {*_READ, *_OF_THE_API}
    ]
    for steps, value, origin in [*_variables(environ), *_options(overrides)]:
        if problem := tables.lay(steps, value, origin):
            problems.append(problem)
    bridge = _section(tables, ("bridge",), BridgeSettings, problems)
    mt4 = _section(tables, ("mt4",), Mt4, problems, without=driver_tables(tables))
    kernel = _section(tables, ("kernel",), Kernel, problems)
    own: Any = None
    try:
        reader = Reader(tables, ("mt4", bridge.driver))
        own = reader.section(driver_module(bridge.driver).Settings)
        problems.extend(reader.problems)
    except DriverMissing as error:
        problems.append(Problem("bridge", "driver", str(error), tables.origin(("bridge", "driver"))))
    if problems:
        raise ConfigError(problems)
    job = Job(
        driver=bridge.driver,
        settings=own,
        data=Path(kernel.data),
        code_page=mt4.code_page,
        log_level=kernel.log_level,
        log_format=kernel.log_format,
    )
    return Plan(bridge=bridge, job=job, kernel=kernel)


def _file(path: Path | None, environ: Mapping[str, str]) -> Tables:
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if named is None and not Path(settings_file.NAME).exists():
        return Tables({}, {}, Origin())
    return settings_file.read(named or Path(settings_file.NAME))


def _variables(environ: Mapping[str, str]) -> list[tuple[tuple[str, ...], object, Origin]]:
    found = [
        (tuple(name[len(PREFIX) :].split("__")), Text(text), Origin("environment", name))
        for name, text in environ.items()
        if name.upper().startswith(PREFIX) and name.upper() != FILE_VARIABLE
    ]
    ours = [each for each in found if each[0][0].lower() in _READ and len(each[0]) > 1]
    return sorted(ours, key=lambda each: (len(each[0]), each[2].name))


def _options(overrides: Mapping[str, object]) -> list[tuple[tuple[str, ...], object, Origin]]:
    return [
        (tuple(name.split(".")), Text(value) if isinstance(value, str) else value, Origin("option", name))
        for name, value in overrides.items()
        if value is not None
    ]


def _section(tables: Tables, place: tuple[str, ...], kind: Any, problems: list[Problem], *, without: Any = ()) -> Any:
    reader = Reader(tables, place)
    record = reader.section(kind, without=without)
    problems.extend(reader.problems)
    return kind() if record is None else record
