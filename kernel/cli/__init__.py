"""The command line ``mt4api``: serve the API, look at its plugins, users and settings, examine the installation.

What a command finds goes to standard output. What it has to say about itself, and the log, goes to
standard error. Exit codes:

* 0: done. ``serve`` ends with it when it is told to stop; ``doctor`` also when there are only warnings.
* 1: what was looked at has faults (``config check``, ``doctor``), or a question was left with Ctrl-C, or
  the service was stopped at once by a second signal, or this program has a fault: then with a traceback.
* 2: the command could not be carried out: wrong usage, or something that the operator can mend, such as
  settings, a plugin, the store, the token keys, a port in use, a password too short. One message after
  ``mt4api:`` says what and where; nothing was changed.

This file and what it imports stay light: the commands themselves are imported when one is called.
"""

import click

from kernel import VERSION
from kernel.cli.later import Later
from kernel.cli.options import located


@click.group(
    "mt4api",
    cls=Later,
    later={
        "serve": ("kernel.cli.serve:serve", "Serve the API until the process is told to stop."),
        "plugin": ("kernel.cli.plugins:plugin", "Look at the plugins."),
        "users": ("kernel.cli.users:users", "Look after the users of the API."),
        "config": ("kernel.cli.settings:config", "Look at the settings."),
        "bridge": (
            "kernel.cli.bridge:bridge",
            "Serve one driver to mt4api services elsewhere until the process is told to stop.",
        ),
        "doctor": ("kernel.cli.doctor:doctor", "Examine the installation and say what to do about each fault."),
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@located
@click.version_option(VERSION, prog_name="mt4api", message="%(prog)s %(version)s")
def mt4api() -> None:
    """Serve MetaTrader 4 to a broker's CRM as a REST API.

    Without a settings file it serves an embedded simulator on http://127.0.0.1:8000. Settings come from
    the command line, over the environment (MT4API_SECTION__KEY), over the file mt4api.toml.
    """


def main() -> None:
    """Run the command line of this process."""
    mt4api(prog_name="mt4api")
