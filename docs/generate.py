"""Writes the pages that repeat what the code says: ``python docs/generate.py``. A test compares them."""

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from kernel import errors, hooks
from kernel.auth.scopes import MEANING
from kernel.config import schema
from kernel.drivers.simulator import Settings as SimulatorSettings
from kernel.errors import Failure

_FOLDER: Final = Path(__file__).parent
_NOTE: Final = "<!-- Written by docs/generate.py from the code: change it there. -->"
_FAMILIES: Final = {
    "register_": (
        "Asked once, while the service starts",
        "A plain `def` that returns what the plugin brings. One that raises stops the start, with its plugin named.",
    ),
    "pre_": (
        "Asked before a write",
        (
            "An `async def` that returns nothing. `raise Refused(reason)` ends the chain: the caller gets 409 "
            "`operation_rejected` with the plugin's name and the reason, and nothing is sent. Any other exception, an "
            "answer other than None, and running out of `[kernel] hook_seconds` end it too: 503 `check_failed`, "
            "nothing sent. Plugins are asked one after the other."
        ),
    ),
    "post_": (
        "Told after a write",
        (
            "An `async def`; what it returns or raises changes no answer. An exception goes to the log. Events reach "
            "one plugin in order, from a task of its own. They are kept in memory only: a killed process loses them."
        ),
    ),
    "on_": (
        "Told of what the trade server pushes",
        (
            "As `post_`: an `async def`, isolated, in order. Of several prices that wait for a plugin only the last of "
            "each symbol is told; trades, accounts and margin calls are all told."
        ),
    ),
}


_BUG: Final = "Something went wrong here; the log has it under the request id."
_HOOKS: Final = f"""\
{_NOTE}
# Hooks

The marker is `from kernel.api import hookimpl`. An implementation names only the arguments that it wants.
`settings` is the plugin's own section, as the Struct that `register_settings` returned; `operation` carries the
id that the answer shows; `by` is the API user who asks. Records are frozen, and never hold a password.
The order of plugins in the settings is the order of their hooks; an author's `hookimpl(tryfirst=True)` or
`hookimpl(trylast=True)` puts one before or behind all others.
"""


def hook_page() -> str:
    """Describe every hook: signature, when it runs, what it may do."""
    tree = ast.parse(inspect.getsource(hooks))
    specifications = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    parts = [_HOOKS]
    for prefix, (title, words) in _FAMILIES.items():
        parts.append(f"## `{prefix}*`: {title[0].lower()}{title[1:]}\n\n{words}\n")
        parts += [_hook(node) for node in specifications if node.name.startswith(prefix)]
    return "\n".join(parts)


def _hook(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    arguments = "".join(f"\n    {ast.unparse(argument)}," for argument in node.args.args)
    answer = ast.unparse(node.returns) if node.returns else "None"
    shown = f"{kind} {node.name}({arguments}{chr(10) if arguments else ''}) -> {answer}: ..."
    return f"### {node.name}\n\n```python\n{shown}\n```\n\n{_markdown(ast.get_docstring(node) or '')}\n"


def _markdown(words: str) -> str:
    return words.replace("``", "`")


_SETTINGS: Final = f"""\
{_NOTE}
# Settings

`mt4api config schema` prints the same as JSON Schema, with the sections of your own plugins;
`mt4api config show --origin` prints what is in force and where each value came from.
Every key can come from the environment: `MT4API_SERVER__PORT=9000`, `MT4API_MT4__SIMULATOR__SEED=7`.
"""


def settings_page() -> str:
    """Describe every key of the settings with its type, bounds and default."""
    described = schema({("mt4", "simulator"): SimulatorSettings})
    definitions = described["$defs"]
    simulator = definitions["Mt4"]["properties"].pop("simulator")["$ref"].rpartition("/")[2]
    parts = [_SETTINGS]
    for name, section in described["properties"].items():
        if name != "plugins":
            parts.append(_section(name, definitions[section["$ref"].rpartition("/")[2]]))
    parts.append(_section("mt4.simulator", definitions[simulator]))
    parts.append(
        "## `[plugins.NAME]`\n\nThe settings of the plugin NAME, as it defines them. The built-in plugins have none.\n"
    )
    return "\n".join(parts)


def _section(name: str, section: dict[str, Any]) -> str:
    # The indentation of a docstring's later lines would make a code block of them.
    words = inspect.cleandoc(_markdown(section.get("description", "")))
    lines = [f"## `[{name}]`\n\n{words}\n", "| key | type | default | what it is |", "|---|---|---|---|"]
    for key, member in section["properties"].items():
        default = f"`{json.dumps(member['default'], ensure_ascii=False)}`" if "default" in member else ""
        lines.append(f"| `{key}` | {_kind(member)} | {default} | {member.get('description', '')} |")
    return "\n".join(lines) + "\n"


def _kind(member: dict[str, Any]) -> str:
    if "enum" in member:
        return " or ".join(f"`{value}`" for value in member["enum"])
    kind: str = member.get("type", "text")
    kind = {"object": "table", "array": "list", "string": "text"}.get(kind, kind)
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤"}
    bounds = [f"{sign} {member[bound]:,}" for bound, sign in signs.items() if bound in member]
    return ", ".join((kind, *bounds))


def codes_page() -> str:
    """Describe every error code with its HTTP status, and every scope."""
    lines = [
        _NOTE,
        "# Error codes and scopes\n",
        "What to do about each kind of failure is in [api.md](api.md#errors).\n",
        "| HTTP | code | again? | meaning |",
        "|---|---|---|---|",
    ]
    for failure in sorted(_failures(), key=lambda found: (found.status, found.code)):
        words = _BUG if failure is Failure else _markdown(inspect.getdoc(failure) or "").splitlines()[0]
        lines.append(f"| {failure.status} | `{failure.code}` | {'yes' if failure.retryable else 'no'} | {words} |")
    lines += ['\n"Again?" is the answer\'s `retryable`. A read that MT4 answered with `mt4_too_frequent` says yes.\n']
    lines += ["## Scopes\n", "| scope | what it lets its holder do |", "|---|---|"]
    lines += [f"| `{scope}` | {meaning} |" for scope, meaning in MEANING.items()]
    return "\n".join(lines) + "\n"


def _failures() -> Iterator[type[Failure]]:
    """Give the class behind each code: an abstract kind that shares its code with another is left out."""
    seen: dict[str, type[Failure]] = {}
    for found in vars(errors).values():
        if inspect.isclass(found) and issubclass(found, Failure):
            seen[found.code] = found
    yield from seen.values()


PAGES: Final[dict[str, Callable[[], str]]] = {
    "hooks.md": hook_page,
    "settings.md": settings_page,
    "codes.md": codes_page,
}


def main() -> int:
    """Write what differs from its page."""
    for name, page in PAGES.items():
        (_FOLDER / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
