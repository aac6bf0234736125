"""What the pages beside the reports share: templates, styles, and hashes that let nothing else in."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from urllib.parse import quote

import jinja2

from vs_toolkit import formats
from vs_toolkit.reports.changes import Result
from vs_toolkit.shipped import shipped
from vs_toolkit.texts import only_text

ORDER = (
    "customer_plan", "business_impact", "relationship_npv", "account_review", "sales_metrics",
    "funnel_calibration", "customer_portfolio", "relationship_allocation", "operating_model",
)  # fmt: skip


def page(template: str, **content: object) -> str:
    """Fill a template of ``templates/report``; everything that comes from data is escaped."""
    return only_text(_environment().get_template(template).render(content))


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(shipped("templates", "report"))
    env = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "written": _written,
        "change": lambda result: (
            formats.difference(result.change, result.unit) if result else formats.MISSING
        ),
        "sort_key": lambda number: "" if number is None else repr(float(number)),
        "title_of": title_of,
        "day": lambda text: formats.day(date.fromisoformat(text)),
        "link": link,
        "file": lambda href: href.rpartition("/")[2],
        "number": formats.number,
        "number_of": lambda count, noun: f"{formats.number(count)} {noun}{'s' * (count != 1)}",
    }
    return env


@cache
def asset(*names: str) -> str:
    """Text of style sheets or scripts, joined."""
    return "".join(shipped("templates", "report", name).read_text(encoding="utf-8") for name in names)


def in_order(notebook: str) -> tuple[int, str]:
    """Place of a notebook where reports stand side by side: ours as they are read, then others by name.

    >>> sorted(["sales_metrics", "mine", "business_impact", "customer_plan"], key=in_order)
    ['customer_plan', 'business_impact', 'sales_metrics', 'mine']
    """
    return ORDER.index(notebook) if notebook in ORDER else len(ORDER), notebook


def title_of(notebook: str) -> str:
    """Name of a notebook as a reader would write it.

    >>> title_of("business_impact"), title_of("relationship_npv")
    ('Business impact', 'Relationship NPV')
    """
    return re.sub(r"\bnpv\b", "NPV", notebook.replace("_", " ").capitalize(), flags=re.IGNORECASE)


def link(href: str) -> str:
    """Write a relative link that stays one, whatever the name of the folder.

    >>> link("javascript:alert(1)")
    './javascript%3Aalert%281%29'
    """
    return "./" + quote(href.replace("\\", "/"), safe="/")


def _written(result: Result | None) -> str:
    return formats.MISSING if result is None else formats.measured(result.value, result.unit)
