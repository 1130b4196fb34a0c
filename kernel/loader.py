"""Finds the plugins that the settings name, and refuses what cannot be trusted to be what it says.

Plugins are entry points of the group ``mt4api.plugins``; only those that the settings list are ever
imported. pluggy's own loader is not used: it imports every installed plugin, listed or not, and lets
a stranger's entry point replace a built-in of the same name in silence.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any, Final

from msgspec import Struct
from pluggy import PluginManager, PluginValidationError

from kernel import hooks

GROUP: Final = "mt4api.plugins"


class PluginError(Exception):
    """Why the service does not start; each problem names the plugin and where it comes from."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Keep all problems: an operator mends them in one go."""
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Plugin(Struct, frozen=True, kw_only=True):
    """One loaded plugin, and the distribution that brought it."""

    name: str
    module: Any
    distribution: str
    version: str
    settings: Any = None

    @property
    def origin(self) -> str:
        """Name the plugin so that an operator finds it."""
        return f"plugin {self.name!r} from {self.distribution} {self.version}"


def discover() -> list[EntryPoint]:
    """List every installed plugin, listed in the settings or not, without importing one."""
    unique = {(found.name, found.value, _distribution(found)): found for found in entry_points(group=GROUP)}
    return list(unique.values())


def load(names: Sequence[str], installed: Iterable[EntryPoint]) -> tuple[list[Plugin], list[str]]:
    """Import the named plugins in their order; the second list says what is wrong with the others."""
    installed = list(installed)
    plugins: list[Plugin] = []
    problems = [f"plugin {name!r} is listed twice in the settings" for name in sorted(_doubled(names))]
    for name in dict.fromkeys(names):
        try:
            plugins.append(_load_one(name, installed))
        except PluginError as error:
            problems.extend(error.problems)
    return plugins, problems


def _load_one(name: str, installed: Sequence[EntryPoint]) -> Plugin:
    candidates = [found for found in installed if found.name == name]
    if not candidates:
        near = get_close_matches(name, [found.name for found in installed], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; is its distribution installed?"
        raise PluginError([f"plugin {name!r} is not installed{hint}"])
    if len(candidates) > 1:
        owners = " and ".join(sorted(" ".join(_distribution(found)) for found in candidates))
        raise PluginError([f"plugin {name!r} is claimed by {owners}: uninstall one of them"])
    found = candidates[0]
    distribution, version = _distribution(found)
    try:
        module = found.load()
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {error}"
        text = f"plugin {name!r} from {distribution} {version} cannot be imported: {reason}"
        raise PluginError([text]) from error
    plugin = Plugin(name=name, module=module, distribution=distribution, version=version)
    if problems := list(_objections(plugin)):
        raise PluginError(problems)
    return plugin


def _objections(plugin: Plugin) -> Iterable[str]:
    """Say what of a plugin breaks the interface's promises."""
    api = getattr(plugin.module, "api", None)
    if api != hooks.API:
        said = "does not say which" if api is None else f"is written for {api!r} of the"
        yield f"{plugin.origin} {said} plugin interface; this kernel has api = {hooks.API}"
        return
    for name, implementation in _implementations(plugin.module):
        options = getattr(implementation, f"{hooks.PROJECT}_impl")
        if options.get("wrapper") or options.get("hookwrapper"):
            yield f"{plugin.origin}: hook {name} is a wrapper, which could turn a refusal round"
        if not name.startswith("register_") and not inspect.iscoroutinefunction(implementation):
            yield f"{plugin.origin}: hook {name} must be 'async def'"
        if name.startswith("register_") and inspect.iscoroutinefunction(implementation):
            yield f"{plugin.origin}: hook {name} must be a plain 'def'"
        for argument in _unfillable(implementation):
            yield f"{plugin.origin}: hook {name} must take {argument!r} by its plain name, without a default"


def _unfillable(implementation: Callable[..., Any]) -> Iterable[str]:
    """Name the arguments that no call of ours would ever give: pluggy passes over them in silence."""
    for argument in inspect.signature(implementation).parameters.values():
        if argument.kind is not argument.POSITIONAL_OR_KEYWORD or argument.default is not argument.empty:
            yield str(argument)


def verified(plugins: Sequence[Plugin]) -> tuple[PluginManager, list[str]]:
    """Register plugins with pluggy, which checks names and arguments against the specifications."""
    manager = PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    problems: list[str] = []
    for plugin in plugins:
        try:
            manager.register(plugin.module, plugin.name)
        except (PluginValidationError, ValueError) as error:
            problems.append(f"{plugin.origin}: {' '.join(str(error).split())}")
        problems.extend(_misspelt(plugin))
    return manager, problems


def _misspelt(plugin: Plugin) -> Iterable[str]:
    known = [name for name in vars(hooks) if name.startswith(("register_", "pre_", "post_", "on_"))]
    for name, implementation in _implementations(plugin.module):
        hook = getattr(implementation, f"{hooks.PROJECT}_impl").get("specname") or name
        if hook not in known:
            near = get_close_matches(hook, known, n=1)
            yield f"{plugin.origin}: there is no hook {hook}" + (f"; did you mean {near[0]}?" if near else "")


def _implementations(module: Any) -> Iterable[tuple[str, Any]]:
    names = vars(module) if isinstance(module, ModuleType) else dir(module)
    members = ((name, getattr(module, name, None)) for name in list(names) if not name.startswith("__"))
    return ((name, member) for name, member in members if hasattr(member, f"{hooks.PROJECT}_impl"))


def _doubled(names: Sequence[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def _distribution(found: EntryPoint) -> tuple[str, str]:
    return (found.dist.name, found.dist.version) if found.dist else ("an unknown distribution", "?")
