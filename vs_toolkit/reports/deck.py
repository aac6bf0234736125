"""A review deck from what a report has shown: findings as titles, charts that can be edited."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from vs_toolkit.reports.html import tied
from vs_toolkit.reports.native import native, picture
from vs_toolkit.reports.parts import Part
from vs_toolkit.shipped import deck_template

LONG = 12  # characters of a figure that fit at full size
MOST = 10  # slides
BODY = (Inches(0.6), Inches(1.75), Inches(12.1), Inches(4.95))
HANGING = Inches(0.2)  # of a point
STEPS = "Next steps"
FOOT = "Foot"  # name of the line at the foot of a slide
SOFT = RGBColor(0x56, 0x56, 0x56)


def deck(parts: Iterable[Part], footer: str, as_of: date, template: Path | None = None) -> bytes:
    """Write a deck: an opening slide with the key figures, one slide per finding, decision and next steps.

    Parameters
    ----------
    parts
        What the report has shown, in order.
    footer
        Line at the foot of every slide: what it is about, as of when, for whom.
    as_of
        Day of the report; stands as the day of creation.
    template
        A 16:9 template of one's own with the layouts "Title Slide" and "Title Only"; None: the file that
        ``VS_DECK`` in the environment names, or ours.
    """
    given, show = list(parts), blank(template)
    _opening(show, given)
    for part in [part for part in given if part.kind == "chart"][: MOST - 2]:
        _finding(show, part, footer)
    _closing(show, given)
    return finished(show, footer, as_of)


def blank(template: Path | None) -> Any:
    """Open a template without slides: that of the caller, of ``VS_DECK`` in the environment, or ours."""
    return Presentation(str(template or deck_template()))


def finished(show: Any, footer: str, as_of: date) -> bytes:
    """Number the slides, leave nobody's name in the properties, and give the file."""
    for number, slide in enumerate(show.slides, 1):
        _foot(slide, footer, number)
    properties = show.core_properties
    properties.title, properties.author, properties.last_modified_by = footer, "", ""
    properties.created = properties.modified = datetime(as_of.year, as_of.month, as_of.day)
    target = io.BytesIO()
    show.save(target)
    return target.getvalue()


def _opening(show: Any, parts: Sequence[Part]) -> None:
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Slide"))
    eyebrow, name, *facts = _first(parts, "heading") or ("", "Report")
    slide.shapes.title.text = str(name)
    lead = _first(parts, "lead")
    subtitle = slide.placeholders[1].text_frame
    subtitle.text = tied(str(lead[0])) if lead else ""
    below = subtitle.add_paragraph()
    below.text = " · ".join(str(fact) for fact in (eyebrow, *facts) if fact)
    below.font.size, below.font.color.rgb = Pt(14), SOFT
    tiles = list(_first(parts, "tiles"))[:4]
    for place, (label, value, remark) in enumerate(tiles):
        width = Inches(12.1 / len(tiles))
        box = slide.shapes.add_textbox(
            Inches(0.6) + place * width, Inches(4.1), width, Inches(1.8)
        ).text_frame
        box.word_wrap = True
        large = 28 if len(str(value)) <= LONG else 22  # on one line
        for text, size, bold in ((label, 14, False), (value, large, True), (remark, 13, False)):
            _paragraph(box, str(text), size, bold=bold)


def _finding(show: Any, part: Part, footer: str) -> None:
    title, alt, drawing, fig = part.content
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = tied(title)
    if drawing is None or not native(slide.shapes, drawing, BODY):
        picture(slide.shapes, fig, BODY, f"{title}. {alt}".strip())
    else:
        slide.shapes[-1]._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {alt}".strip())
    slide.notes_slide.notes_text_frame.text = f"Source: {footer}"


def _closing(show: Any, parts: Sequence[Part]) -> None:
    decision, steps = _decided(parts)
    if not decision and not steps:
        return
    slide = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = tied(decision or STEPS)
    bullets(slide.shapes.add_textbox(*BODY).text_frame, steps[:8], 18)


def _decided(parts: Sequence[Part]) -> tuple[str, list[str]]:
    """Last decision that is asked for, and the list after it; if that is empty or absent, the last before."""
    asked = [place for place, part in enumerate(parts) if part.kind == "callout" and part.content[0]]
    asked = [place for place in asked if "decide" in parts[place].content] or asked
    last = asked[-1] if asked else -1
    lists = [(place, list(part.content[0])) for place, part in enumerate(parts) if part.kind == "listing"]
    after = next((items for place, items in lists if asked and place > last), [])
    before = [items for place, items in lists if items and not (asked and place > last)]
    steps = after or (before[-1] if before else [])
    return str(parts[last].content[0]) if asked else "", list(map(str, steps))


def bullets(box: Any, texts: Iterable[str], size: int) -> None:
    """Write texts as points below each other."""
    box.word_wrap = True
    for text in texts:
        paragraph = _paragraph(box, text, size, bold=False)
        paragraph.space_after = Pt(size / 2)
        looks = paragraph._p.get_or_add_pPr()
        looks.set("marL", str(HANGING))
        looks.set("indent", str(-HANGING))
        point = looks.makeelement(qn("a:buChar"), {"char": "•"})
        looks.find(qn("a:defRPr")).addprevious(point)  # PowerPoint repairs a file with another order


def _paragraph(box: Any, text: str, size: int, *, bold: bool) -> Any:
    paragraph = box.paragraphs[0] if not box.text else box.add_paragraph()
    paragraph.text = tied(text)
    paragraph.font.size, paragraph.font.bold = Pt(size), bold
    return paragraph


def _foot(slide: Any, footer: str, number: int) -> None:
    shape = slide.shapes.add_textbox(Inches(0.6), Inches(6.95), Inches(12.1), Inches(0.35))
    shape.name, box = FOOT, shape.text_frame
    box.word_wrap = True
    box.text = f"{footer}   {number}"
    box.paragraphs[0].font.size, box.paragraphs[0].font.color.rgb = Pt(10), SOFT


def _first(parts: Sequence[Part], kind: str) -> Sequence[Any]:
    return next((part.content for part in parts if part.kind == kind), ())
