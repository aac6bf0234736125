"""The command line: ``vs-toolkit check | run | status | demo | adopt | keep-forecast``."""

from __future__ import annotations

import contextlib
import logging
import shutil
import signal
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import vs_toolkit
from vs_toolkit import decisions, intake
from vs_toolkit.errors import InputError, ParameterError, VsToolkitError
from vs_toolkit.texts import visible

if TYPE_CHECKING:
    from vs_toolkit.batch.batch import Options, Progress, Summary
    from vs_toolkit.batch.ledger import Entry
    from vs_toolkit.batch.packs import Packing
    from vs_toolkit.batch.plan import Plan
    from vs_toolkit.batch.request import Request

FAILED, STOPPED = 1, 130
MOST_TOLD = 500  # characters of a reason on a terminal
QUIET = (
    "papermill",
    "nbclient",
    "asyncio",
    "traitlets",
    "tornado",
)  # what they say of a report is in its entry
SOURCE_HELP = "Folder of CSV or Parquet files with cases/, or an Excel workbook [default: VS_SOURCE]."


class Commands(click.Group):
    """Turns errors meant for the user into messages and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ParameterError as error:
            raise click.UsageError(visible(str(error))) from error
        except InputError as error:
            raise click.ClickException(visible(f"invalid input:\n{error}")) from error
        except KeyboardInterrupt:
            click.echo("stopped", err=True)
            sys.exit(STOPPED)
        except VsToolkitError as error:
            raise click.ClickException(visible(str(error))) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(vs_toolkit.__version__)
def main() -> None:
    """Value-selling reports: check input data, create reports for every customer, show their status.

    Exit codes: 0 success, 1 something failed, 2 invalid command.
    """


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...")
@click.option("--source", envvar="VS_SOURCE", help=SOURCE_HELP)
@click.option("--out", metavar="DIR", help="Output folder: a path, or a URL such as s3://bucket/reports.")
@click.option(
    "--as-of", metavar="DATE", help="As-of date, YYYY-MM-DD; later data is ignored [default: today]."
)
@click.option("--customer", "customers", multiple=True, metavar="ID", help="Only this customer (repeatable).")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["html", "pdf", "xlsx", "pptx"]),
    help="Further files per report: PDF (needs Chromium), Excel, PowerPoint (repeatable).",
)
@click.option(
    "--pack",
    is_flag=True,
    help="One PDF per customer: cover and all its reports; with --format pptx also one deck.",
)
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)
@click.option("--edition", type=click.Choice(["internal", "customer"]), default="internal", show_default=True)
@click.option(
    "-p", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a notebook parameter (repeatable)."
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Reports created in parallel [default: twice the number of cores].",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600,
    show_default=True,
    metavar="S",
    help="Time limit per report, in seconds.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=100),
    metavar="MIB",
    help="Memory limit per report [default: equal share of the machine; none on a cluster].",
)
@click.option(
    "--scheduler",
    default="",
    metavar="URL",
    help="Create the reports on this Dask cluster (tcp://host:8786).",
)
@click.option(
    "--snapshot",
    default="",
    metavar="DIR",
    help="Save a snapshot of the input data (a path or a URL).",
)
@click.option("--force", is_flag=True, help="Create all reports again, even those that are up to date.")
@click.option("--only-failed", is_flag=True, help="Create only the reports that failed last time.")
@click.option(
    "--dry-run", is_flag=True, help="List the reports that would be created, and why; create nothing."
)
@click.option("--help-parameters", is_flag=True, help="List the parameters of the notebooks.")
def run(notebooks: tuple[str, ...], **given: Any) -> None:
    """Create reports: every NOTEBOOK (built-in name or path) for every customer.

    Without a NOTEBOOK, all built-in ones. Only new, changed and failed reports are created. DIR/index.html
    is the overview of all reports.

    \b
    Examples:
      vs-toolkit run --source my-source --out reports
      vs-toolkit run business_impact --source my-source --out reports --customer C007 -p draws=100000
      vs-toolkit run --source my-source --out for-customers --edition customer
      vs-toolkit run mine.ipynb --help-parameters
    """  # noqa: D301  click wants the character
    if given["help_parameters"]:
        _show_parameters(notebooks, given["edition"])
        return
    stops = _Stops()
    request = _request(notebooks, given)
    if not (given["dry_run"] or given["force"] or given["snapshot"]) and _is_unchanged(request):
        return
    plan = _plan(request, given)
    if given["dry_run"]:
        with contextlib.closing(plan.data):
            _show_plan(plan, given)
        return
    summary = _run(plan, given, stops)
    _show_summary(summary)
    if summary.left:
        sys.exit(STOPPED)
    if summary.failed or summary.packs:
        sys.exit(FAILED)


def _show_parameters(notebooks: tuple[str, ...], edition: str) -> None:
    from vs_toolkit.batch.jobs import SET_BY_BATCH
    from vs_toolkit.batch.notebooks import find_notebooks, load_notebook
    from vs_toolkit.batch.parameters import describe

    width = shutil.get_terminal_size().columns
    for path in find_notebooks(notebooks):
        declared = load_notebook(path, edition).parameters
        _say(f"{path.stem}\n{describe(declared, width, SET_BY_BATCH)}\n")


def _request(notebooks: tuple[str, ...], given: dict[str, Any]) -> Request:
    from vs_toolkit.batch.request import Request

    for name, meaning in (("source", "where the data is"), ("out", "the folder for the reports")):
        if given[name] is None:
            raise ParameterError(f"--{name} is missing: {meaning}")
    intake.refuse_missing(given["source"])
    return Request(
        source=given["source"],
        out=given["out"],
        as_of=_day(given["as_of"]),
        edition=given["edition"],
        notebooks=notebooks,
        customers=given["customers"],
        parameters=dict(_pair(text) for text in given["parameters"]),
        formats=tuple(sorted({*given["formats"]} - {"html"})),
        paper=given["paper"],
        pack=given["pack"],
    )


def _is_unchanged(request: Request) -> bool:
    """Whether the same run left nothing to do and nothing has changed since; then this is its summary."""
    from vs_toolkit.batch.unchanged import nothing_to_do

    started = time.monotonic()
    if (noted := nothing_to_do(request)) is None:
        return False
    for hint in noted.hints:
        click.echo(visible(hint), err=True)
    _show_counts(0, 0, noted.reports, time.monotonic() - started)
    click.echo(f"index: {Path(request.out).absolute()}/index.html")
    return True


def _plan(request: Request, given: dict[str, Any]) -> Plan:
    from vs_toolkit.batch.batch import anticipate
    from vs_toolkit.batch.plan import plan

    if not (given["dry_run"] or given["scheduler"]):
        anticipate(given["out"], given["force"])
    return plan(request)


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise ParameterError(f"--as-of: write a date as YYYY-MM-DD (found: {text})") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ParameterError(f"-p {text}: write NAME=VALUE")
    return name.strip(), value


def _options(given: dict[str, Any]) -> Options:
    from vs_toolkit.batch.batch import Options
    from vs_toolkit.batch.runner import default_workers

    return Options(
        workers=given["workers"] or default_workers(),
        timeout=given["timeout"],
        memory=given["memory"],
        force=given["force"],
        only_failed=given["only_failed"],
        scheduler=given["scheduler"],
        snapshot=given["snapshot"],
    )


def _show_plan(plan: Plan, given: dict[str, Any]) -> None:
    from vs_toolkit.batch.folder import Folder
    from vs_toolkit.batch.ledger import read_ledger
    from vs_toolkit.batch.plan import to_do

    jobs = list(to_do(plan, read_ledger(Folder(plan.request.out)), given["force"], given["only_failed"]))
    for job, reason in jobs:
        _say(f"{job.name}  ({reason})")
    click.echo(f"{_count(len(jobs), 'report')} to create, {len(plan.wanted) - len(jobs)} up to date")


class _Stops:
    """Ctrl-C and SIGTERM, remembered: a library that catches everything may swallow the exception."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: object) -> None:
        self.asked = True
        raise KeyboardInterrupt

    def heed(self) -> None:
        """Stop if that was asked for and got lost."""
        if self.asked:
            raise KeyboardInterrupt


