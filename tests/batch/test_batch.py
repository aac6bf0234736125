"""From a source to reports and index: what fails stands alone, what is done is not done again."""

import json
import shutil
import time
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import pytest

from tests.batch.company import SHOWS_NAME, STATES, write_case, write_company
from tests.batch.notebooks import PARAMETERS, saved
from vs_toolkit.batch import batch, worker
from vs_toolkit.batch.batch import Options, index_rows
from vs_toolkit.batch.failure import MOST_TOLD
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.kernels import StoppedError
from vs_toolkit.batch.ledger import read_ledger
from vs_toolkit.batch.plan import informed, plan
from vs_toolkit.batch.plan import to_do as plan_to_do
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import InputError, ParameterError, VsToolkitError

AS_OF = date(2026, 6, 30)
OPTIONS = Options(workers=2, timeout=60)
WITH_CASE = PARAMETERS + '\ncase: str = ""  # id of the case; empty for the newest'


@pytest.fixture
def world(tmp_path):
    """Three customers and a notebook that shows their names."""
    write_company(tmp_path / "source", C001="First <b>&", C002="Second", C003="Third")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, STATES)
    return tmp_path


def planned(world, *notebooks, **request):
    paths = [str(world / f"{name}.ipynb") for name in notebooks or ("plan",)]
    return plan(Request(str(world / "source"), str(world / "out"), AS_OF, notebooks=tuple(paths), **request))


def run(world, *notebooks, options=OPTIONS, **request):
    return batch.run(planned(world, *notebooks, **request), options)


def files(out):
    """Every file with its content, times left out."""
    found = {}
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p.name != "run.json"):
        text = path.read_bytes().decode("latin-1")  # a Parquet file is no text
        if path.suffix == ".json":
            text = json.dumps({**json.loads(text), "seconds": 0})
        found[str(path.relative_to(out))] = "" if path.name == "index.html" else text
    return found


def entries(world):
    return [*read_ledger(Folder(world / "out")).entries.values()]


def to_do(plan):
    return plan_to_do(plan, read_ledger(Folder(plan.request.out)))


def status(world):
    return {entry.customer_id: entry.status for entry in entries(world)}


def never(*args):
    raise AssertionError("nothing was to be done")


def test_reports_ledger_and_index_are_made_and_nothing_is_done_twice(world, monkeypatch):
    summary = run(world)
    assert (len(summary.done), len(summary.failed), summary.up_to_date, summary.left) == (3, 0, 0, 0)
    page = (world / "out/C001/plan.html").read_text()
    assert "First &lt;b&gt;&amp; times 2" in page and "Second" not in page
    (entry,) = (e for e in entries(world) if e.customer_id == "C001")
    assert entry.figures == {
        "tables": {"value": entry.figures["tables"]["value"], "unit": "", "label": "Tables"}
    }
    assert "First &lt;b&gt;&amp;" in (world / "out/index.html").read_text()
    before = files(world / "out")
    monkeypatch.setattr("vs_toolkit.batch.batch.make_report", never)
    again = run(world)
    assert (len(again.done), again.up_to_date) == (0, 3)
    assert files(world / "out") == before


def test_only_what_changed_is_made_again_and_the_rest_is_marked_stale(world):
    run(world)
    write_company(world / "source", C001="First <b>&", C002="Renamed", C003="Third, too")
    assert [(job.name, why) for job, why in to_do(planned(world))] == [
        ("C002/plan", "changed: data"),
        ("C003/plan", "changed: data"),
    ]
    summary = run(world, customers=("C002",))
    assert [entry.customer_name for entry in summary.done] == ["Renamed"]
    rows = {row["customer_id"]: row["status"] for row in index_rows(planned(world), entries(world))}
    assert rows == {"C001": "ok", "C002": "ok", "C003": "stale"}
    (world / "out/C001/plan.html").unlink()
    (world / "out/C002/plan.html").write_text("half of")
    reasons = [why for _, why in to_do(planned(world))]
    assert reasons == [*2 * ["the report is missing or not whole"], "changed: data"]


