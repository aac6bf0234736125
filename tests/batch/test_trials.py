"""Notebooks of all kinds: what a batch cannot do is said, and its status never lies."""

import base64
import json
import logging
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.batch.company import write_company
from tests.batch.conftest import code_stays_as_it_is  # noqa: F401
from tests.test_cli import call

CUSTOMER = 'customer: str = "C001"  # id'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="First")
    return tmp_path


def write(world, *cells, parameters=CUSTOMER, tag="parameters", metadata=None, name="trial"):
    first = new_code_cell(parameters, metadata={"tags": [tag] if tag else []})
    made = [cell if isinstance(cell, dict) else new_code_cell(cell) for cell in cells]
    node = new_notebook(cells=[first, *made], metadata=metadata or {})
    path = world / f"{name}.ipynb"
    nbformat.write(node, path)
    return path


def run(world, *more, name="trial", out="out"):
    where = ["--source", world / "source", "--out", world / out, "--as-of", "2026-06-30"]
    return call("run", world / f"{name}.ipynb", *where, *more)


def page(world, out="out"):
    return (world / out / "C001" / "trial.html").read_text()


def entry(world, out="out"):
    return json.loads((world / out / "C001" / "trial.json").read_text())


BREAKS = {
    "attachment": new_markdown_cell("![a](attachment:missing.png)"),
    "mime": "from IPython.display import display\ndisplay({'text/html': 5}, raw=True)\nprint('AFTER')",
    "figures": "from IPython.display import display\n"
    "display({'application/vnd.vs-toolkit.key-figures+json': [{'name': 1}]}, raw=True)",
}


@pytest.mark.parametrize("kind", ["attachment", "mime", "figures", "page"])
def test_a_report_that_breaks_late_is_a_failed_entry_without_its_older_page(world, kind, monkeypatch):
    write(world, "print('OLD')")
    assert run(world)[0] == 0 and "OLD" in page(world)
    write(world, BREAKS.get(kind, "print('NEW')"))
    if kind == "page":
        monkeypatch.setattr("vs_toolkit.batch.worker.render_html", lambda *_: 1 / 0)
    code, said = run(world)
    assert code == 1 and "1 failed" in said
    assert not (world / "out/C001/trial.html").exists()
    assert (world / "out/C001/trial.failed.ipynb").exists()
    assert entry(world)["status"] == "failed" and entry(world)["error"]
    assert call("status", world / "out")[0] == 1
    monkeypatch.undo()
    write(world, "print('MENDED')")
    assert "1 report created" in run(world, "--only-failed")[1]
    assert call("status", world / "out")[0] == 0


def test_a_failure_whose_entry_cannot_be_written_is_known_to_status(world, monkeypatch):
    from vs_toolkit.batch.folder import Folder

    write(world, "print('OLD')")
    run(world)
    put = Folder.write

    def full(self, name, content):
        if name.startswith("C001/trial"):
            raise OSError(28, "No space left on device")
        put(self, name, content)

    monkeypatch.setattr(Folder, "write", full)
    assert run(world, "--force")[0] == 1
    monkeypatch.undo()
    code, said = call("status", world / "out")
    assert code == 1 and "No space left on device (not in the ledger)" in said and "\nok:" not in said
    state = json.loads(call("status", world / "out", "--json")[1])
    assert [one["customer_id"] for one in state["failed"]] == ["C001"]
    assert "1 report created" in run(world)[1]  # its older page is gone


