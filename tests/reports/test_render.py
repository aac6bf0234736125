"""The page: no code, no script, no network, nothing a reader should not see."""

import re
from base64 import b64encode
from hashlib import sha256

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from vs_toolkit import reports
from vs_toolkit.errors import ParameterError
from vs_toolkit.reports import cleaning
from vs_toolkit.reports.contents import Contents, plain


def shown(html: str, **metadata: object):
    output = new_output("display_data", {"text/html": html})
    return new_code_cell("secret = 1", metadata=metadata, outputs=[output])


NOTEBOOK = new_notebook(
    cells=[
        new_markdown_cell("# Worth it?\n\nA [link](#x)."),
        new_code_cell("wacc: float = 0.09", metadata={"tags": ["parameters"]}),
        new_code_cell("wacc = 0.08", metadata={"tags": ["injected-parameters"]}),
        shown("<p>4.2 M EUR</p>"),
        shown("<p>floor 1.1 M EUR</p>", tags=["internal"]),
        new_code_cell("f()", outputs=[new_output("stream", name="stderr", text="/home/x: UserWarning")]),
        new_code_cell("reports.key_figures()", outputs=[
            new_output("display_data", reports.key_figures(npv=(4.2e6, "EUR", "NPV"))._repr_mimebundle_())]),
    ]
)  # fmt: skip


def test_the_page_shows_results_but_neither_code_nor_parameters_nor_warnings():
    page = reports.render_html(NOTEBOOK, "Case", contents=Contents(internal=False))
    assert "4.2 M EUR" in page
    for hidden in ("secret", "wacc", "UserWarning", "<script", "key figures"):
        assert hidden not in page


def test_the_page_needs_no_network_and_forbids_scripts():
    page = reports.render_html(NOTEBOOK, "Case")
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"|url\((?!#)|@import', page) == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_the_title_is_escaped():
    assert "<title>&lt;b&gt; &amp;</title>" in reports.render_html(NOTEBOOK, "<b> &")


def test_an_error_is_shown_as_a_sentence_and_not_as_a_traceback():
    error = new_output("error", ename="InputError", evalue="no <wacc>", traceback=["/home/x/run.py line 3"])
    page = reports.render_html(new_notebook(cells=[new_code_cell("f()", outputs=[error])]), "Case")
    assert "InputError: no &lt;wacc&gt;" in page and "run.py" not in page


def test_rendering_changes_nothing_in_the_notebook():
    before = NOTEBOOK.copy()
    reports.render_html(NOTEBOOK, "Case")
    assert before == NOTEBOOK


def test_the_customer_edition_has_no_internal_cell_and_no_old_output():
    cut = reports.cut_for_edition(NOTEBOOK, "customer")
    assert len(cut.cells) == len(NOTEBOOK.cells) - 1
    assert "floor" not in str(cut) and "4.2 M" not in str(cut)


def test_the_internal_edition_keeps_every_cell_and_leaves_the_original_alone():
    assert len(reports.cut_for_edition(NOTEBOOK, "internal").cells) == len(NOTEBOOK.cells)
    assert NOTEBOOK.cells[3].outputs


def test_an_unknown_edition_is_refused():
    with pytest.raises(ParameterError, match="no edition 'public'"):
        reports.cut_for_edition(NOTEBOOK, "public")


def test_key_figures_are_read_back_from_the_file_in_their_order():
    stated = reports.key_figures(npv=(4.2e6, "EUR", "NPV"), irr=(0.2, "share", "IRR"))._repr_mimebundle_()
    stored = new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", stated)])])
    figures = reports.read_key_figures(nbformat.reads(nbformat.writes(stored), as_version=4))
    assert list(figures) == ["npv", "irr"]
    assert figures["npv"] == {"value": 4.2e6, "unit": "EUR", "label": "NPV"}


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_a_missing_key_figure_is_null_and_not_zero(missing):
    assert reports.key_figures(irr=(missing, "share", "IRR")).figures["irr"]["value"] is None


def test_what_is_no_text_is_shown_as_such_and_the_page_can_be_written():
    stream = new_output("stream", name="stdout", text="a\x00b\ud800c\x1b[31md")
    page = reports.render_html(new_notebook(cells=[new_code_cell("f()", outputs=[stream])]), "\x07")
    assert "a\ufffdb\ufffdc" in page and "<title>\ufffd</title>" in page
    assert not re.search("[\x00-\x08\x0b-\x1f]", page) and page.encode()


def test_the_policy_names_the_style_of_the_page_and_no_other():
    page = reports.render_html(NOTEBOOK, "Case")
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    (named,) = re.findall("style-src-elem '(sha256-[^']*)'", page)
    assert named == "sha256-" + b64encode(sha256(style.encode()).digest()).decode()


MIME = "application/vnd.vs-toolkit.key-figures+json"
RIGHT = {"name": "npv", "value": 1, "unit": "EUR", "label": "NPV"}


@pytest.mark.parametrize(
    "stated",
    [
        5,
        "x",
        [5],
        [{"name": "npv"}],
        [RIGHT | {"value": "<b>"}],
        [RIGHT | {"unit": 5}],
        [RIGHT | {"label": None}],
    ],
)
def test_a_key_figure_that_no_index_could_show_is_refused(stated):
    def notebook(figures):
        return new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", {MIME: figures})])])

    assert list(reports.read_key_figures(notebook([RIGHT]))) == ["npv"]
    with pytest.raises(ValueError, match=r"use reports\.key_figures"):
        reports.read_key_figures(notebook(stated))


def test_an_edition_for_the_customer_shows_no_error_and_an_internal_one_its_messages():
    error = new_output("error", ename="ValueError", evalue="margin of 12%", traceback=[])
    node = new_notebook(cells=[*NOTEBOOK.cells, new_code_cell("f()", outputs=[error])])
    theirs = reports.render_html(node, "Case", contents=Contents(internal=False))
    ours = reports.render_html(node, "Case", contents=Contents(internal=True))
    assert "margin of" not in theirs and "UserWarning" not in theirs
    assert "margin of 12%" in ours and "<summary>Messages of the notebook (1)</summary>" in ours


@pytest.mark.parametrize("piece", ["#a,", "#a{color:red}", "#a{", "a}", ",,"])
def test_a_style_sheet_of_any_length_is_read_once(piece, monkeypatch):
    """Work is counted, not time: how many pieces of text are joined for twice as long a sheet."""
    counts = []
    for length in (2_000, 4_000):
        looks = cleaning._looks(piece * length + "{color:red}")
        counts.append(sum(len(style) for styles in looks.values() for style in styles))
    assert counts[1] <= 2 * counts[0] + 100


@pytest.mark.parametrize("piece", ["\x1b[32ma\x1b[0m", "a\r", "ab\rc", "\x1b[", "\x1b]0;t", "\b"])
def test_text_of_a_terminal_is_read_once(piece):
    """Each character is shown at most once, however often a line is written over."""
    assert len(plain(piece * 10_000)) <= len(piece) * 10_000
