"""The driver and the listed plugins looked at one by one, so that a broken one hides no other."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint

from msgspec import Struct, field
from msgspec.structs import replace

from kernel import hooks
from kernel.auth.scopes import KNOWN
from kernel.config import ConfigError, Problem, Settings, fill, manager_password, unknown_sections
from kernel.drivers import choice
from kernel.enabled import settings_types
from kernel.loader import Plugin, PluginError, discover, load
from kernel.registry import Registry

Place = tuple[str, ...]


class Survey(Struct, kw_only=True):
    """What was found.

    ``plugins`` are the sound ones with their settings, in the operator's order; ``reasons`` say by name
    what is wrong with the others; ``problems`` are those of no plugin that is listed; ``types`` are the
    records of the settings, by section.
    """

    plugins: list[Plugin] = field(default_factory=list[Plugin])
    reasons: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    problems: list[Problem] = field(default_factory=list[Problem])
    types: dict[Place, type[Struct]] = field(default_factory=dict[Place, type[Struct]])

    @property
    def faults(self) -> list[str]:
        """Everything that is wrong."""
        return [str(problem) for problem in self.problems] + [each for many in self.reasons.values() for each in many]


def survey(settings: Settings, installed: Iterable[EntryPoint] | None = None) -> Survey:
    """Import the driver and the plugins that the settings list, and fill the settings of each.

    Problems are gathered, not raised. What the settings do not list is never imported.
    """
    installed = discover() if installed is None else list(installed)
    found = Survey()
    _look_at_driver(settings, found)
    for name in settings.kernel.plugins:
        plugins, reasons = load([name], installed)
        for plugin in plugins:
            reasons += _look_at_plugin(settings, plugin, found)
        if reasons:
            found.reasons[name] = reasons
    found.problems += unknown_sections(settings, [each.name for each in installed], choice.installed())
    return found


def every_problem(error: ConfigError) -> list[str]:
    """Say what is wrong with the kernel's own sections, and with those of the driver and the plugins besides."""
    others = survey(error.partial).faults if error.partial is not None else []
    return [*map(str, error.problems), *(each for each in others if each not in map(str, error.problems))]


def scopes_of(plugins: Iterable[Plugin]) -> frozenset[str]:
    """Give the scopes that may be held: the kernel's own and those of the plugins; raises ``PluginError``."""
    brought = Registry(list(plugins), hook_seconds=0).collect(hooks.register_scopes)
    return KNOWN.union(*(scopes for _, scopes in brought))


def _look_at_driver(settings: Settings, found: Survey) -> None:
    name = settings.mt4.driver
    try:
        found.types["mt4", name] = choice.driver_module(name).Settings
    except choice.DriverMissing as error:
        found.problems.append(Problem("mt4", "driver", str(error), settings.origin("mt4", "driver")))
    try:
        if ("mt4", name) in found.types:
            fill(settings, ("mt4", name), found.types["mt4", name])
        manager_password(settings)
    except ConfigError as error:
        found.problems += error.problems


def _look_at_plugin(settings: Settings, plugin: Plugin, found: Survey) -> list[str]:
    """Check one plugin and take it when it is sound; answers what is wrong with it."""
    place = ("plugins", plugin.name)
    try:
        found.types[place] = settings_types([plugin])[plugin.name]
        found.plugins.append(replace(plugin, settings=fill(settings, place, found.types[place])))
    except PluginError as error:
        return list(error.problems)
    except ConfigError as error:
        return list(map(str, error.problems))
    return []
