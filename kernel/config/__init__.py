"""Settings as frozen records, read strictly from TOML, the environment and the command line."""

from kernel.config.describing import schema
from kernel.config.filling import fill, fill_all, manager_password, unknown_sections
from kernel.config.loading import FILE_VARIABLE, PREFIX, load
from kernel.config.problems import ConfigError, Origin, Problem
from kernel.config.secret import Secret, looks_secret
from kernel.config.sections import Auth, Kernel, Mt4, Server, Store
from kernel.config.settings import Settings
from kernel.config.showing import shown

__all__ = [
    "FILE_VARIABLE",
    "PREFIX",
    "Auth",
    "ConfigError",
    "Kernel",
    "Mt4",
    "Origin",
    "Problem",
    "Secret",
    "Server",
    "Settings",
    "Store",
    "fill",
    "fill_all",
    "load",
    "looks_secret",
    "manager_password",
    "schema",
    "shown",
    "unknown_sections",
]
