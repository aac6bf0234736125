"""The entry page of a batch."""

import re

from vs_toolkit.reports.index import index_html, write_index


def row(customer="C1", name="Acme", **changes):
    return {
        "customer_id": customer, "customer_name": name, "notebook": "business_impact", "edition": "internal",
        "status": "ok", "seconds": 1.25, "error": "", "as_of": "2026-06-30",
        "figures": {"npv": {"value": 1.2e6, "unit": "EUR", "label": "Net present value"}},
        "href": f"{customer}/business_impact.html",
    } | changes  # fmt: skip


def test_key_figures_are_columns_and_reports_are_links():
    page = index_html([row()], "Reports")
    assert '<th scope="col">Net present value</th>' in page
    assert 'data-sort="1200000.0">1.20 M EUR</td>' in page
    assert '<a href="./C1/business_impact.html">internal</a>' in page


def test_failures_stand_first_with_reason_and_partial_notebook():
    failed = row("C2", "Bolt", status="timed out", error="over 60 s", figures={}, href="C2/part.ipynb")
    page = index_html([row(), failed], "Reports")
    assert page.index("Bolt") < page.index("Acme")
    assert "timed out" in page and "over 60 s" in page and "./C2/part.ipynb" in page


def test_a_stale_report_is_marked_and_is_no_failure():
    page = index_html([row(status="stale")], "Reports")
    assert "To be mended" not in page and '<b class="badge old">stale</b>' in page


def test_editions_of_one_customer_share_a_line_and_figures_missing_are_dashes():
    page = index_html([row(), row(edition="customer"), row("C2", "Bolt", figures={})], "Reports")
    body = page.partition("<tbody>")[2]
    assert body.count("<tr>") == 2
    assert 'data-sort="">–</td>' in body


def test_a_report_on_the_whole_company_has_its_own_section():
    company = row(None, None, notebook="funnel_calibration", href="_company/funnel_calibration.html")
    page = index_html([row(), company], "Reports")
    assert "<h2>Funnel calibration</h2>" in page and "Whole company" in page and "1 customer ·" in page


def test_outside_text_is_escaped_and_links_stay_inside_the_batch():
    hostile = row('"><script>', "<script>x</script>", status="failed", error="<img src=x>")
    page = index_html([hostile | {"href": "javascript:alert(1)"}], "<b>")
    assert page.count("<script") == 1 and "<img" not in page
    assert 'href="./javascript%3Aalert%281%29"' in page


def test_only_the_page_s_own_script_may_run_and_nothing_is_loaded():
    page = index_html([row()], "Reports")
    assert re.search(r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'", page)
    assert re.findall(r'\b(?:src|style)="', page) == []


def test_the_index_is_written_whole(tmp_path):
    path = write_index(tmp_path, [row()])
    assert [file.name for file in tmp_path.iterdir()] == ["index.html"]
    assert path.read_text().endswith("</html>")
