"""The settings as the command line asks for them, and the kernel's errors as faults to tell."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from kernel.auth.keys import KeysUnusable
from kernel.cli.faults import Fault
from kernel.cli.options import CONFIG, DATA
from kernel.cli.survey import every_problem
from kernel.config import ConfigError, Settings, load
from kernel.errors import Failure
from kernel.loader import PluginError
from kernel.store import StoreUnusable

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


def read_settings(overrides: Mapping[str, object] = _NOTHING) -> Settings:
    """Read the settings: options over environment over file; raises ``ConfigError``."""
    meta = click.get_current_context().meta
    named = meta.get(CONFIG)
    options = {"kernel.data": meta.get(DATA), **overrides}
    return load(Path(named) if named else None, os.environ, options)


@contextmanager
def told() -> Generator[None]:
    """Tell as a ``Fault`` what the kernel says about its surroundings."""
    try:
        yield
    except ConfigError as error:
        raise Fault("The settings cannot be used:", every_problem(error)) from error
    except PluginError as error:
        raise Fault("The plugins cannot be used:", error.problems) from error
    except (StoreUnusable, KeysUnusable) as error:
        raise Fault(error) from error
    except Failure as error:
        raise Fault(error.message) from error
