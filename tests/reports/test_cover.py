"""The cover page of a customer: what its reports say now, what they said last time, and nothing more."""

import base64
import hashlib
import re

from tests.reports.rows import failed, figure, row
from vs_toolkit.reports.changes import Earlier
from vs_toolkit.reports.cover import cover_html

FIGURES = {"npv": figure(1.2e6), "irr": figure(0.31, "share", "Return"), "payback": figure(None, "", "Age")}
NPV, IRR, AGE = (("C1", "business_impact", "internal", name) for name in FIGURES)
LAST = {
    NPV: Earlier("2026-05-31", "Net present value", "EUR", "", 1e6),
    IRR: Earlier("2026-05-31", "Return", "share", "", 0.331),
    AGE: Earlier("2026-05-31", "Age", "", "", 3.0),
}


def cells(page):
    """Text of the cells of each row of the tables."""
    rows = page.partition("<tbody>")[2].split("</tr>")[:-1]
    return [re.findall(r">([^<>\n]+)</(?:bdi|td|small)>", text) for text in rows]


def test_figures_stand_with_last_time_and_signed_change():
    page = cover_html([row(figures=FIGURES)], LAST)
    assert '<th scope="col">30 Jun 2026</th>' in page and "Previous, 31 May 2026</th>" in page
    # 1.2m - 1.0m = +200k; 31.0% - 33.1% = -2.1 points; a missing age has no change
    assert cells(page)[:3] == [
        ["Net present value", "EUR 1.20m", "EUR 1.00m", "EUR +200k"],
        ["Return", "31.0%", "33.1%", "−2.1 points"],
        ["Age", "–", "3", "–"],
    ]


def test_days_of_last_time_stand_beside_the_figures_where_they_differ():
    older = LAST | {IRR: Earlier("2026-03-31", "Return", "share", "", 0.331)}
    page = cover_html([row(figures=FIGURES)], older)
    assert "Previous</th>" in page and "<small>31 Mar 2026</small>" in page


def test_without_last_time_nothing_is_compared():
    page = cover_html([row()], {})
    assert "There is no earlier report to compare with." in page
    assert "Change</th>" not in page and "Previous" not in page


def test_another_case_is_told_and_not_compared():
    last = {NPV: Earlier("2026-05-31", "Net present value", "EUR", "C1-01", 1e6)}
    page = cover_html([row(figures={"npv": figure(1.2e6, about="C1-02")})], last)
    assert "About C1-02" in page
    assert "Not compared with the previous report, as of 31 May 2026: it is about C1-01." in page
    assert "+200 k" not in page and "Change</th>" not in page


def test_another_currency_is_told_and_not_compared():
    last = {NPV: Earlier("2026-05-31", "Net present value", "USD", "", 1e6)}
    page = cover_html([row()], last)
    assert "as of 31 May 2026: it has other key figures." in page and "1.00 M" not in page


def test_failed_reports_stand_first_with_reason_and_what_there_is():
    bad = failed("C1", "Acme", notebook="customer_plan", href="C1/customer_plan.failed.ipynb")
    page = cover_html([row(), bad], {})
    assert page.index("Customer plan: timed out.") < page.index(">Business impact</a>")
    assert "over 60 s" in page and 'href="./customer_plan.failed.ipynb"' in page
    assert page.count("EUR 1.20m") == 1  # of the finished one only


def test_a_stale_report_and_one_of_an_earlier_day_are_marked():
    other = row(notebook="customer_plan", status="stale", as_of="2026-05-31", href="C1/customer_plan.html")
    page = cover_html([row(), other], {})
    assert "stale: input has changed since" in page and "As of 31 May 2026</bdi>" in page
    assert "as of 30 Jun 2026" in page


def test_the_whole_company_has_one_too():
    page = cover_html([row("", "", notebook="funnel_calibration")], {})
    assert "<h1><bdi>Company</bdi></h1>" in page


def test_only_the_internal_edition_leads_to_all_customers():
    assert 'href="../index.html"' in cover_html([row()], {})
    assert "../" not in cover_html([row(edition="customer")], {})


def test_outside_text_is_escaped_and_isolated():
    hostile = failed("<b>", "\u202e<script>x</script>", error="<img src=x>", href='C1/"><script>.ipynb')
    labelled = row("<b>", figures={"x": figure(1.0, "<i>", "<u>", about="<s>")}, href="C1/javascript:x")
    page = cover_html([hostile, labelled], {})
    assert not re.search("<script|<img|<i>|<u>|<s>|<b>[^A-Z]", page)
    assert "<bdi>\u202e&lt;script&gt;x&lt;/script&gt;</bdi>" in page
    assert 'href="./javascript%3Ax"' in page


def test_nothing_but_the_page_s_own_style_is_let_in():
    page = cover_html([row()], LAST)
    style = re.search(r"<style>(.*)</style>", page, flags=re.S)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in page
    assert re.findall(r'\b(?:src|style)="|url\(|@import|<script', page) == []
