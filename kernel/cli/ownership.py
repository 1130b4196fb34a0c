"""Who owns the import names ``kernel`` and ``plugins``: other software may bring both.

A ``plugins.py`` or ``plugins/__init__.py`` anywhere on the path hides every built-in plugin, since
Python prefers it to our namespace package; and PyPI has a distribution ``kernel``.
"""

import json
import os
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import kernel

DISTRIBUTION: Final = "mt4-manager-api"
_GROUP: Final = "mt4api.plugins"


def home() -> Path:
    """Give the folder that ``kernel`` was imported from, in which ``plugins`` has to lie too."""
    return Path(kernel.__file__).resolve().parent.parent


def installed() -> Distribution | None:
    """Give our distribution, None where it is not installed: then there are no entry points."""
    try:
        return distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return None


def hidden_plugins() -> list[str]:
    """Say what hides our plugins, naming the path that wins; empty when nothing does. Imports no plugin."""
    ours = home() / "plugins"
    spec = find_spec("plugins")
    if spec is None:
        return [f"The package plugins is not importable; it should be in {ours}"]
    if spec.origin is not None:
        return [f"{spec.origin} hides our package plugins in {ours}. Remove it, or take its folder off the path"]
    places = [str(place) for place in spec.submodule_search_locations or ()]
    if not any(_same(Path(place), ours) for place in places):
        return [f"The package plugins is imported from {', '.join(places)} and not from {ours}"]
    return [
        f"{origin} hides our plugin {name} in {ours}. Remove it, or take its folder off the path"
        for name in sorted(_built_in())
        if (origin := _origin(name, places)) is not None and not origin.resolve().is_relative_to(ours)
    ]


def foreign_kernels() -> list[str]:
    """Say what else claims the name ``kernel``; empty when it is ours alone. Takes about 0.1 s."""
    others = sorted(set(packages_distributions().get("kernel", ())) - {DISTRIBUTION})
    problems = [
        f"The distribution {other} brings a package kernel too; it is imported from {home()}. Uninstall {other}, "
        f"then install {DISTRIBUTION} again: the two may have overwritten files of each other"
        for other in others
    ]
    ours = installed()
    if ours is not None and not _same(_location(ours), home()):
        problems.append(f"kernel is imported from {home()}, but {DISTRIBUTION} is installed in {_location(ours)}")
    return problems


def _built_in() -> set[str]:
    ours = installed()
    points = ours.entry_points.select(group=_GROUP) if ours else ()
    return {point.module.removeprefix("plugins.") for point in points if point.module.startswith("plugins.")}


def _origin(name: str, places: list[str]) -> Path | None:
    spec = PathFinder.find_spec(f"plugins.{name}", places)
    return Path(spec.origin) if spec and spec.origin else None


def _location(ours: Distribution) -> Path:
    """Give the folder with the packages; an editable installation only points to it."""
    direct: dict[str, Any] = json.loads(ours.read_text("direct_url.json") or "{}")
    if direct.get("dir_info", {}).get("editable"):
        path = unquote(urlsplit(str(direct["url"])).path)
        return Path(path.removeprefix("/") if os.name == "nt" else path)  # file:///C:/… on Windows
    return Path(str(ours.locate_file("")))


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
