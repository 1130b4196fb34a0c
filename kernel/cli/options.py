"""The options that every command takes: which settings file, and which data folder.

They may stand before or after the command's name; the one that is nearer to the end of the line wins.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

CONFIG: Final = "mt4api.config"
DATA: Final = "mt4api.data"
"""The keys of a context's ``meta``, which is one for a command and all groups above it."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _keep(key: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def keep(context: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            context.meta[key] = value

    return keep


def located(command: _Command) -> _Command:
    """Give a command ``--config`` and ``--data``; ``kernel.cli.reading`` takes them from the context."""
    config = click.option(
        "--config",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        callback=_keep(CONFIG),
        expose_value=False,
        help="Settings file. Default: the one that MT4API_CONFIG names, else mt4api.toml in this folder if there.",
    )
    data = click.option(
        "--data",
        type=click.Path(file_okay=False),
        metavar="DIR",
        callback=_keep(DATA),
        expose_value=False,
        help="Folder for what the service writes, made if needed. Default: [kernel] data, else ./mt4api-data.",
    )
    return config(data(command))
