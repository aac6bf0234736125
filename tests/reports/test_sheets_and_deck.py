"""What a report has shown, as sheets with numbers and slides with charts that can be edited."""

import io
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest

from vs_toolkit import charts, reports
from vs_toolkit.charts import forms
from vs_toolkit.reports import parts
from vs_toolkit.reports.deck import deck
from vs_toolkit.reports.sheets import sheets
from vs_toolkit.shipped import shipped
from vs_toolkit.tables import Column, Table

pptx = pytest.importorskip("pptx")
AS_OF = date(2026, 6, 30)
HOSTILE = "=HYPERLINK(1) [x]"


def chart(form, *data, **options):
    fig, ax = charts.figure()
    getattr(forms, form)(ax, *data, **options)
    reports.figure(fig)


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setenv(parts.FORMATS, "xlsx pptx")
    monkeypatch.setattr(parts, "_shown", [])
    reports.heading("Business impact", HOSTILE, "as of 30 Jun 2026")
    reports.lead("It pays.")
    reports.tiles(("NPV", "EUR 1.20m", "over 5 years"))
    frame = pd.DataFrame(
        {"amount": [1250.5, -40.0], "rate": [0.25, None], "low": [0.2, None], "high": [0.3, None],
         "day": [AS_OF, None], "who": [HOSTILE, "B"]},
        index=[HOSTILE, "Total"],
    )  # fmt: skip
    columns = (
        Column("Value", "amount", "EUR"), Column("Rate", "rate", "share"),
        Column("80%", "low", "share", "high"), Column("Day", "day"), Column("Who", "who"),
    )  # fmt: skip
    reports.table(Table(frame, columns, "Cash: flow/2026?", strong=("Total",)))
    reports.table(Table(frame, columns, "cash flow 2026"))
    chart("bridge", pd.Series({"Less scrap": 300.0, "Price": -420.0}), "EUR", title="It does not pay")
    chart("bars", pd.Series({"A": 3.0, "B": None}), "EUR", title="A is larger")
    chart("scatter", pd.DataFrame({"x": [1.0], "y": [2.0]}), title="One", x_label="x", y_label="y")
    reports.callout("Decide by May.", "decide")
    reports.listing(["Ask."])
    return parts.shown()


def test_numbers_are_numbers_and_text_stays_text(shown):
    book = openpyxl.load_workbook(io.BytesIO(sheets(shown, "Report", AS_OF)))
    assert book.sheetnames == ["About", "Cash flow 2026", "cash flow 2026 (2)"]
    sheet = book["Cash flow 2026"]
    assert [cell.value for cell in sheet[3]] == [
        None, "Value, EUR", "Rate", "80%, low", "80%, high", "Day", "Who",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[4]][1:5] == [1250.5, 0.25, 0.2, 0.3]
    assert sheet["C4"].number_format == "0.0%" and sheet["F4"].value.date() == AS_OF
    assert sheet["A4"].data_type == sheet["G4"].data_type == "s" and sheet["G4"].value == HOSTILE
    assert [cell.value for cell in sheet[5]][2:6] == ["–"] * 4  # what is not known is no zero
    assert sheet["A5"].font.bold


def test_words_stand_left_of_their_column_and_figures_right(shown):
    sheet = openpyxl.load_workbook(io.BytesIO(sheets(shown, "Report", AS_OF)))["Cash flow 2026"]
    sides = [(cell.alignment.horizontal, cell.alignment.indent) for cell in (sheet["B4"], sheet["G4"])]
    assert sides == [("right", 0), ("left", 1)]
    assert [sheet[cell].alignment.horizontal for cell in ("B3", "G3", "C5")] == ["right", "left", "right"]


def test_a_gap_in_a_column_of_words_stands_left_and_a_head_is_not_broken_in_a_word(shown):
    frame = pd.DataFrame({"who": ["Acme", None], "share": [0.1, 0.2]}, index=["A", "B"])
    parts._shown.clear()
    columns = Column("Who", "who"), Column("Recommended", "share", "share")
    reports.table(Table(frame, columns, "Gaps"))
    sheet = openpyxl.load_workbook(io.BytesIO(sheets(parts.shown(), "Report", AS_OF)))["Gaps"]
    assert sheet["A4"].alignment.wrap_text  # a long name is not cut off
    assert sheet["B5"].value == "–" and sheet["B5"].alignment.horizontal == "left"
    assert sheet.column_dimensions["C"].width > len("Recommended")


def test_the_first_sheet_has_room_for_the_longest_remark(shown):
    parts._shown.clear()
    reports.tiles(("Value", "75", "100% of the weight answered; 78 at the last review of the customer"))
    sheet = openpyxl.load_workbook(io.BytesIO(sheets(parts.shown(), "Report", AS_OF)))["About"]
    assert sheet.row_dimensions[1].height == 30  # 66 characters in a column of 40: two lines of 15 points


def test_equal_reports_give_equal_bytes(shown):
    assert sheets(shown, "Report", AS_OF) == sheets(shown, "Report", AS_OF)


