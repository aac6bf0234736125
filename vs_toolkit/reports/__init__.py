"""What goes out: the pieces a notebook shows, the page it becomes, its editions, what joins many reports."""

from vs_toolkit.reports.colophon import colophon
from vs_toolkit.reports.display import (
    callout,
    chart,
    columns,
    figure,
    first_page,
    heading,
    lead,
    listing,
    live_model,
    section,
    text,
    tiles,
)
from vs_toolkit.reports.editions import cut_for_edition
from vs_toolkit.reports.key_figures import key_figures, read_key_figures
from vs_toolkit.reports.render import render_html
from vs_toolkit.reports.table import table

__all__ = [
    "callout", "chart", "colophon", "columns", "cut_for_edition", "figure", "first_page", "heading",
    "key_figures", "lead", "listing", "live_model", "read_key_figures", "render_html", "section", "table",
    "text", "tiles",
]  # fmt: skip
