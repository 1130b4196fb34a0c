"""The plugins that the settings enable, loaded, checked, and each with its own settings."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint

import structlog
from msgspec import Struct
from msgspec.structs import replace

from kernel import hooks
from kernel.config import ConfigError, Problem, Settings, fill, unknown_sections
from kernel.drivers import choice
from kernel.loader import Plugin, PluginError, discover, load
from kernel.registry import Registry

_log = structlog.stdlib.get_logger("mt4api.plugins")


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The section of a plugin that has no settings: anything in it is a mistake."""


def enabled_plugins(settings: Settings, installed: Iterable[EntryPoint] | None = None) -> list[Plugin]:
    """Load what ``[kernel] plugins`` lists, in that order.

    Raises ``PluginError`` or ``ConfigError`` with every problem; with ``on_plugin_error = "skip"`` a
    broken plugin is logged and left out instead, a wrong setting still stops the start.
    """
    installed = discover() if installed is None else list(installed)
    plugins, problems = load(settings.kernel.plugins, installed)
    sound: list[Plugin] = []
    types: dict[str, type[Struct]] = {}
    for plugin in plugins:
        try:
            types |= settings_types([plugin])
        except PluginError as error:
            problems.extend(error.problems)
        else:
            sound.append(plugin)
    if problems and settings.kernel.on_plugin_error == "stop":
        raise PluginError(problems)
    for problem in problems:
        _log.error("plugin left out", reason=problem)
    names = [found.name for found in installed]
    return _with_settings(settings, sound, types, unknown_sections(settings, names, choice.installed()))


def settings_types(plugins: Sequence[Plugin]) -> Mapping[str, type[Struct]]:
    """Ask each plugin for the record of its settings."""
    asked = Registry(plugins, hook_seconds=0).collect(hooks.register_settings)
    given = {plugin.name: kind for plugin, kind in asked}
    problems = [
        f"{plugin.origin}: register_settings must return a msgspec Struct type"
        for plugin in plugins
        if plugin.name in given and not _is_record(given[plugin.name])
    ]
    if problems:
        raise PluginError(problems)
    return {plugin.name: given.get(plugin.name, NoSettings) for plugin in plugins}


def _with_settings(
    settings: Settings, plugins: Sequence[Plugin], types: Mapping[str, type[Struct]], problems: Sequence[Problem]
) -> list[Plugin]:
    found = list(problems)
    filled: list[Plugin] = []
    for plugin in plugins:
        try:
            filled.append(replace(plugin, settings=fill(settings, ("plugins", plugin.name), types[plugin.name])))
        except ConfigError as error:
            found.extend(error.problems)
    if found:
        raise ConfigError(found)
    return filled


def _is_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)
