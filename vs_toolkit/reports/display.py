"""What a cell of a notebook shows besides tables: head, sentences, tiles, callouts and figures.

Matplotlib is loaded by the first figure only: a batch does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from IPython.display import HTML

from vs_toolkit.reports.html import around, element, html, lab_style, tied
from vs_toolkit.reports.parts import note, noted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vs_toolkit.charts.style import Size

P = ParamSpec("P")


@noted("heading")
def heading(eyebrow: str, name: str, *facts: str) -> HTML:
    """Head of a report: what it is, what it is about, and facts in a line below.

    The look of the parts in JupyterLab comes with it; a page has its own.

    >>> heading("Business impact", "Yield & stock", "Acme").data.removeprefix(lab_style())[18:]
    '<p class="eyebrow">Business impact</p><h1>Yield &amp; stock</h1><p>Acme</p></div>'
    """
    line = element("p", " · ".join(fact for fact in facts if fact))
    inner = element("p", eyebrow, class_="eyebrow") + element("h1", name) + line
    return html(lab_style() + around("div", inner, class_="head"))


@noted("text")
def text(*paragraphs: str) -> HTML:
    """Write sentences that depend on the numbers; empty paragraphs are left out.

    >>> text("More & better.", "").data
    '<p>More &amp; better.</p>'
    """
    return html("".join(element("p", tied(paragraph)) for paragraph in paragraphs if paragraph))


def section(*parts: HTML) -> HTML:
    """Join parts into one output: each output is a message of its own, which takes longer than its text.

    >>> section(lead("It pays."), text("For all.")).data.splitlines()
    ['<p class="lead">It pays.</p>', '<p>For all.</p>']
    """
    return html("\n".join(str(part.data) for part in parts))


def first_page(*parts: HTML) -> HTML:
    """Join parts of a first page into one output, set smaller on paper, so that one sheet holds them.

    >>> first_page(text("All of it.")).data
    '<div class="first-page"><p>All of it.</p></div>'
    """
    return html(around("div", section(*parts).data, class_="first-page"))


def columns(*parts: HTML) -> HTML:
    """Set parts beside each other on a page; below each other on a phone and in JupyterLab.

    >>> columns(text("Theirs."), text("Ours.")).data
    '<div class="columns"><div><p>Theirs.</p></div><div><p>Ours.</p></div></div>'
    """
    return html(around("div", "".join(around("div", str(part.data)) for part in parts), class_="columns"))


@noted("lead")
def lead(sentence: str) -> HTML:
    """Write the sentence that everything else explains.

    >>> lead("It pays.").data
    '<p class="lead">It pays.</p>'
    """
    return html(element("p", tied(sentence), class_="lead"))


@noted("listing")
def listing(items: Iterable[str], empty: str = "") -> HTML:
    """Write a list, or the sentence ``empty`` where there is nothing to list.

    >>> listing(["a", "<b>"]).data, listing([], "Nothing is missing.").data
    ('<ul><li>a</li><li>&lt;b&gt;</li></ul>', '<p>Nothing is missing.</p>')
    """
    rows = "".join(element("li", tied(item)) for item in items)
    return html(around("ul", rows)) if rows else text(empty)


@noted("callout")
def callout(message: str, kind: str = "note") -> HTML:
    """Set one message apart: ``note``, ``good``, ``warning`` or ``decide``; nothing to say shows nothing.

    >>> callout("Decide by May.", "decide").data
    '<blockquote class="callout decide"><p>Decide by May.</p></blockquote>'
    """
    inner = element("p", tied(message))
    return html(around("blockquote", inner, class_=f"callout {kind}") if message else "")


@noted("model")
def live_model(own: object, edition: str) -> HTML:
    """Put a case, or the study of a plan or pipeline, as a live model into the workbook of the report.

    Nothing shows on the page.

    >>> live_model(None, "customer").data
    ''
    """
    return html("")


@noted("tiles")
def tiles(*facts: tuple[str, str, str]) -> HTML:
    """Show up to four key figures side by side, each as (label, value, note).

    >>> "Worth</span> <strong>EUR" in tiles(("Worth", "EUR 1.20m", "over 5 years")).data
    True
    """
    return html(around("ul", "".join(map(_tile, facts)), class_="tiles"))


def _tile(fact: tuple[str, str, str]) -> str:
    label, value, note = fact
    parts = (
        element("span", label, class_="label"),
        element("strong", tied(value)),
        element("span", tied(note), class_="note") if note else "",
    )
    return around("li", " ".join(part for part in parts if part))


def figure(fig: Figure, alt: str = "") -> HTML:
    """Show a figure as inline SVG; its title becomes the caption, and ``alt`` says what else is drawn.

    A figure on which nothing is drawn shows its title alone, which says why.

    >>> from vs_toolkit.charts import figure as new
    >>> fig, ax = new()
    >>> _ = ax.set_title("Value > cost", loc="left")
    >>> figure(fig, "Bars of 3 and 2.").data[:67]
    '<figure><figcaption>Value &gt; cost</figcaption><svg role="img" ari'
    """
    from vs_toolkit.charts.drawing import drawing_of
    from vs_toolkit.charts.svg import svg, title

    finding = title(fig)
    if not any(ax.axison for ax in fig.axes):
        return text(f"{finding.rstrip('.')}.")
    note("chart", finding, alt, drawing_of(fig.axes[0]), fig)
    spoken = ". ".join(part.rstrip(".") for part in (finding, alt) if part)
    caption = element("figcaption", tied(finding)) if finding else ""
    drawing = svg(fig).replace("<svg", f'<svg role="img" aria-label="{escape(spoken)}."', 1)
    return html(around("figure", caption + drawing))


def chart(draw: Callable[Concatenate[Axes, P], Axes], size: Size, *args: P.args, **options: P.kwargs) -> HTML:
    """Show what ``draw`` draws on a new figure of the given size in inches: height, or width and height.

    >>> "<svg" in chart(lambda ax, days: ax.axhline(days).axes, 2.0, 5).data
    True
    """
    from vs_toolkit.charts import drawn

    return figure(drawn(draw, size, *args, **options))