def test_a_failing_report_is_a_row_and_stops_nobody(world):
    saved(world / "plan.ipynb", SHOWS_NAME, "assert customer != 'C002', 'not today'")
    summary = run(world)
    assert status(world) == {"C001": "ok", "C002": "failed", "C003": "ok"}
    (failed,) = summary.failed
    assert failed.error == "AssertionError: not today (cell: assert customer != 'C002', 'not today')"
    assert (failed.href, failed.partial) == ("", "C002/plan.failed.ipynb")
    partial = (world / "out/C002/plan.failed.ipynb").read_text()
    assert "Second times 2" in partial and '"papermill"' not in partial
    assert [job.name for job, _ in to_do(planned(world))] == ["C002/plan"]
    saved(world / "plan.ipynb", SHOWS_NAME)
    run(world, options=Options(2, 60, only_failed=True))
    assert status(world)["C002"] == "ok"
    assert not (world / "out/C002/plan.failed.ipynb").exists()
    assert [(job.name, why) for job, why in to_do(planned(world))] == [
        ("C001/plan", "changed: notebook"),
        ("C003/plan", "changed: notebook"),
    ]


def test_a_report_that_fails_now_does_not_leave_the_old_one(world):
    run(world, customers=("C001",))
    saved(world / "plan.ipynb", "1 / 0")
    run(world, customers=("C001",))
    assert not (world / "out/C001/plan.html").exists()


BROKEN = {
    "RATE": [("customer_wacc: 9%", "customer_wacc: 8")],
    "TEXT": [("amount: 60000", "amount: a lot")],
    "FIELD": [("years: 5", "yaers: 5")],
    "MONEY": [("amount: 950000", "amount: 950000 USD")],
    "NOWACC": [("customer_wacc: 9%\n", "")],
    "SYNTAX": [("title: ", "title: [")],
}


def test_every_broken_case_is_a_failed_row_with_its_reason_and_all_others_are_made(world):
    saved(world / "impact.ipynb", SHOWS_NAME, "data.case(case).title", parameters=WITH_CASE)
    names = dict.fromkeys([*BROKEN, "GOOD", "WITHOUT"], "A name")
    source = write_company(world / "source", **names)
    for customer, changes in BROKEN.items():
        write_case(source, customer, *changes)
    write_case(source, "GOOD")
    (source / "cases" / "empty.yaml").write_text("")
    run(world, "impact")
    assert status(world) == {**dict.fromkeys(BROKEN, "failed"), "cases/empty.yaml": "failed", "GOOD": "ok"}
    errors = {entry.customer_id: entry.error for entry in entries(world)}
    assert "8 would be 800 %; write 0.08 or 8%" in errors["RATE"]
    assert "did you mean 'years'" in errors["FIELD"]
    assert "empty" in errors["cases/empty.yaml"]
    (source / "cases" / "empty.yaml").unlink()
    write_case(source, "RATE")
    run(world, "impact")
    assert "cases/empty.yaml" not in status(world) and status(world)["RATE"] == "ok"


def test_what_every_report_would_suffer_from_stops_the_batch_before_it_begins(world):
    (world / "source" / "activities.csv").write_text("dat,customer_id,type\n2026-01-01,C001,visit\n")
    with pytest.raises(InputError, match=r"activities\.csv, line 1"):
        planned(world)


def test_a_broken_row_fails_its_customer_only(world):
    rows = "date,customer_id,type,cost\n2026-01-01,C001,visit,5\n2026-01-02,C002,visit,much\n"
    (world / "source" / "activities.csv").write_text(rows)
    run(world)
    assert status(world) == {"C001": "ok", "C002": "failed", "C003": "ok"}