def test_a_cell_that_is_meant_to_fail_does_not_stop_the_report(world):
    meant = new_code_cell("1/0", metadata={"tags": ["raises-exception"]})
    write(world, meant, "print('AFTER')", "x = 2")
    assert run(world)[0] == 0 and "AFTER" in page(world) and "ZeroDivisionError" in page(world)
    run(world, "--edition", "customer", out="theirs")
    assert "ZeroDivisionError" not in page(world, "theirs")
    write(world, meant, "raise ValueError('really')", "x = 2")
    assert "ValueError: really (cell: raise ValueError('really'))" in run(world)[1]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("%nosuchmagic foo", "Line magic function `%nosuchmagic` not found"),
        ("raise ValueError('E' * 6000)", "ValueError: EEEE"),
        ("raise KeyError()", "KeyError (cell: raise KeyError())"),
        ("x = 1\nraise KeyboardInterrupt", "KeyboardInterrupt (cell: x = 1)"),
        ("import sys\nsys.exit(0)", "the notebook stopped itself: SystemExit: 0"),
    ],
)
def test_the_reason_and_the_cell_are_always_named(world, source, told):
    write(world, source)
    code, said = run(world)
    assert code == 1 and told in said
    error = entry(world)["error"]
    assert error == "" or len(error) <= 5_000
    if "6000" in source:
        assert len(error) == 5_000


NOISE = """\
import asyncio, atexit, ctypes, logging, os, subprocess, sys, threading, warnings
os.write(1, b"\\x1b]0;NOISE-1\\x07"), os.write(2, b"NOISE-2\\n")
_ = subprocess.run("echo NOISE-3; echo NOISE-4 >&2", shell=True)
_ = ctypes.CDLL(None).puts(b"NOISE-5"), ctypes.CDLL(None).fflush(None)
logging.getLogger().error("NOISE-6"), warnings.warn("NOISE-7")
_ = asyncio.get_event_loop().create_task(asyncio.sleep(1000, "NOISE"))
threading.Thread(target=lambda: 1 / 0, name="NOISE-8").start()
_ = atexit.register(os.write, 2, b"NOISE")"""


def test_a_failure_is_one_line_of_stderr_and_other_noise_never_reaches_it(world, caplog, capfd):
    write(world, NOISE, "raise ValueError('a\\x1b[2J\\nb')")
    code, said = run(world)
    told = said + "".join(capfd.readouterr())
    assert code == 1 and "NOISE" not in told.replace(NOISE, "") and "\x1b" not in told
    (line,) = (one for one in told.splitlines() if "trial:" in one)
    assert line.startswith("failed: C001 trial: ValueError: a (and 1 more line)")
    assert "Task was destroyed" not in told
    assert not [record for record in caplog.records if record.levelno < logging.WARNING]
    partial = (world / "out/C001/trial.failed.ipynb").read_text()
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(partial)["cells"]])
    assert "NOISE-6" in outputs and "NOISE-7" in outputs  # what goes past Python comes when it comes


SCRIPTED = {
    "plotly": (
        "display({'application/vnd.plotly.v1+json': {'data': [], 'layout': {}}}, raw=True)",
        "interactive chart (Plotly)",
    ),
    "altair": (
        "display({'application/vnd.vegalite.v6.json': {'mark': 'bar'}}, raw=True)",
        "interactive chart (Altair)",
    ),
    "widget": (
        "display({'application/vnd.jupyter.widget-view+json': {}, 'text/plain': 'I'}, raw=True)",
        "interactive widget",
    ),
    "bokeh": (
        "display({'application/vnd.bokehjs_exec.v0+json': '', 'text/html': ''}, raw=True)",
        "interactive chart (Bokeh)",
    ),
    "script": ("display(HTML('<div id=c></div><script>draw(1)</script>'))", "content that needs a script"),
    "folium": (
        "display(HTML('<p>Make this Notebook Trusted to load map</p><iframe srcdoc=x></iframe>'))",
        "map or page in a frame",
    ),
    "echarts": (
        "display(HTML('<div id=c></div><script>echarts.init()</script>'))",
        "interactive chart (ECharts)",
    ),
}


