"""Commands on what comes in: ``check`` a source, ``import`` a CRM export, make an Excel ``form``.

The commands import what they need when they run, so that ``vs-toolkit --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

from vs_toolkit.errors import Problem, VsToolkitError
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
    if found := (*problems, *read.warnings):
        _say(inputs.describe(found))
        _comment(source, found)
    if problems or (strict and read.warnings):
        sys.exit(1)
    rows = ", ".join(f"{name} {len(table)}" for name, table in read.tables.items())
    click.echo(f"no problems found: {_count(len(read.cases), 'business case')}; {rows}")


@click.command("import")
@click.argument("system", type=click.Choice(["salesforce", "hubspot", "pipedrive", "dynamics", "csv"]))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="FILE..."
)
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the source.",
)
@click.option(
    "--mapping", type=click.Path(path_type=Path, exists=True), help="Which columns are which of ours (csv)."
)
@click.option(
    "--stages",
    type=click.Path(path_type=Path, exists=True),
    help="Stage map to apply [default: that in DIR].",
)
@click.option("--timezone", default="", metavar="TZ", help="Zone whose days count, such as Europe/Berlin.")
@click.option(
    "--rates", type=click.Path(path_type=Path, exists=True), help="Dated rates: date, currency, rate, into."
)
def import_(system: str, files: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Make a source of CRM exports: CSV, Excel or JSON files, or folders of them.

    Says what was read, decided and left out, and what the export supports. Run it again on a newer export to
    update the source; kept forecasts and adopted probabilities stay.

    \b
    Examples:
      vs-toolkit import salesforce Opportunity.csv OpportunityHistory.csv Account.csv -o my-source
      vs-toolkit import csv exports/ --mapping mapping.yaml -o my-source
    """  # noqa: D301  click wants the character
    from vs_toolkit.inputs.importers import Options, run

    done = run(system, files, out, Options(**options))
    _say("\n".join(done.statement))
    click.echo(", ".join(f"{name} {rows:,}" for name, rows in done.rows.items()))
    click.echo(f"source: {done.folder}")


def refuse_missing(source: str) -> None:
    """Name a source that is not there by its whole path: a relative one may be meant from another folder."""
    if "://" not in source and not Path(source).exists():
        raise VsToolkitError(f"there is no folder or workbook {Path(source).absolute()}")


def _comment(source: str, problems: tuple[Problem, ...]) -> None:
    """Put the problems of a workbook into a copy of it, as comments at their cells."""
    path = Path(source)
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        return
    from vs_toolkit.inputs.forms import commented
    from vs_toolkit.inputs.sources.files import write_whole

    copy = path.with_name(f"{path.stem}_checked.xlsx")
    try:
        write_whole(str(copy), commented(path.read_bytes(), problems))
    except Exception as error:  # whatever a damaged workbook makes openpyxl raise: the list above stands
        click.echo(f"no commented copy: {type(error).__name__}")
    else:
        click.echo(f"comments at the cells: {copy}")


@click.command()
@click.argument("kind", type=click.Choice(["case", "tables", "assessment"]))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="File [default: KIND.xlsx]."
)
@click.option("--source", envvar="VS_SOURCE", help="Fill in from this source [default: VS_SOURCE].")
@click.option(
    "--customer", default="", metavar="ID", help="Fill in the newest case, or the rows, of this customer."
)
@click.option("--model", default="", metavar="NAME", help="Start a case from this value model.")
@click.option("--respondent", default="", metavar="ID", help="Who answers an assessment; not a name.")
@click.option("--unit", default="", metavar="NAME", help="Unit of the respondent, as in people.")
def form(kind: str, out: Path | None, source: str | None, **given: str) -> None:
    """Make an Excel form: of a business case, of all tables, or of the self-assessment of one respondent.

    A filled form is checked like any source: vs-toolkit check FORM.xlsx. A case goes into cases/ of a source;
    assessments of any number of respondents go beside its tables.

    \b
    Examples:
      vs-toolkit form case -o visit.xlsx --model tractor
      vs-toolkit form tables -o company.xlsx --source my-source
      vs-toolkit form assessment -o N7.xlsx --respondent N7 --unit "Unit North"
    """  # noqa: D301  click wants the character
    from vs_toolkit.inputs.forms.making import make_assessment, make_form
    from vs_toolkit.inputs.sources.files import write_whole

    make: Callable[..., bytes] = make_assessment if kind == "assessment" else partial(make_form, kind)
    names = ("respondent", "unit") if kind == "assessment" else ("customer", "model")
    if stray := [name for name, value in given.items() if value and name not in names]:
        raise click.UsageError(f"--{stray[0]} does not belong to a form of kind {kind}")
    target = out or Path(f"{kind}.xlsx")
    write_whole(str(target), make(source, *(given[name] for name in names)))
    click.echo(f"form: {target}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@click.option("--percent", type=click.Choice(["whole", "fraction"]), help="What 30 means in its equations.")
@click.option("--years", type=click.IntRange(1, 50), help="Horizon of drivers that name none.")
def exchange(file: Path, out: Path, percent: str | None, years: int | None) -> None:
    """Exchange value models in the open JSON format of The Value Project.

    A case or value model (.yaml) is written as JSON; a JSON file is read as a value model, or as the case
    that
    this command wrote. What could not be taken over is listed.

    \b
    Examples:
      vs-toolkit exchange templates/models/tractor.yaml -o tractor.json
      vs-toolkit exchange their-model.json -o my-source/models/their-model.yaml
    """  # noqa: D301  click wants the character
    from vs_toolkit.inputs.cases.exchanging import exchanged
    from vs_toolkit.inputs.sources.files import write_whole

    content, listed = exchanged(file, out.stem, percent or "", years)
    write_whole(str(out), content)
    for line in listed:
        _say(line)
    click.echo(f"written: {out}")


def _say(text: str) -> None:
    """Print what may hold text of others: a terminal obeys some of its characters."""
    click.echo(visible(text))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def register(group: click.Group) -> None:
    """Add the commands to the command line."""
    commands: Iterable[click.Command] = (check, import_, form, exchange)
    for command in commands:
        group.add_command(command)