def test_the_customer_edition_has_its_own_folder_and_tells_no_reasons_or_paths(world):
    rows = "date,customer_id,type,cost\n2026-01-02,C002,visit,SECRET\n"
    (world / "source" / "activities.csv").write_text(rows)
    saved(world / "plan.ipynb", SHOWS_NAME, "assert customer != 'C003'; open('/home'+'/us/secret.csv')")
    run(world)
    with pytest.raises(ParameterError, match="holds reports of the internal edition"):
        run(world, edition="customer")
    shown = plan(
        Request(str(world / "source"), str(world / "shown"), AS_OF, "customer", (str(world / "plan.ipynb"),))
    )
    batch.run(shown, OPTIONS)
    everything = "".join(
        path.read_bytes().decode(errors="replace") for path in (world / "shown").rglob("*") if path.is_file()
    )
    assert "Errno" not in everything and "code cell" in everything
    assert "run vs-toolkit check" in everything
    for secret in ("SECRET", "/home/us", str(world), "injected-parameters"):
        assert secret not in everything


def test_parameters_reach_a_notebook_typed_and_no_file_of_the_customer_edition(world):
    typed = "from datetime import date\nfloor: list[date] = []\n" + PARAMETERS.replace(
        "as_of: str", "as_of: date"
    )
    typed = typed.replace('"2026-06-30"  # date', "date(2026, 1, 1)  # day")
    fails = "assert (as_of, floor) == (date(2026, 6, 30), [date(2000 - 1, 9, 9)]) and customer != 'C003'"
    saved(world / "plan.ipynb", SHOWS_NAME, fails, parameters=typed)
    for edition in ("internal", "customer"):
        given = {"edition": edition, "parameters": {"floor": "1999-09-09"}}
        request = Request(
            str(world / "source"), str(world / edition), AS_OF, notebooks=(str(world / "plan.ipynb"),)
        )
        assert len(batch.run(plan(replace(request, **given)), OPTIONS).failed) == 1
    for name, is_there in (("internal", True), ("customer", False)):
        paths = [path for path in (world / name).rglob("*") if path.is_file()]
        everything = "".join(path.read_text(errors="replace") for path in paths)
        assert ("1999, 9, 9" in everything) == is_there
        assert '"parameters": {' not in everything  # papermill's own note of them


def test_editions_never_share_a_folder_whoever_the_reports_are_about(world):
    run(world, edition="customer", customers=("C001",))
    with pytest.raises(ParameterError, match="holds reports of the customer edition"):
        run(world, customers=("C002",))
    assert not (world / "out/C002").exists()


def test_figures_of_another_edition_that_a_folder_remembers_keep_it_from_the_customer(world):
    run(world)
    for customer in ("C001", "C002", "C003"):
        shutil.rmtree(world / "out" / customer)
    with pytest.raises(ParameterError, match="history has key figures of the internal edition"):
        run(world, edition="customer")
    assert len(run(world).done) == 3


@pytest.mark.parametrize("place", ["source", "source/cases", "out", "out/C001", "."])
def test_a_snapshot_lies_apart_from_source_and_reports(world, place):
    before = files(world / "source")
    with pytest.raises(ParameterError, match="--snapshot needs a separate folder"):
        run(world, options=replace(OPTIONS, snapshot=str(world / place)))
    assert files(world / "source") == before and not (world / "out").exists()


def test_a_snapshot_is_a_source_of_the_same_batch(world):
    run(world, options=replace(OPTIONS, snapshot=str(world / "kept")))
    request = Request(str(world / "kept"), str(world / "out"), AS_OF, notebooks=(str(world / "plan.ipynb"),))
    assert list(to_do(plan(request))) == []


def test_a_report_keeps_its_data_when_another_one_of_the_customer_cannot_be_made(world):
    typed = PARAMETERS.replace("customer: str", 'customer: Literal["C001"]')
    saved(world / "typed.ipynb", "1", parameters="from typing import Literal\n" + typed)
    saved(world / "plan.ipynb", "import time\ntime.sleep(1)", SHOWS_NAME)
    summary = run(world, "typed", "plan", options=Options(workers=4, timeout=60))
    assert {(entry.customer_id, entry.notebook) for entry in summary.failed} == {
        ("C002", "typed"), ("C003", "typed"),
    }  # fmt: skip