@pytest.mark.parametrize("kind", SCRIPTED)
def test_what_only_a_script_can_show_is_told_in_the_page_and_on_stderr(world, kind):
    source, what = SCRIPTED[kind]
    write(world, f"from IPython.display import HTML, display\n{source}\nprint('AFTER')")
    code, said = run(world)
    assert code == 0 and f"C001 trial: code cell 2: {what} not shown" in said
    assert f"Not shown on this page: {what}." in page(world) and "AFTER" in page(world)
    assert entry(world)["remarks"] == [f"code cell 2: {what} not shown"]


def test_a_picture_stands_for_an_interactive_chart_where_there_is_one(world):
    data = "{'application/vnd.plotly.v1+json': {}, 'image/svg+xml': '<svg><rect width=\"1\"/></svg>'}"
    write(world, f"from IPython.display import display\ndisplay({data}, raw=True)")
    code, said = run(world)
    assert code == 0 and "not shown" not in said and "<rect" in page(world)


def test_a_chart_is_drawn_by_its_own_library_if_it_is_installed(monkeypatch):
    from vs_toolkit.reports import contents

    drawn = SimpleNamespace(vegalite_to_svg=lambda spec: f"<?xml?><svg><title>{spec['mark']}</title></svg>")
    monkeypatch.setitem(sys.modules, "vl_convert", drawn)
    monkeypatch.setattr(contents, "find_spec", lambda name: name == "vl_convert")
    assert (
        contents._static({"application/vnd.vegalite.v5+json": {"mark": "bar"}})
        == "<svg><title>bar</title></svg>"
    )
    assert contents._static({"application/vnd.plotly.v1+json": {}}) == ""


def test_pictures_beside_the_notebook_and_attached_ones_are_embedded(world):
    (world / "img").mkdir()
    (world / "img/logo.png").write_bytes(PNG)
    (world.parent / "secret.png").write_bytes(PNG + b"secret")
    cell = new_markdown_cell(
        '![logo](img/logo.png)\n\n<img src="img/logo.png" width="40">\n\n'
        '<img src="attachment:a.png" width="41">\n\n'
        "![gone](img/gone.png)\n\n![out](../secret.png)\n\nend",
        attachments={"a.png": {"image/png": base64.b64encode(PNG).decode()}},
    )
    write(world, cell)
    code, said = run(world)
    data = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert code == 0 and page(world).count(f'src="{data}"') == 3 and 'width="41"' in page(world)
    assert "picture img/gone.png not shown" in said and "picture ../secret.png not shown" in said
    assert "end" in page(world) and "gone" in page(world)


def test_warnings_are_shown_in_the_internal_edition_only(world):
    write(world, "import warnings\nwarnings.warn('only 3 of 40 rows read')\nprint('42')")
    run(world)
    assert "<details" in page(world) and "only 3 of 40 rows read" in page(world)
    run(world, "--edition", "customer", out="theirs")
    assert "rows read" not in page(world, "theirs") and "42" in page(world, "theirs")


def test_formulas_tasks_and_progress_are_shown_as_in_jupyterlab(world):
    text = "$$NPV=\\sum_t \\frac{C_t}{(1+r)^t}$$\n\n- [ ] open\n- [x] done\n\nIt costs $5 or $10.\n\n"
    text += "A claim[^1]\n\n[^1]: its source"
    write(
        world, new_markdown_cell(text), "print('10 %\\r100 %')\nfrom IPython.display import Math\nMath('x^2')"
    )
    assert run(world)[0] == 0
    shown = page(world)
    assert 'alt="NPV=\\sum_t \\frac{C_t}{(1+r)^t}"' in shown and 'alt="x^2"' in shown
    assert "☐ open" in shown and "☑ done" in shown and "$5 or $10" in shown
    assert "100 %" in shown and "10 %\r" not in shown and ">10 %" not in shown
    assert "its source" in shown


def test_a_default_that_is_computed_follows_the_parameter(world):
    cell = f"{CUSTOMER}\nprice: float = 100.0\ngross = price * 1.24\nnet: float = price * 0.9"
    write(world, "print('gross', gross, 'net', net)", parameters=cell)
    assert run(world, "-p", "price=200")[0] == 0 and "gross 248.0 net 180.0" in page(world)


