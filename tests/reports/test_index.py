"""The entry page of a batch."""

import re

from tests.reports.rows import failed, figure, row
from vs_toolkit.reports.changes import Earlier
from vs_toolkit.reports.index import index_html

NPV = ("C1", "business_impact", "internal", "npv")


def body(page, heading):
    """Rows of the table under a heading."""
    return page.partition(f">{heading}</h2>")[2].partition("<tbody>")[2].partition("</tbody>")[0]


def test_key_figures_are_columns_and_names_and_reports_are_links():
    page = index_html([row()])
    assert '<th scope="col">Net present value</th>' in page
    assert 'data-sort="1200000.0">EUR 1.20m</td>' in page
    assert '<a href="./C1/index.html"><bdi>Acme</bdi></a>' in page
    assert '<a href="./C1/business_impact.html">report</a>' in page
    assert 'href="results.csv"' in page and 'href="results.parquet"' in page


def test_columns_stand_in_the_order_of_the_fullest_report():
    npv, payback, loss = (
        figure(1.0),
        figure(2.0, "years", "Payback"),
        figure(0.1, "share", "Chance of a loss"),
    )
    first = row("C1", "Acme", figures={"npv": npv, "loss": loss})
    fuller = row("C2", "Bolt", figures={"npv": npv, "payback": payback, "loss": loss})
    page = index_html([first, fuller])
    labels = ["Net present value", "Payback", "Chance of a loss"]
    places = [page.index(f'<th scope="col">{label}</th>') for label in labels]
    assert places == sorted(places)


def test_failures_stand_first_with_reason_and_partial_notebook_and_claim_no_figures():
    page = index_html([row(), failed(figures={"npv": figure(7e6)})])
    assert page.index("Bolt") < page.index("Acme")
    mended = body(page, "Failed reports")
    assert "timed out" in mended and "over 60 s" in mended
    assert '<a href="./C2/business_impact.failed.ipynb">partial notebook</a>' in mended
    assert "EUR 7.00m" not in page


def test_a_long_reason_is_folded_and_a_short_one_is_not():
    page = index_html([failed(error="a\nb\nc\nd\ne")])
    assert "<summary>2 more lines</summary>" in page and ">a\nb\nc</bdi>" in page
    assert "<details>" not in index_html([failed(error="a\nb\nc\nd")])


def test_a_stale_report_is_marked_and_is_no_failure():
    page = index_html([row(status="stale")])
    assert "Failed reports" not in page and '<b class="badge old">stale</b>' in page
    assert '<tr data-state="stale">' in page


def test_what_is_missing_is_a_dash_and_sorts_as_missing():
    nothing = row("C2", "Bolt", figures={})
    null = row("C3", "Cog", figures={"npv": figure(None)})
    zero = row("C4", "Dot", figures={"npv": figure(0.0)})
    rows = body(index_html([row(), nothing, null, zero]), "Business impact").split("</tr>")
    assert ['data-sort="">–</td>' in text for text in rows[:4]] == [False, True, True, False]
    assert 'data-sort="0.0">EUR 0</td>' in rows[3]


def test_the_change_of_the_first_figure_is_a_column_if_anything_is_known_of_last_time():
    assert "Change since previous report" not in index_html([row()])
    last = {NPV: Earlier("2026-05-31", "Net present value", "EUR", "", 1e6)}
    page = index_html([row(), row("C2", "Bolt")], last)
    assert page.count("Change since previous report") == 1
    assert 'data-label="Change" data-sort="200000.0">EUR +200k</td>' in page
    assert 'data-label="Change" class="quiet" data-sort="">–</td>' in page


def test_another_currency_is_not_compared():
    dollars = {NPV: Earlier("2026-05-31", "Net present value", "USD", "", 1e6)}
    assert "Change since previous report" not in index_html([row()], dollars)


def test_a_report_on_the_whole_company_stands_before_the_long_lists():
    company = row("", "", notebook="funnel_calibration", href="_company/funnel_calibration.html")
    page = index_html([row(), company])
    assert page.index(">Funnel calibration</h2>") < page.index(">Business impact</h2>")
    assert "Company</bdi>" in page and "1 customer ·" in page


def test_days_are_told_apart_where_they_differ():
    assert "As of</th>" not in index_html([row()])
    page = index_html([row(), row("C2", "Bolt", as_of="2026-05-31")])
    assert "as of 31 May 2026 to 30 Jun 2026" in page
    assert 'data-sort="20260531">31 May 2026</td>' in page


def test_outside_text_is_escaped_and_isolated_and_links_stay_inside_the_batch():
    hostile = failed('"><script>', "<script>x</script>", error="<img src=x>", cover="//evil/index.html")
    labelled = row("C2", "\u202egnp", figures={"x": figure(1.0, "<i>", "<b>label")})
    page = index_html([hostile | {"href": "javascript:alert(1)"}, labelled], title="<b>")
    assert page.count("<script") == 1 and "<img" not in page and "<b>label" not in page and "<i>" not in page
    assert 'href="./javascript%3Aalert%281%29"' in page
    assert 'href=".///evil/index.html"' in page
    assert "<bdi>\u202egnp</bdi>" in page


def test_only_the_page_s_own_script_may_run_and_nothing_is_loaded():
    page = index_html([row(), failed()])
    assert re.search(r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'", page)
    assert re.findall(r'\b(?:src|style|onclick)="', page) == []


def test_a_folder_without_reports_has_an_index():
    assert "0 customers · 0 reports" in index_html([])