def test_when_the_batch_breaks_its_kernels_end_at_once(world):
    saved(world / "plan.ipynb", "import time\ntime.sleep(0 if customer == 'C001' else 50)")

    def breaks(total, entry):
        if entry:
            raise BrokenPipeError("nobody listens")

    started = time.monotonic()
    with pytest.raises(BrokenPipeError):
        batch.run(planned(world), OPTIONS, progress=breaks)
    assert time.monotonic() - started < 40


def test_a_worker_that_comes_too_late_leaves_the_report_alone(world):
    run(world)
    (job, *_) = planned(world).jobs
    page = world / "out/C001/plan.html"
    before = page.read_text()
    site = worker.Site(str(world / "out"), str(world / "gone/C001.arrow"), None, 60, is_remote=True)
    with pytest.raises(StoppedError):
        worker.make_report(job, site)
    assert page.read_text() == before


def test_a_long_reason_is_cut(world):
    saved(world / "plan.ipynb", "raise ValueError('x ' * 50_000)")
    assert all(len(entry.error) <= MOST_TOLD for entry in run(world).failed)


def test_a_helper_that_cannot_be_read_is_named(world):
    (world / "helper.py").write_bytes(b"# \xe9")
    with pytest.raises(VsToolkitError, match=r"helper\.py, which lies beside the notebook"):
        planned(world)


def test_files_that_a_killed_batch_had_not_finished_are_removed(world):
    draft = world / "out" / "C001" / ".plan.html.4f2a.part"
    draft.parent.mkdir(parents=True)
    draft.write_text("half of")
    run(world, customers=("C002",))
    assert not draft.exists()


def test_what_was_mended_or_is_gone_leaves_no_failed_row(world):
    saved(world / "impact.ipynb", SHOWS_NAME, "data.case(case).title", parameters=WITH_CASE)
    for customer in ("C001", "C002"):
        write_case(world / "source", customer)
    bad = write_case(world / "source", "C003", ("customer_wacc: 9%", "customer_wacc: 8"))
    run(world, "impact")
    assert status(world)["C003"] == "failed"
    bad.unlink()
    run(world, "impact")
    assert status(world) == {"C001": "ok", "C002": "ok"}
    assert not list((world / "out/C003").glob("impact*"))


def test_a_parameter_for_one_run_makes_no_other_report_stale(world):
    saved(world / "impact.ipynb", SHOWS_NAME, "data.case(case).title", parameters=WITH_CASE)
    for customer in ("C001", "C002"):
        write_case(world / "source", customer)
    run(world, "impact")
    narrowed = planned(world, "impact", parameters={"case": "C001-01"})
    assert {row["status"] for row in index_rows(narrowed, entries(world))} == {"ok"}


def test_a_broken_case_that_is_asked_for_is_not_called_unknown(world):
    saved(world / "impact.ipynb", "1", parameters=WITH_CASE)
    write_case(world / "source", "C001")
    write_case(world / "source", "C002", ("customer_wacc: 9%", "customer_wacc: 8"))
    with pytest.raises(ParameterError, match=r"case C002-01 cannot be used(.|\n)*8 would be 800 %"):
        planned(world, "impact", parameters={"case": "C002-01"})


def test_a_notebook_with_nobody_to_report_on_is_told(world):
    saved(world / "impact.ipynb", "1", parameters=WITH_CASE)
    saved(world / "funnel.ipynb", "1", parameters='as_of: str = "2026-06-30"  # date; seen from')
    with pytest.raises(ParameterError, match="no customer has a business case dated 2026-06-30 or earlier"):
        planned(world, "impact")
    with pytest.raises(
        ParameterError, match="funnel: no report to create, because it is an internal report on the company"
    ):
        planned(world, "funnel", edition="customer")
    assert [job.name for job in planned(world, "funnel").jobs] == ["_company/funnel"]


