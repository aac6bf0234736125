"""A review deck: one deck per customer, joined from those of its reports; charts stay editable."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.parts.chart import ChartPart
from pptx.util import Inches, Pt

from vs_toolkit import formats
from vs_toolkit.reports.deck import BODY, FOOT, MOST, STEPS, blank, bullets, finished

FIGURES = 10  # rows of the table of key figures
LINES = 10  # of the closing slide
OTHERS = 3  # slides that are no exhibit: the cover, the key figures, decisions and next steps


@dataclass(frozen=True)
class Report:
    """A report of the customer: its topic, its deck, and the key figures that the index has."""

    topic: str
    deck: bytes
    figures: Mapping[str, Mapping[str, Any]]

    @cached_property
    def slides(self) -> list[Any]:
        """Slides of its deck: the opening, one per finding, the closing if there is one."""
        return list(Presentation(io.BytesIO(self.deck)).slides)

    @property
    def lead(self) -> str:
        """Sentence that sums it up."""
        return str(self.slides[0].placeholders[1].text_frame.paragraphs[0].text)

    @property
    def exhibits(self) -> list[Any]:
        """Slides with a chart or a picture."""
        return [slide for slide in self.slides[1:] if any(map(_is_exhibit, slide.shapes))]

    @property
    def closing(self) -> Any | None:
        """Slide with the decision and the next steps."""
        last = self.slides[-1]
        return None if len(self.slides) == 1 or any(map(_is_exhibit, last.shapes)) else last


def review_deck(
    customer: str, facts: str, reports: Sequence[Report], as_of: date, template: Path | None = None
) -> bytes:
    """Join the decks of a customer's reports into one of at most ten slides.

    A cover with the sentence of each report, their key figures as a table, exhibits in turn, each report's
    first one first, and a closing slide with decisions and next steps.

    Parameters
    ----------
    customer, facts
        Name, and what stands at the foot of every slide: as of when, for whom.
    reports
        At least one, the most important first.
    as_of
        Day of the newest; stands as the day of creation.
    template
        See :func:`vs_toolkit.reports.deck.deck`.
    """
    show = blank(template)
    _cover(show, customer, facts, reports)
    _key_figures(show, reports)
    closings = [(own.topic, own.closing) for own in reports if own.closing]
    turns = zip_longest(*(own.exhibits for own in reports))
    exhibits = [slide for turn in turns for slide in turn if slide]
    for slide in exhibits[: MOST - OTHERS]:
        _copy(show, slide)
    if closings:
        _closing(show, closings)
    return finished(show, f"{customer} · {facts}", as_of)


def _cover(show: Any, customer: str, facts: str, reports: Sequence[Report]) -> None:
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Slide"))
    slide.shapes.title.text = customer
    below = slide.placeholders[1].text_frame
    below.text = facts
    left, _, width, _ = BODY
    box = slide.shapes.add_textbox(left, Inches(2.6), width, Inches(4.2)).text_frame
    bullets(box, [f"{own.topic}: {own.lead}" for own in reports if own.lead][:5], 16)


def _key_figures(show: Any, reports: Sequence[Report]) -> None:
    rows = list(_chosen(reports))
    if not rows:
        return
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = "Key figures"
    left, top, width, _ = BODY
    frame = slide.shapes.add_table(len(rows) + 1, 3, left, top, width, Inches(0.42) * (len(rows) + 1))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", "Key figures of all reports")
    table = frame.table
    for column, part in enumerate((0.3, 0.48, 0.22)):
        table.columns[column].width = int(width * part)
    for row, texts in enumerate((("Report", "Key figure", "Value"), *rows)):
        for column, text in enumerate(texts):
            cell = table.cell(row, column)
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(14)
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if column == 2 else PP_ALIGN.LEFT


def _chosen(reports: Sequence[Report]) -> Iterator[tuple[str, str, str]]:
    """Key figures of each report, as many of each as there is room for; what is not known is left out."""
    each = max(FIGURES // len(reports), 1)
    for own in reports[:FIGURES]:
        known = [figure for figure in own.figures.values() if figure["value"] is not None]
        for figure in known[:each]:
            yield own.topic, figure["label"], formats.measured(figure["value"], figure["unit"])


def _closing(show: Any, closings: Sequence[tuple[str, Any]]) -> None:
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = "Decisions and next steps"
    told = [text for topic, own in closings for text in _told(topic, own, max(LINES // len(closings), 1))]
    bullets(slide.shapes.add_textbox(*BODY).text_frame, told[:LINES], 16)


def _told(topic: str, own: Any, most: int) -> list[str]:
    """Decision that a report asks for and its first steps."""
    boxes = [shape for shape in own.shapes if not shape.is_placeholder and shape.name != FOOT]
    steps = [paragraph.text for box in boxes for paragraph in box.text_frame.paragraphs]
    title = own.shapes.title.text
    told = [*([] if title == STEPS else [title]), *filter(None, steps)]
    return [f"{topic}: {text}" for text in told[:most]]


def _is_exhibit(shape: Any) -> bool:
    return bool(shape.has_chart) or hasattr(shape, "image")


def _copy(show: Any, own: Any) -> None:
    """Copy the slide of an exhibit with its title, chart or picture, and notes."""
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = own.shapes.title.text
    for shape in filter(_is_exhibit, own.shapes):
        element = deepcopy(shape._element)
        slide.shapes._spTree.append(element)
        if shape.has_chart:
            part = _chart(slide.part.package, shape.chart.part)
            place = element.xpath(".//c:chart")[0]
            place.set(qn("r:id"), slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART))
        else:
            _, place = slide.part.get_or_add_image_part(io.BytesIO(shape.image.blob))
            element.xpath(".//a:blip")[0].set(qn("r:embed"), place)
    slide.notes_slide.notes_text_frame.text = own.notes_slide.notes_text_frame.text


def _chart(package: Any, own: Any) -> Any:
    """Copy a chart into another deck, with the workbook that its numbers are edited in."""
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(name, own.content_type, package, own.blob)
    for link in part._element.xpath("c:externalData"):
        part._element.remove(link)
    part.chart_workbook.update_from_xlsx_blob(own.chart_workbook.xlsx_part.blob)
    return part
