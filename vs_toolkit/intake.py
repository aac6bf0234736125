"""Commands on what comes in: ``check`` a source, ``import`` a CRM export, make an Excel ``form``.

The commands import what they need when they run, so that ``vs-toolkit --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from vs_toolkit.errors import VsToolkitError
from vs_toolkit.texts import visible


@click.command()
@click.argument("source", envvar="VS_SOURCE")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--quiet", is_flag=True, help="Leave out how the files were read.")
def check(source: str, strict: bool, quiet: bool) -> None:
    """Check every table and business case of SOURCE; list all problems and how its files were read.

    SOURCE is a folder, an Excel workbook or a database URL. Exit code 1 if there is a problem.

    \b
    Example:  vs-toolkit check my-source --strict
    """  # noqa: D301  click wants the character
    from vs_toolkit import inputs

    refuse_missing(source)
    read = inputs.read_source(source)
    problems = inputs.check(read)
    if (record := inputs.describe_readings(read.readings)) and not quiet:
        _say(record)
    if problems or read.warnings:
        _say(inputs.describe((*problems, *read.warnings)))
    if problems or (strict and read.warnings):
        sys.exit(1)
    rows = ", ".join(f"{name} {len(table)}" for name, table in read.tables.items())
    click.echo(f"no problems found: {_count(len(read.cases), 'business case')}; {rows}")


def refuse_missing(source: str) -> None:
    """Name a source that is not there by its whole path: a relative one may be meant from another folder."""
    if "://" not in source and not Path(source).exists():
        raise VsToolkitError(f"there is no folder or workbook {Path(source).absolute()}")


def _say(text: str) -> None:
    """Print what may hold text of others: a terminal obeys some of its characters."""
    click.echo(visible(text))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    commands: Iterable[click.Command] = (check,)
    for command in commands:
        group.add_command(command)