def test_a_notebook_without_a_customer_edition_is_named_as_such(world):
    path = saved(world / "npv.ipynb", "1")
    node = nbformat.read(path, as_version=4)
    for cell in node.cells:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "internal"]
    nbformat.write(node, path)
    with pytest.raises(ParameterError, match="all its cells are internal: it has no customer edition"):
        planned(world, "npv", edition="customer")


def test_a_kernel_is_given_its_customer_only(world):
    source = SHOWS_NAME.replace("open_customer(customer", "open_customer('C003'")
    saved(world / "plan.ipynb", source)
    run(world)
    assert status(world) == {"C001": "failed", "C002": "failed", "C003": "ok"}
    assert "this report may open customer 'C001' only" in (world / "out/C001/plan.json").read_text()


def test_hostile_ids_stay_in_the_folder(tmp_path):
    ids = {"../../x": "a", "<script>alert(1)</script>": "b", "CON": "c", "con": "d", "=HYPERLINK(1)": "e"}
    write_company(tmp_path / "source", **ids)
    saved(tmp_path / "plan.ipynb", SHOWS_NAME)
    summary = run(tmp_path)
    assert not summary.failed and len(summary.done) == 5
    outside = {path.name for path in tmp_path.iterdir()} - {"source", "plan.ipynb", "out"}
    assert outside == set() and len(list((tmp_path / "out").glob("*/plan.html"))) == 5
    assert "<script>alert" not in (tmp_path / "out/index.html").read_text()


def test_a_key_figure_stated_wrongly_fails_its_report_and_not_the_index(world):
    wrong = "[{'name': 'x', 'value': '<b>', 'unit': '', 'label': 'X'}]"
    bundle = f"{{'application/vnd.vs-toolkit.key-figures+json': {wrong}, 'text/plain': ''}}"
    saved(world / "plan.ipynb", SHOWS_NAME, f"if customer == 'C002': display({bundle}, raw=True)")
    (failed,) = run(world).failed
    assert failed.customer_id == "C002" and "use reports.key_figures" in failed.error
    assert not (world / "out/C002/plan.html").exists() and (world / "out/index.html").exists()


def test_a_full_disk_fails_the_report_that_meets_it(world, monkeypatch):
    write = Folder.write

    def full(self, name, text):
        if name == "C002/plan.html":
            raise OSError(28, "No space left on device")
        write(self, name, text)

    monkeypatch.setattr(Folder, "write", full)
    (failed,) = run(world).failed
    assert (failed.customer_id, failed.error) == (
        "C002",
        "the report could not be written: OSError: [Errno 28] No space left on device",
    )
    assert "No space left on device" in (world / "out/index.html").read_text()


class LosesOne(Executor):
    """Runs at once, and loses the worker of one job."""

    def submit(self, function, job, site):
        future = Future()
        if job.recipient.customer_id == "C002":
            future.set_exception(RuntimeError("gone"))
        else:
            future.set_result(function(job, site))
        return future


def test_any_executor_will_do_and_a_lost_worker_is_a_row(world):
    summary = batch.run(planned(world), OPTIONS, LosesOne())
    assert [(entry.customer_id, entry.status) for entry in summary.failed] == [("C002", "failed")]
    assert summary.failed[0].error == "the worker was lost: RuntimeError: gone"


def test_partitions_are_removed_as_soon_as_they_are_not_needed(world, monkeypatch):
    seen = []

    def look(job, site):
        seen.append([path.name for path in Path(site.partition).parent.glob("*.arrow")])
        return worker.entry(job, "ok", 0.0)

    monkeypatch.setattr("vs_toolkit.batch.batch.make_report", look)
    batch.run(planned(world), Options(workers=1))
    assert len(seen) == 3 and all(len(names) <= 2 for names in seen)


