"""The commands and how they end: an error of ours is one sentence and its exit code, never a traceback."""

import sys

import typer
from typer.exceptions import TyperException

from ringfence.cli import (
    audit,
    chains,
    cities,
    coldchain,
    days,
    demo,
    deployments,
    disputes,
    exports,
    feeds,
    fences,
    forgetting,
    gate,
    laying,
    link,
    looks,
    orders,
    people,
    policies,
    receiving,
    responses,
    seal,
    sentinel,
    signal_desk,
    tasks,
    users,
)
from ringfence.cli.frame import complain, set_frame
from ringfence.cli.usage import told
from ringfence.cli.words import words
from ringfence.errors import RingfenceError

UNREADABLE = 2
"""How a command line ends that cannot be read."""

app = typer.Typer(
    name="ringfence",
    help=words("Ringfence: from one signal to every person, place and lot at risk, each followed until closed."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.callback()(set_frame)
deployments.add_commands(app)
receiving.add_commands(app)
responses.add_commands(app)
chains.add_commands(app)
days.add_commands(app)
forgetting.add_commands(app)
cities.add_commands(app)
demo.add_commands(app)
app.add_typer(audit.app, name="audit")
app.add_typer(exports.app, name="export")
app.add_typer(feeds.app, name="feeds")
app.add_typer(laying.app, name="areas")
app.add_typer(fences.app, name="fences")
app.add_typer(link.app, name="link")
app.add_typer(gate.app, name="gate")
app.add_typer(coldchain.app, name="coldchain")
app.add_typer(seal.app, name="seal")
app.add_typer(sentinel.app, name="sentinel")
app.add_typer(policies.app, name="policy")
app.add_typer(signal_desk.app, name="signal")
app.add_typer(tasks.app, name="tasks")
app.add_typer(orders.app, name="orders")
app.add_typer(disputes.app, name="disputes")
app.add_typer(people.app, name="people")
app.add_typer(looks.app, name="looks")
app.add_typer(users.app, name="users")


def main() -> None:
    """Run the command line."""
    wants_json = "--json" in sys.argv
    try:
        ended = app(standalone_mode=False)
    except RingfenceError as error:
        complain(error, wants_json=wants_json)
        sys.exit(error.exit_code)
    except TyperException as error:
        if (refused := told(error)) is not None:
            complain(refused, wants_json=wants_json)
        sys.exit(UNREADABLE)
    except typer.Abort:
        sys.exit(1)
    sys.exit(ended if isinstance(ended, int) else 0)