def test_what_cannot_be_set_says_why(world):
    write(world, "print(a, b)", parameters=f"{CUSTOMER}\na, b = 1, 2\nif True:\n    c = 3")
    assert "a cannot be set: several names are assigned at once" in run(world, "-p", "a=5")[1]
    assert "c cannot be set: it is assigned within another statement" in run(world, "-p", "c=5")[1]


@pytest.mark.parametrize(
    "parameters",
    [
        'customer: str = "C001"  # customer id | see CRM',
        f"{CUSTOMER}\nshare: float = 5.0  # fractional ownership in percent",
        f"%matplotlib inline\n{CUSTOMER}",
    ],
)
def test_comments_that_are_prose_and_lines_for_ipython_are_no_trouble(world, parameters):
    write(world, "print('fine')", parameters=parameters)
    assert run(world)[0] == 0 and "fine" in page(world)


def test_a_tag_that_is_misspelt_or_forgotten_is_said(world):
    write(world, "1", tag="Parameters")
    code, said = run(world)
    assert code == 2 and "a cell is tagged 'Parameters'; the tag is written 'parameters'" in said
    write(world, "1", tag="")
    code, said = run(world)
    assert (
        code == 0 and "trial.ipynb: no cell is tagged parameters: it makes one report, on the company" in said
    )
    write(world, "1", parameters='cust: str = "C001"')
    assert "no parameter is called customer (there is cust)" in run(world, out="other")[1]


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"kernelspec": {"name": "synapse_pyspark", "display_name": "S", "language": "Python"}}, 0),
        ({"kernelspec": {"name": "bash", "display_name": "Bash"}, "language_info": {"name": "bash"}}, 1),
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, 1),
    ],
)
def test_languages_are_recognised_whatever_their_case_and_by_language_info(world, metadata, code):
    write(world, "1", metadata=metadata)
    assert run(world, "--dry-run")[0] == code


SECRET = "S3CRET<&>tok"


def everything(folder):
    return "".join(
        p.read_bytes().decode("utf-8", "replace") for p in sorted(folder.rglob("*")) if p.is_file()
    )


def test_no_value_of_a_parameter_stands_in_a_customer_edition_that_failed(world):
    source = "def f(t): raise ValueError('bad token ' + t)\nf(token)"
    write(world, source, parameters=f'{CUSTOMER}\ntoken: str = ""')
    code, said = run(world, "--edition", "customer", "-p", f"token={SECRET}")
    assert code == 1 and SECRET in said  # whoever runs it needs the reason
    assert "S3CRET" not in everything(world / "out")
    assert entry(world)["error"] == "ValueError (code cell 2 of 2)"
    run(world, "-p", f"token={SECRET}", out="internal")
    assert f"bad token {SECRET}" in entry(world, "internal")["error"]


def test_the_value_of_a_secret_parameter_stands_nowhere(world):
    write(
        world,
        "from IPython.display import HTML\nprint(token)\nHTML(f'<p>{token}</p>')",
        "raise ValueError(repr(token)) if 'fail' in token else 0",
        parameters=f'{CUSTOMER}\ntoken: str = ""  # secret; opens the CRM',
    )
    for value in (SECRET, f"{SECRET} fail"):
        said = run(world, "-p", f"token={value}")[1]
        assert "S3CRET" not in said and "S3CRET" not in everything(world / "out")
    assert "•••" in everything(world / "out")


