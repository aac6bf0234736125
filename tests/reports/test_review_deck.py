"""One deck of a customer from those of its reports: at most ten slides, charts still editable."""

import io
import zipfile

import pytest

from tests.reports.test_sheets_and_deck import AS_OF, HOSTILE, shown
from vs_toolkit.reports.deck import deck

pptx = pytest.importorskip("pptx")
from vs_toolkit.reports.review_deck import Report, review_deck  # noqa: E402

FIGURES = {"npv": {"value": 1_200_000.0, "unit": "EUR", "label": "NPV"},
           "irr": {"value": None, "unit": "share", "label": "IRR"}}  # fmt: skip
assert shown  # a fixture


@pytest.fixture
def joined(shown):
    own = deck(shown, "Acme", AS_OF)
    return review_deck(
        "Acme", "as of 30 Jun 2026", [Report(t, own, FIGURES) for t in ("Impact", "Plan")], AS_OF
    )


def slides(content):
    return list(pptx.Presentation(io.BytesIO(content)).slides)


def test_findings_of_all_reports_come_in_turn_and_decisions_last(joined):
    titles = [slide.shapes.title.text for slide in slides(joined)]
    assert titles == [
        "Acme", "Key figures", "It does not pay", "It does not pay", "A is larger", "A is larger",
        "One", "One", "Decisions and next steps",
    ]  # fmt: skip
    told = [shape.text_frame.text for shape in slides(joined)[-1].shapes if not shape.is_placeholder]
    assert told[0].split("\n") == ["Impact: Decide by May.", "Impact: Ask.",
                                   "Plan: Decide by May.", "Plan: Ask."]  # fmt: skip


def test_key_figures_are_a_table_without_those_not_known(joined):
    [table] = [shape.table for shape in slides(joined)[1].shapes if shape.has_table]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Report", "Key figure", "Value"], ["Impact", "NPV", "EUR 1.20m"], ["Plan", "NPV", "EUR 1.20m"],
    ]  # fmt: skip


def test_copied_charts_have_a_workbook_of_their_own(joined):
    charts = [shape for slide in slides(joined) for shape in slide.shapes if shape.has_chart]
    assert len({shape.chart.part.partname for shape in charts}) == len(charts) == 4
    assert all("descr" in shape._element.xpath(".//p:cNvPr")[0].attrib for shape in charts)
    books = [name for name in zipfile.ZipFile(io.BytesIO(joined)).namelist() if name.endswith(".xlsx")]
    assert len(books) == len(charts)
    assert list(charts[0].chart.plots[0].categories)[:2] == ["Less scrap", "Price"]


def test_there_are_never_more_than_ten_slides(shown):
    own = deck([part for part in shown for _ in range(4)], HOSTILE, AS_OF)
    content = review_deck("Acme", "", [Report(str(place), own, FIGURES) for place in range(12)], AS_OF)
    assert len(slides(content)) == 10
    properties = pptx.Presentation(io.BytesIO(content)).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")