def test_data_that_cannot_be_handed_over_fails_its_customer(world, monkeypatch):
    def full(writer, customer, url):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vs_toolkit.inputs.PartitionWriter.write", full)
    errors = {entry.error for entry in run(world).failed}
    assert errors == {"its data could not be written: [Errno 28] No space left on device"}


COMPANY = 'as_of: str = "2026-06-30"  # date\nresults: str = ""  # path; results.parquet'
STATES_SIZE = "reports.key_figures(size=(float(len(data.customer['name'])), '', 'Size'))"
ADDS_UP = """\
import pandas as pd
from vs_toolkit import reports
table = pd.read_parquet(results) if results else pd.DataFrame({"figure": [], "value": []})
total = float(table.loc[table["figure"] == "size", "value"].sum())
reports.key_figures(total=(total, "", "Total"))"""


def total(world):
    (entry,) = (entry for entry in entries(world) if entry.notebook == "base")
    return entry.figures["total"]["value"]


def test_a_company_report_reads_the_results_of_the_same_run_and_follows_them(world):
    saved(world / "plan.ipynb", SHOWS_NAME, STATES_SIZE)
    saved(world / "base.ipynb", ADDS_UP, parameters=COMPANY)
    run(world, "base", "plan")
    assert total(world) == 10 + 6 + 5  # letters of the three names
    assert not list(to_do(planned(world, "base", "plan")))
    write_company(world / "source", C001="First <b>&", C002="Second", C003="Thirteen")
    assert [job.name for job, _ in to_do(planned(world, "base", "plan"))] == ["C003/plan", "_company/base"]
    run(world, "plan", customers=("C003",))  # the company is not asked for
    assert total(world) == 21
    (why,) = (why for job, why in to_do(planned(world, "base", "plan")) if job.notebook.name == "base")
    assert why == "changed: data, results"
    rows = index_rows(planned(world, "base", "plan"), entries(world))
    assert {row["notebook"]: row["status"] for row in rows}["base"] == "stale"
    run(world, "base", "plan")
    assert total(world) == 10 + 6 + 8


def test_results_that_somebody_names_are_taken_and_none_are_waited_for(world):
    saved(world / "plan.ipynb", SHOWS_NAME, STATES_SIZE)
    saved(world / "base.ipynb", ADDS_UP, parameters=COMPANY)
    run(world, "plan")
    given = {"results": str(world / "out/results.parquet")}
    (job, *_) = (job for job, _ in to_do(planned(world, "base", "plan", parameters=given)))
    assert job.parameters["results"] == given["results"] and not job.reads_results


def test_a_file_that_a_parameter_names_is_found_from_here_and_followed(world, monkeypatch):
    shows = (
        "from pathlib import Path\nfrom vs_toolkit import reports\nreports.text(Path(process).read_text())"
    )
    named = 'as_of: str = "2026-06-30"  # date\nprocess: str = "ours"  # name or path; a process'
    saved(world / "lanes.ipynb", shows, parameters=named)
    (world / "mine.yaml").write_text("Mine, first")
    monkeypatch.chdir(world)
    given = {"parameters": {"process": "mine.yaml"}}
    run(world, "lanes", **given)
    assert "Mine, first" in (world / "out/_company/lanes.html").read_text()
    assert not list(to_do(planned(world, "lanes", **given)))
    (world / "mine.yaml").write_text("Mine, second")
    ((_, why),) = to_do(planned(world, "lanes", **given))
    assert why.startswith("changed: files")


def test_results_at_an_address_with_a_password_are_not_told_to_a_notebook(world):
    saved(world / "plan.ipynb", SHOWS_NAME, STATES_SIZE)
    saved(world / "base.ipynb", ADDS_UP, parameters=COMPANY)
    run(world, "plan", customers=("C001",))
    (job,) = (job for job in planned(world, "base").jobs if job.notebook.name == "base")
    assert informed(job, entries(world), str(world / "out")).parameters["results"].endswith("results.parquet")
    assert informed(job, entries(world), "memory://us:secret@host/out") == job