def _run(plan: Plan, given: dict[str, Any], stops: _Stops) -> Summary:
    from tqdm import tqdm

    from vs_toolkit.batch.batch import run

    for talkative in QUIET:
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    for hint in plan.hints:
        click.echo(visible(hint), err=True)
    with tqdm(unit="report", file=sys.stderr, disable=None, leave=False) as bar:
        return run(plan, _options(given), progress=_progress(bar, stops), packing=_packing(bar, stops))


def _progress(bar: Any, stops: _Stops) -> Progress:
    def progress(total: int, entry: Entry | None) -> None:
        if entry is None:  # nothing has begun
            stops.heed()
        bar.total = total
        bar.update(0 if entry is None else 1)
        if entry is not None and not entry.ok:
            bar.write(visible(f"{entry.status}: {_name(entry)}: {_told(entry)}"), file=sys.stderr)
        for one, why in entry.lost.items() if entry is not None else ():
            bar.write(visible(f"failed: {_name(entry)} {one}: {why}"), file=sys.stderr)  # type: ignore[arg-type]
        for remark in entry.remarks if entry is not None else ():
            bar.write(visible(f"{_name(entry)}: {remark}"), file=sys.stderr)  # type: ignore[arg-type]

    return progress


def _packing(bar: Any, stops: _Stops) -> Packing:
    def packing(done: int, total: int) -> None:
        stops.heed()
        bar.unit, bar.total, bar.n = "review pack", total, done
        bar.refresh()

    return packing