def test_a_report_is_stale_when_what_its_notebook_read_beside_itself_has_changed(world):
    (world / "pkg").mkdir()
    (world / "pkg/__init__.py").write_text("V = 'ONE'")
    (world / "data.csv").write_text("a\n1\n")
    write(world, "z = 'ZONE'", name="other")
    write(
        world,
        "import pkg; print(pkg.V)\nname = 'da' + 'ta.csv'\nprint(open(name).read())",
        "%run other.ipynb\nprint(z)",
    )
    assert run(world)[0] == 0 and {"pkg/__init__.py", "data.csv", "other.ipynb"} <= set(entry(world)["read"])
    assert "1 up to date" in run(world)[1]
    for name, content in {"pkg/__init__.py": "V = 'TWO'", "data.csv": "a\n2\n"}.items():
        (world / name).write_text(content)
        assert f"C001/trial  (changed: {name})" in run(world, "--dry-run")[1]
        assert "1 report created" in run(world)[1]
    assert "TWO" in page(world)
    write(world, "z = 'OTHER'", name="other")
    run(world)
    assert "OTHER" in page(world)


def test_other_packages_make_reports_stale(world, monkeypatch):
    write(world, "1")
    run(world)
    monkeypatch.setattr("vs_toolkit.batch.plan.packages_digest", lambda: "others")
    assert "C001/trial  (changed: packages)" in run(world, "--dry-run")[1]


def test_a_page_counts_in_the_time_of_its_report(world, monkeypatch):
    from vs_toolkit.reports import contents

    write(world, "print('x')")
    monkeypatch.setattr(contents, "time", SimpleNamespace(monotonic=lambda: float("inf")))
    code, said = run(world)
    assert code == 1 and "timed out: C001 trial: the page took longer than the 600 s of the report" in said


def test_the_record_of_a_run_suffices_for_monitoring(world):
    write_company(world / "source", C001="First", C002="Second")
    write(world, "assert customer == 'C001', 'no data'")
    write(world, "1", parameters=f'{CUSTOMER}\ncase: str = ""', name="needs_case")
    assert run(world)[0] == 1
    record = json.loads((world / "out/run.json").read_text())
    assert record["counts"]["created"] == 1 and record["counts"]["failed"] == 1
    assert [(one["customer_id"], one["notebook"]) for one in record["failures"]] == [("C002", "trial")]
    assert {"reading", "reports", "total"} == set(record["seconds"]) and record["versions"]["python"]
    assert call("status", world / "out", "--json")[0] == 1


def test_customers_without_a_business_case_are_named(world):
    from tests.batch.company import write_case

    write_company(world / "source", C001="First", C002="Second", C003="Third")
    write_case(world / "source", "C002")
    write(world, "1", parameters=f'{CUSTOMER}\ncase: str = ""')
    assert run(world)[0] == 0
    assert "No business case: <bdi>C001</bdi>, <bdi>C003</bdi>." in (world / "out/index.html").read_text()
    assert "no business case for trial: C001, C003" in call("status", world / "out")[1]


def test_prune_keeps_the_newest_dates(world):
    dated = f'{CUSTOMER}\nas_of: str = "2026-06-30"  # date'
    write(world, "from vs_toolkit import reports\nreports.key_figures(a=(1.0, '', 'A'))", parameters=dated)
    for day in ("2026-04-30", "2026-05-31", "2026-06-30"):
        where = ["--source", world / "source", "--out", world / "out", "--as-of", day]
        assert call("run", world / "trial.ipynb", *where, "--snapshot", world / "snapshots" / day)[0] == 0
    partial = world / "out/C001/gone.failed.ipynb"
    partial.write_text("{}")
    code, said = call("prune", world / "out", "--keep", "1", "--dry-run")
    assert code == 0 and "3 items would be removed" in said and partial.exists()
    assert "3 items removed" in call("prune", world / "out", "--keep", "1")[1]
    assert "2 items removed" in call("prune", world / "snapshots", "--keep", "1")[1]
    assert not partial.exists() and (world / "out/C001/trial.html").exists()
    assert [path.name for path in (world / "out/history").iterdir()] == ["2026-06-30.parquet"]
    assert [path.name for path in (world / "snapshots").glob("2*")] == ["2026-06-30"]
