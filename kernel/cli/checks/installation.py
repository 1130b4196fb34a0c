"""Whether the program itself is whole, and its import names are its own."""

import platform
import sys
from collections.abc import Iterator
from typing import Final

from kernel import VERSION
from kernel.cli.checks import Verdict, fail, ok, warn
from kernel.cli.ownership import DISTRIBUTION, foreign_kernels, hidden_plugins, home, installed
from kernel.cli.survey import Survey

_OLDEST: Final = (3, 11)
_NEWEST_TESTED: Final = (3, 13)


def installation() -> Iterator[Verdict]:
    """Look at Python, at the import names and at the distribution."""
    yield _python()
    yield _names("package kernel", foreign_kernels(), f"is ours, in {home()}")
    yield _names("package plugins", hidden_plugins(), f"is ours, in {home() / 'plugins'}")
    yield _distribution()


def plugins(found: Survey) -> Iterator[Verdict]:
    """Look at the plugins that the settings list."""
    for name, reasons in found.reasons.items():
        yield fail(f"plugin {name}", "; ".join(reasons), "mend it, or take it out of [kernel] plugins")
    loaded = ", ".join(plugin.name for plugin in found.plugins) or "none"
    if not found.reasons:
        yield ok("plugins", f"all load: {loaded}")


def _python() -> Verdict:
    version = platform.python_version()
    said = f"{platform.python_implementation()} {version} on {platform.system()}"
    if sys.version_info[:2] < _OLDEST:
        return fail("python", f"{said} is too old", "install Python 3.11 or later")
    if sys.version_info[:2] > _NEWEST_TESTED:
        return warn("python", f"{said} is newer than what this version was tested with", "use Python 3.11 to 3.13")
    return ok("python", said)


def _names(name: str, problems: list[str], fine: str) -> Verdict:
    if problems:
        return fail(name, "; ".join(problems), "see to it that only our own packages have these names")
    return ok(name, fine)


def _distribution() -> Verdict:
    found = installed()
    if found is None:
        return fail("distribution", f"{DISTRIBUTION} is not installed, so no plugin is found", "pip install it")
    if found.version != VERSION:
        reason = f"{DISTRIBUTION} {found.version} is installed, but the code says {VERSION}"
        return fail("distribution", reason, "install it again")
    return ok("distribution", f"{DISTRIBUTION} {VERSION}")