def _told(entry: Entry) -> str:
    """Return the reason on one line; the index has all of it."""
    first, *others = (entry.detail or entry.error).splitlines() or [""]
    first = first if len(first) <= MOST_TOLD else f"{first[:MOST_TOLD]}…"
    return f"{first} (and {_count(len(others), 'more line')})" if others else first


def _name(entry: Entry) -> str:
    return f"{entry.customer_id or 'company'} {entry.notebook}"


def _show_summary(summary: Summary) -> None:
    made, failed = len(summary.done) - len(summary.failed), len(summary.failed)
    _show_counts(made, failed, summary.up_to_date, summary.seconds)
    if summary.left:
        click.echo(
            f"stopped with {_count(summary.left, 'report')} not done: run the same command again to continue"
        )
    for place, why in summary.packs.items():
        click.echo(visible(f"failed: review pack of {place}: {why}"), err=True)
    click.echo(f"index: {summary.index}")


def _show_counts(made: int, failed: int, up_to_date: int, seconds: float) -> None:
    click.echo(
        f"{_count(made, 'report')} created, {failed} failed, {up_to_date} up to date ({seconds:.1f} s)"
    )


@main.command()
@click.argument("folder", metavar="DIR")
@click.option(
    "--source", envvar="VS_SOURCE", help=SOURCE_HELP + " Needed to find reports whose data has changed."
)
@click.option("--json", "as_json", is_flag=True, help="Write the state and the last run as JSON.")
def status(folder: str, source: str | None, as_json: bool) -> None:
    """Show completed, failed and stale reports in DIR, with their key figures.

    Exit code 1 if a report failed.

    \b
    Examples:
      vs-toolkit status reports --source my-source
      vs-toolkit status reports --json
    """  # noqa: D301  click wants the character
    from vs_toolkit.batch.folder import Folder, shown
    from vs_toolkit.batch.status import read_status

    found = read_status(Folder(folder), source)
    if not found.rows and not found.failed:
        raise VsToolkitError(f"there are no reports in {shown(folder)}")
    if as_json:
        click.echo(found.to_json())
    else:
        for line in found.lines():
            _say(line)
    sys.exit(FAILED if found.failed else 0)


@main.command()
@click.argument("folder", metavar="DIR")
@click.option("--keep", type=click.IntRange(1), required=True, metavar="N", help="As-of dates to keep.")
@click.option("--dry-run", is_flag=True, help="List what would be removed; remove nothing.")
def prune(folder: str, keep: int, dry_run: bool) -> None:
    """Remove history, dated snapshots and partial notebooks of all but the newest N as-of dates in DIR.

    DIR is an output folder or a folder of snapshots. Reports are never removed.

    \b
    Example:  vs-toolkit prune reports --keep 60 --dry-run
    """  # noqa: D301  click wants the character
    from vs_toolkit.batch import pruning
    from vs_toolkit.batch.folder import Folder
    from vs_toolkit.batch.lock import working_in

    place = Folder(folder)
    names = pruning.prunable(place, keep)
    total = sum(pruning.size(place, name) for name in names)
    for name in names:
        _say(name)
    if names and not dry_run:
        with working_in(place):
            pruning.prune(place, names)
    done = "would be removed" if dry_run else "removed"
    click.echo(f"{_count(len(names), 'item')} {done}, {total / 2**20:.1f} MiB")


@main.command()
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder.")
@click.option("--customers", type=click.IntRange(1), default=24, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
def demo(out: Path, customers: int, seed: int) -> None:
    """Generate an example company of any size.

    \b
    Example:  vs-toolkit demo -o my-company --customers 30
    """  # noqa: D301  click wants the character
    from vs_toolkit.demo import write_demo

    click.echo(f"{_count(customers, 'customer')} in {write_demo(out, customers=customers, seed=seed)}")


def _say(text: str) -> None:
    """Print text from data without the characters that a terminal would obey."""
    click.echo(visible(text))


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


main.add_command(decisions.adopt)
main.add_command(decisions.keep_forecast)
main.add_command(decisions.adopt_segments)
main.add_command(decisions.keep_trigger_rates)
intake.register(main)
