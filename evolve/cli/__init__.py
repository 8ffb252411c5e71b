"""The command line: `evolve COMMAND ...`.

This module holds the table of the commands. A command is one file here, `evolve/cli/NAME.py`, whose `command` is a
click command; it is imported when it is used, so that `evolve --help` stays instant. A command imports what is heavy
(numpy, numba, ray) inside its function, for the same reason.

Exit codes of every command: 0 it worked; 1 what was asked for ran and failed; 2 the request itself was wrong.
"""

from __future__ import annotations

import importlib
import io
import sys
from typing import Final

import click

COMMANDS: Final[dict[str, str]] = {
    "search": "Search for programs that learn a task with less energy and time.",
    "front": "Show the Pareto front of a run.",
    "show": "Show a program of a run: its energy by line, its scores, its lineage.",
    "diff": "Show what distinguishes two programs of a run.",
    "export": "Write a program of a run as one standalone file, verified.",
    "propose": "Ask for a better program, as of a language model, and judge the answer.",
    "import": "Convert a numpy learner into the language, or say line by line what it can't take.",
    "measure-joules": "Measure the joules of an exported file by the processor's counters.",
    "score": "Score a program on a task: accuracy, time and energy on fresh instances.",
    "verify": "Check a program the way a sceptic would, and print pass or fail.",
    "tasks": "List the rungs of the ladder, with sizes, gates, budgets and energy floors.",
    "data": "Download or find the texts that some rungs need.",
    "doctor": "Check whether this computer has what a search needs.",
    "profile": "Run a program on the machine and show its energy, line by line.",
    "primitives": "List the primitives of the language, or explain one.",
}


class _LazyGroup(click.Group):
    """A group whose commands stand in `COMMANDS` and are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None when the table has no such command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"evolve.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands for `--help` from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evolve", message="evolve %(version)s")
def main() -> None:
    """Evolve learning algorithms for accuracy, time and energy."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows another in its place