def test_findings_are_titles_and_charts_can_be_edited(shown):
    show = pptx.Presentation(io.BytesIO(deck(shown, "Acme · as of 30 Jun 2026", AS_OF)))
    slides = list(show.slides)
    assert [slide.shapes.title.text for slide in slides] == [
        HOSTILE, "It does not pay", "A is larger", "One", "Decide by May.",
    ]  # fmt: skip
    assert [any(shape.has_chart for shape in slide.shapes) for slide in slides] == [
        False,
        True,
        True,
        False,
        False,
    ]
    bridge = next(shape.chart for shape in slides[1].shapes if shape.has_chart)
    base, above, below, _ = (list(series.values) for series in bridge.plots[0].series)
    # 300, then down by 420 from 300 to -120, then the total -120: no bar floats above its base
    assert (base, above, below) == ([0, 0, 0], [300, 300, 0], [0, -120, -120])
    labels = list(bridge.plots[0].series)[-1]
    texts = [labels.points[place].data_label.text_frame.text for place in range(3)]
    assert texts == ["300", "−420", "−120"]  # beside the bars: in one as narrow as its number none is read
    assert all(
        "descr" in (shape._element.xpath(".//p:cNvPr")[0].attrib)
        for shape in slides[1].shapes
        if shape.has_chart
    )


def numbers_of_bridge(*steps):
    """Labels of a bridge of these steps and their total."""
    parts._shown.clear()
    chart("bridge", pd.Series(dict(zip("ABC", steps, strict=False))), "EUR", title="One")
    show = pptx.Presentation(io.BytesIO(deck(parts.shown(), "Acme", AS_OF)))
    bridge = next(shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart)
    points = list(bridge.plots[0].series)[-1].points
    return [points[place].data_label.text_frame.text for place in range(len(steps) + 1)]


def test_the_numbers_of_a_chart_have_one_precision(shown):
    assert numbers_of_bridge(205.0, 8.78, -95.0) == ["205", "9", "−95", "119"]
    assert numbers_of_bridge(2.5, -0.5) == ["2.50", "−0.50", "2.00"]


def test_stacked_bars_can_be_edited_too(shown):
    parts._shown.clear()
    sales = pd.DataFrame({"good": [2e6, 3e6], "bad": [1e6, None]}, index=["2025", "2026"])
    chart("bars", sales, "EUR", title="Good money")
    show = pptx.Presentation(io.BytesIO(deck(parts.shown(), "Acme", AS_OF)))
    [own] = [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]
    assert own.chart_type == pptx.enum.chart.XL_CHART_TYPE.BAR_STACKED
    assert {series.name: list(series.values) for series in own.plots[0].series} == {
        "good": [2000, 3000], "bad": [1000, None],
    }  # fmt: skip


def closing(*lists):
    """Title and points of the last slide: lists before a decision, the decision (None), lists after it."""
    parts._shown.clear()
    reports.lead("It pays.")
    for items in lists:
        reports.callout("Decide EUR 5 now.", "decide") if items is None else reports.listing(items)
    last = list(pptx.Presentation(io.BytesIO(deck(parts.shown(), "Acme", AS_OF))).slides)[-1]
    box = next(shape for shape in last.shapes if not shape.is_placeholder)
    order = [element.tag.partition("}")[2] for element in box.text_frame.paragraphs[0]._p.pPr]
    assert order == ["spcAft", "buChar", "defRPr"]  # as the schema has them
    return last.shapes.title.text, box.text_frame.text.split("\n")


def test_the_next_steps_are_the_list_after_the_decision_or_what_it_rests_on(shown):
    title = "Decide EUR\xa05 now."  # the amount stays on one line
    assert closing(["Why"], None, ["Ask", "Go"], ["Method"]) == (title, ["Ask", "Go"])
    assert closing(["Other"], ["Why"], None, [], ["Method"]) == (title, ["Why"])
    assert closing(["Other"], ["Why"], None) == (title, ["Why"])


def test_negative_numbers_of_charts_have_a_true_minus(shown):
    show = pptx.Presentation(io.BytesIO(deck(shown, "Acme", AS_OF)))
    bars = next(shape.chart for shape in show.slides[2].shapes if shape.has_chart)
    assert bars.plots[0].data_labels.number_format == "#,##0;−#,##0"


def test_nobody_is_named_in_the_properties_of_a_deck(shown):
    content = deck(shown, "Acme", AS_OF)
    show = pptx.Presentation(io.BytesIO(content)).core_properties
    assert (show.author, show.last_modified_by, show.created.date()) == ("", "", AS_OF)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "thumbnail" in name or "printerSettings" in name]


def test_nothing_is_kept_where_nobody_asks(monkeypatch):
    monkeypatch.delenv(parts.FORMATS, raising=False)
    monkeypatch.setattr(parts, "_shown", [])
    reports.lead("It pays.")
    assert parts.shown() == ()


def test_a_deck_has_at_most_ten_slides(shown):
    many = [part for part in shown for _ in range(6)]
    assert len(pptx.Presentation(io.BytesIO(deck(many, "Acme", AS_OF))).slides) == 10


def test_a_company_brings_its_own_template(shown, monkeypatch, tmp_path):
    own = pptx.Presentation(str(shipped("templates", "deck", "review.pptx")))
    own.slide_width = own.slide_width // 2
    own.save(tmp_path / "company.pptx")
    monkeypatch.setenv("VS_DECK", str(tmp_path / "company.pptx"))
    made = pptx.Presentation(io.BytesIO(deck(shown, "Acme", AS_OF)))
    assert made.slide_width == own.slide_width
